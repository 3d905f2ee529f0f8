"""How a clerk writes an article in a document: 民法第七百九条第二項, and where its page is."""

from typing import Final
from urllib.parse import quote

from hub.numerals import in_kanji

HIGHEST: Final = 9_999


def citation_of(law: str, label: str, paragraph: str | None, paragraphs: int) -> str:
    """The citation of an article, with the paragraph where there are several."""
    whole = f"{law}{label}".replace("　", "").replace(" ", "")
    if paragraphs < 2 or not paragraph or not paragraph.isdecimal():
        return whole
    number = int(paragraph)
    return f"{whole}第{in_kanji(number)}項" if 0 < number <= HIGHEST else whole


def address_of(law_id: str, num: str | None, day: str) -> str:
    """The address of an article's page, or of its law's; it holds no question."""
    place = f"/precedents/laws/{quote(law_id, safe='')}"
    return f"{place}/{quote(num, safe='')}?on={day}" if num else f"{place}?on={day}"
