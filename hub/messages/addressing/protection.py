"""Which pages are a protected person's, or may be: a person always looks at these."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hub.messages.addressing.comparing import plain
from hub.messages.addressing.grouping import Doubt, Group


@dataclass(frozen=True)
class Said:
    """Pages of one group, with every number and every name on them."""

    group: Group
    numbers: Collection[str]
    names: Collection[str]


def of_protected(
    said: Sequence[Said], listed: Collection[str], numbers: Collection[str], names: Collection[str]
) -> frozenset[tuple[int, ...]]:
    """The groups, by their pages, that bear a protected number, or may be a protected person's.

    listed: numbers of the list, which say alone whose pages are; without one of them, a protected
    name or pages of a protected person before make them theirs. numbers, names: the protected.
    """
    hidden = {plain(name) for name in names}
    found: set[tuple[int, ...]] = set()
    behind = False
    for one in said:
        clear = len(one.numbers) == 1 and set(one.numbers) <= set(listed)
        loose = {Doubt.NO_NUMBER, Doubt.NO_FIRST_PAGE} & set(one.group.doubts)
        perhaps = bool({plain(name) for name in one.names} & hidden) or (behind and bool(loose))
        behind = bool(set(one.numbers) & set(numbers)) or (perhaps and not clear)
        if behind:
            found.add(one.group.pages)
    return frozenset(found)
