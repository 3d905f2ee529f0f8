"""What characters are made of: which of them hold a component, in however many steps."""

import unicodedata
from functools import cache, lru_cache
from typing import Final

from intake.characters.data_file import unpacked

_SAME_PART: Final = {
    "⺡": "氵", "⺮": "竹", "⻌": "辶", "⻍": "辶", "⻎": "辶", "⻏": "阝", "⻖": "阝", "⺅": "亻",
    "⺘": "扌", "⺖": "忄", "⺾": "艹", "⺿": "艹", "⻀": "艹", "⺣": "灬", "⺉": "刂", "⺨": "犭",
    "⺭": "礻", "⻂": "衤", "⺍": "𭕄", "⻗": "雨", "⻞": "飠", "⻟": "飠", "⻠": "飠",
}  # fmt: skip
"""Forms of radicals (CJK Radicals Supplement) and the character the descriptions write for them."""


@cache
def _stands_in() -> dict[str, str]:
    rows = unpacked("components.tsv.xz").decode().splitlines()
    return dict(row.split("\t") for row in rows)


def is_component(part: str) -> bool:
    """Whether any character has `part` as a component."""
    return _plain(part) in _stands_in()


@lru_cache(maxsize=2)
def characters_with(part: str) -> frozenset[str]:
    """All characters that hold `part`, itself included, in however many steps.

    氵 is not 水 here: a component counts as it is written. Empty when nothing has it.
    """
    table = _stands_in()
    plain = _plain(part)
    if plain not in table:
        return frozenset()
    found, waiting = {plain}, [plain]
    while waiting:
        fresh = set(table.get(waiting.pop(), "")) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)


def _plain(part: str) -> str:
    if "⼀" <= part <= "⿕":
        return unicodedata.normalize("NFKC", part)
    return _SAME_PART.get(part, part)
