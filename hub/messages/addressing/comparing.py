"""What the list says of a person against what their pages say."""

import re
from collections.abc import Callable, Collection
from typing import Final

from hub.messages.addressing.addressees import Addressee
from hub.messages.addressing.grouping import Doubt

DIGIT: Final = "0-9０-９"
KANJI_DIGIT: Final = "〇一二三四五六七八九十百千"
HYPHEN: Final = "-－‐‑−–—ーの"
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
    if person.address and address is not None and not stands_in(address, person.address):
        found.append(Doubt.ADDRESS_DIFFERS)
    return found


def stands_in(printed: str, listed: str) -> bool:
    """Whether a printed address stands in the list's, not ending or beginning within a number.

    White space counts only between numbers: 6-3-2 101 is lot 6-3-2, and 6-3-2101 is another.
    """
    wanted = plain(printed)
    if not wanted:
        return True
    before = rf"(?<![{DIGIT}])(?<![{DIGIT}][{HYPHEN}])" if re.match(f"[{DIGIT}]", wanted) else ""
    after = rf"(?![{HYPHEN}]?[{DIGIT}])"
    if wanted[0] in KANJI_DIGIT:
        before += f"(?<![{KANJI_DIGIT}])"
    if wanted[-1] in KANJI_DIGIT:
        after += f"(?![{KANJI_DIGIT}])"
    spread = r"\s*".join(map(re.escape, wanted))
    return re.search(before + spread + after, listed) is not None
