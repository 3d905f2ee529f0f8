"""The address block of a letter: postal code, address, building, name with 様, reading."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hub.messages.notices.cells import Cell, Sheet
from hub.messages.notices.values import HONORIFIC, POSTAL, read_kana, read_name, read_postal

ADDRESSEE: Final = re.compile(r"^[^。、：:]{1,40}[\s　]*(?:様|殿|御中)(?:[\s　]*[(（].*)?$")
PREFECTURE: Final = re.compile(
    r"^(?:北海道|東京都|京都府|大阪府|.{2,3}県|.{1,8}?[市区郡町村])[^。]*$"
)
DIGIT: Final = re.compile(r"[0-9０-９]")
LOT_GOES_ON: Final = re.compile(r"(?:丁目|番地の?|番|号)(?=[0-9０-９\s　]|$)|[-－‐−ー][0-9０-９]")
LOT_OPEN: Final = re.compile(r"[-－‐−ー]$|(?:丁目|番)$")
FARTHEST: Final = 6
"""Rows above the name that may belong to its block."""
NOT_AN_ADDRESS: Final = re.compile(
    r"通知|お知らせ|について|役所|役場|[市町村区]長$|番号|発行|第\s*[0-9０-９]+\s*号|年.*月.*日"
)


@dataclass(frozen=True)
class Block:
    """What an address block says, each value with the cell it stands in."""

    values: Mapping[str, tuple[str, Cell]]


def find(sheet: Sheet, labels: Sequence[str] = ()) -> Block | None:
    """The first address block, or None. A letter without an address may name its person alone.

    labels: what may stand before a value in it, and is left out.
    """
    before = re.compile("|".join(_spread(label) for label in labels) or "(?!)")
    cells = [replace(cell, text=before.sub("", cell.text, count=1)) for cell in sheet.cells()]
    for index, cell in enumerate(cells):
        if not ADDRESSEE.match(cell.text) or not HONORIFIC.search(cell.text):
            continue
        name = read_name(cell.text)
        if name is None or len(name) == 1:  # one character is the end of a name that was broken
            continue
        values: dict[str, tuple[str, Cell]] = {"name": (name, cell)}
        _above(values, cells, index)
        _reading(values, cells, index)
        return Block(values)
    return None


def _spread(label: str) -> str:
    letters = r"[\s　]*".join(re.escape(letter) for letter in label)
    return rf"^[\s　]*{letters}[\s　:：]+"


def _above(values: dict[str, tuple[str, Cell]], cells: list[Cell], index: int) -> None:
    """Postal code, address and building from the rows above the name."""
    block: list[Cell] = []
    for cell in reversed(cells[max(0, index - FARTHEST) : index]):
        if cell.page != cells[index].page or NOT_AN_ADDRESS.search(cell.text):
            break
        if cell.text:
            block.insert(0, cell)
        if read_postal(cell.text) is not None:
            break
    if not block:
        return
    postal = read_postal(block[0].text)
    if postal is not None:
        values["postal"] = (postal, block[0])
        rest = POSTAL.sub("", _plain(block[0].text)).strip(" 　〒")
        lines = [(rest, block[0])] if rest else []
        lines += [(cell.text, cell) for cell in block[1:]]
    else:
        lines = [(cell.text, cell) for cell in block]
        while lines and not PREFECTURE.match(lines[0][0]):
            lines.pop(0)
    lines = _mended(lines)
    if lines:
        values["address"] = (lines[0][0].strip(), lines[0][1])
    if len(lines) > 1:
        text = _joined([text.strip() for text, _ in lines[1:]])
        values["building"] = (text, lines[1][1])


def _mended(lines: list[tuple[str, Cell]]) -> list[tuple[str, Cell]]:
    """The lines, an address that was broken within its lot number put together again."""
    while len(lines) > 1 and _goes_on(lines[0][0].strip(), lines[1][0].strip()):
        lines = [(lines[0][0].strip() + lines[1][0].strip(), lines[0][1]), *lines[2:]]
    return lines


def _joined(lines: Sequence[str]) -> str:
    """A building's lines; one broken within a number is put together without a space."""
    text = lines[0]
    for line in lines[1:]:
        broken = DIGIT.match(text[-1:]) and re.match(r"[0-9０-９]|号(?:室|棟)?$", line)
        text += line if broken else f" {line}"
    return text


def _goes_on(address: str, line: str) -> bool:
    lacks_a_number = not DIGIT.search(address)
    return bool(LOT_GOES_ON.match(line)) or bool(
        DIGIT.match(line) and (lacks_a_number or LOT_OPEN.search(address))
    )


def _plain(text: str) -> str:
    """The beginning's digits as ASCII, so that the postal code can be cut off."""
    return re.sub(
        r"^〒?[\s　]*[0-9０-９]{3}[\s　]*[-－ー−‐–][\s　]*[0-9０-９]{4}", "", text, count=1
    )


def _reading(values: dict[str, tuple[str, Cell]], cells: list[Cell], index: int) -> None:
    """The name's reading: in brackets below or above it, or behind it."""
    behind = re.search(r"[(（]([^()（）]+)[)）]$", cells[index].text)
    if behind is not None and (kana := read_kana(behind.group(1))) is not None:
        values["kana"] = (kana, cells[index])
        return
    for other in cells[index + 1 : index + 2] + cells[index - 1 : index]:
        kana = read_kana(other.text)
        if kana is not None and other.page == cells[index].page:
            values["kana"] = (kana, other)
            return
