"""The text of law XML elements: sentences, columns, tables and items, without furigana."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from hub.precedents.article import Item, Paragraph

_UNREAD: Final = {"Rt", "Fig"}  # furigana and pictures
_NAMES: Final = {"ParagraphNum", "ItemTitle"}
_LINES: Final = {
    "TableRow",
    "TableHeaderRow",
    "TableStructTitle",
    "List",
    "Remarks",
    "RemarksLabel",
    "Paragraph",
    "Item",
    "NewProvision",
    "AmendProvisionSentence",
}
_CELLS: Final = {"Column", "TableColumn", "TableHeaderColumn"}


def text_of(part: ET.Element | None) -> str:
    """The text of an element: columns and cells apart, a row or list entry a line."""
    return "" if part is None else "".join(_pieces(part)).strip("　\n")


def _pieces(part: ET.Element) -> Iterator[str]:
    if part.tag in _UNREAD:
        return
    if part.tag in _LINES:
        yield "\n"
    elif part.tag in _CELLS or part.tag.endswith("Title"):
        yield "　"
    yield (part.text or "").strip()
    for below in part:
        yield from _pieces(below)
        yield (below.tail or "").strip()
    if part.tag.endswith("Title"):
        yield "　"


def paragraph_of(part: ET.Element, place: int) -> Paragraph:
    """A paragraph with its items; `place` is its number where the file gives none."""
    items = tuple(_item(one, number) for number, one in enumerate(part.findall("Item"), 1))
    rest = [one for one in part if one.tag not in {"Item", *_NAMES}]
    text = "\n".join(filter(None, (text_of(one) for one in rest)))
    return Paragraph(part.get("Num") or str(place), text, items)


def _item(part: ET.Element, place: int) -> Item:
    title = text_of(part.find("ItemTitle")).strip()
    lines = [text_of(one) for one in part if one.tag != "ItemTitle"]
    return Item(part.get("Num") or str(place), title, "\n".join(filter(None, lines)))
