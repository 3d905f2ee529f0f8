"""The only rewriting of text: radicals that a font of a PDF put in the place of characters.

Subset fonts map 日 and its radical ⽇ to one glyph, and the producer writes the wrong one of the
two into /ToUnicode. Names are never normalised: NFC alone rewrites 神, 塚 and 羽 of a name.
"""

import unicodedata
from typing import Final

KANGXI: Final = range(0x2F00, 0x2FD6)
SUPPLEMENT: Final = {
    0x2E83: "乚", 0x2E85: "亻", 0x2E89: "刂", 0x2E94: "彑", 0x2E97: "㣺", 0x2E9E: "歺",
    0x2EA6: "丬", 0x2EB2: "罒", 0x2ECF: "阝",
    0x2E88: "刀", 0x2E8A: "卜", 0x2E92: "巳", 0x2E93: "幺", 0x2E96: "忄", 0x2E98: "扌",
    0x2E99: "攵", 0x2E9B: "旡", 0x2E9F: "母", 0x2EA0: "民", 0x2EA1: "氵", 0x2EA3: "灬",
    0x2EA8: "犭", 0x2EA9: "王", 0x2EAC: "示", 0x2EAD: "礻", 0x2EAF: "糹", 0x2EB8: "羊",
    0x2EB9: "耂", 0x2EBA: "肀", 0x2EBD: "臼", 0x2EBE: "艹", 0x2EBF: "艹", 0x2EC0: "艹",
    0x2EC1: "虎", 0x2EC2: "衤", 0x2EC3: "覀", 0x2EC4: "西", 0x2EC6: "角", 0x2EC8: "讠",
    0x2ECA: "足", 0x2ECC: "辶", 0x2ECD: "辶", 0x2ED1: "長", 0x2ED2: "镸", 0x2ED6: "阝",
    0x2ED7: "雨", 0x2ED8: "青", 0x2EDD: "食", 0x2EDE: "食", 0x2EDF: "飠", 0x2EE1: "首",
    0x2EE3: "骨", 0x2EE4: "鬼", 0x2EE8: "麦", 0x2EE9: "黄", 0x2EEB: "斉", 0x2EED: "歯",
    0x2EEF: "竜", 0x2EF2: "亀", 0x2EF3: "龟",
}  # fmt: skip
"""CJK radicals supplement that stand for one character beyond doubt (Unicode EquivalentUnified)."""

FOLD: Final = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in KANGXI},
    **SUPPLEMENT,
    0x2F3E: "戸",
    0x2FCA: "黒",
}
"""Japanese fonts draw ⼾ and ⿊ with the glyph of 戸 and 黒, not of 戶 and 黑."""


PRESENTED: Final = frozenset(map(chr, (*range(0xFB00, 0xFB07), *range(0xFE10, 0xFE50))))


def fold_radicals(text: str) -> str:
    """Text with Kangxi and CJK radicals as the characters they were; nothing else changes."""
    return text.translate(FOLD)


def is_private(character: str) -> bool:
    """Whether a character has no meaning outside the system that drew it (private use)."""
    code = ord(character)
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000


def is_control(character: str) -> bool:
    """Whether it is a control character, which nothing draws; white space is none."""
    return unicodedata.category(character) == "Cc" and not character.isspace()


def is_selector(character: str) -> bool:
    """Whether it is a variation selector."""
    code = ord(character)
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


def bare(text: str) -> str:
    """Text for comparison alone: radicals folded, selectors and white space left out.

    Presentation forms of vertical writing and ligatures count as what they present.
    """
    kept = (c for c in fold_radicals(text) if not c.isspace() and not is_selector(c))
    return "".join(unicodedata.normalize("NFKC", c) if c in PRESENTED else c for c in kept)


ALIKE: Final = ("・‧·•", "-－−‐‑–—―", "~～〜", "¥￥", "'’‘", '"“”', "∥‖", "…⋯", "＼\\")
"""Marks that fonts draw with one glyph, so that a producer may name either."""
_ALIKE: Final = {ord(c): marks[0] for marks in ALIKE for c in marks}


def says_the_same(drawn: str, actual: str) -> bool:
    """Whether /ActualText says no more than what the glyphs show.

    It may name a selector, a character behind a private or unmapped code, or white space; it may
    not replace a readable character by another one, since a person sees the glyph.
    """
    shown = [c for c in bare(drawn).translate(_ALIKE) if not is_private(c) and c != "\ufffd"]
    spoken = bare(actual).translate(_ALIKE)
    if not shown:
        return True
    left = iter(unicodedata.normalize("NFKC", spoken))
    return all(c in left for c in unicodedata.normalize("NFKC", "".join(shown)))
