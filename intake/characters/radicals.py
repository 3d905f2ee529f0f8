"""The 214 radicals (部首): number to character, and the number of any form of one."""

import unicodedata
from functools import cache
from typing import Final

from intake.characters.errors import CharacterError

COUNT: Final = 214
_FIRST: Final = 0x2F00
_FORMS: Final = {
    9: "亻𠆢⺅",
    10: "儿",
    12: "丷",
    18: "刂⺉",
    26: "㔾⺋",
    42: "⺌⺍",
    47: "川巛",
    58: "彑⺕⺔",
    61: "忄㣺⺖⺗",
    64: "扌⺘",
    66: "攵⺙",
    71: "旡无",
    74: "月",
    77: "歩",
    78: "歺⺞",
    80: "母毋",
    85: "氵氺⺡⺢",
    86: "灬⺣",
    87: "爫⺤",
    90: "丬",
    93: "牜⺧",
    94: "犭⺨",
    96: "王⺩",
    113: "礻⺭",
    114: "禸",
    118: "⺮",
    120: "糹⺯",
    122: "罒⺲⺫",
    123: "⺶⺷",
    125: "耂⺹",
    129: "聿⺺",
    130: "⺼",
    134: "臼",
    140: "艹⺾⺿䒑",
    141: "虍",
    145: "衤⻂",
    146: "西覀⻃",
    149: "訁",
    157: "⻊",
    162: "辶⻌⻍⻎",
    163: "⻏",
    167: "釒",
    168: "镸",
    170: "⻖",
    173: "⻗",
    174: "青",
    176: "面",
    181: "頁",
    184: "飠⻞⻟⻠食",
    199: "麦",
    201: "黄",
    203: "黒",
    211: "歯",
    212: "竜",
    213: "亀⻱",
}
"""Forms that a radical takes at its place in a character; ⻏ is on the right, ⻖ on the left."""


def character(number: int) -> str:
    """Give the character of radical `number`, 1-214."""
    if not 1 <= number <= COUNT:
        raise CharacterError("a radical is a number from 1 to 214")
    return unicodedata.normalize("NFKC", chr(_FIRST + number - 1))


def number_of(text: str) -> int:
    """Give the number of a radical: its number in digits, its character, or one of its forms.

    CharacterError for anything else; 阝 alone is ambiguous: ⻏ (163) or ⻖ (170) is asked for.
    """
    if text.isdecimal():
        value = int(text)
        character(value)
        return value
    if text == "阝":
        raise CharacterError("阝 is two radicals: give 163 (右, 邑) or 170 (左, 阜)")
    number = _by_character().get(text) or _by_character().get(unicodedata.normalize("NFKC", text))
    if number is None:
        raise CharacterError("no such radical: give its number from 1 to 214, or its character")
    return number


@cache
def _by_character() -> dict[str, int]:
    forms = {form: number for number, each in _FORMS.items() for form in each}
    return {**forms, **{character(number): number for number in range(1, COUNT + 1)}}
