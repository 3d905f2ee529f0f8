"""What the list says of a person against what their pages say."""

from collections.abc import Callable, Collection

from hub.messages.addressing.addressees import Addressee
from hub.messages.addressing.grouping import Doubt

Same = Callable[[str, str], bool]
"""Whether a name of the list and a printed one, both without white space, are one name."""


def plain(name: str) -> str:
    """A name for comparison: white space does not count, nothing else is folded."""
    return "".join(name.split())


def differences(
    person: Addressee, names: Collection[str], address: str | None, same: Same
) -> list[Doubt]:
    """What differs. names: every name on the pages; address: the printed one, where there is one.

    Pages without any name differ too: a number alone does not say that they are the person's.
    """
    found: list[Doubt] = []
    if not names or not all(same(plain(person.name), plain(name)) for name in names):
        found.append(Doubt.NAME_DIFFERS)
    if person.address and address is not None and plain(address) not in plain(person.address):
        found.append(Doubt.ADDRESS_DIFFERS)
    return found
