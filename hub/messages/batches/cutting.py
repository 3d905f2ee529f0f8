"""Pages cut out of their file: what one child could not do, another tries once more, one by one."""

from collections.abc import Sequence

from hub.messages.sandbox.pool import Pool


def cut(pool: Pool, data: bytes, groups: Sequence[Sequence[int]]) -> list[bytes | None]:
    """One PDF for each group of pages (from 0); None for what cannot be cut out at all."""
    found = pool.cut(data, groups)
    for n, one in enumerate(found):
        if one is None:
            found[n] = pool.cut(data, [groups[n]])[0]
            if found[n] is None:
                break  # it is the document, not a child that was killed
    return found
