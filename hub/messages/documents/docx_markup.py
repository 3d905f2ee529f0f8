"""The markup of a Word document's part made plain: what is shown stays, the rest is set apart.

Hidden text, readings of characters, deleted text and the instructions of fields leave the part;
what mammoth does not know (fields, symbols, breaks) becomes what it knows.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from xml.etree import ElementTree as ET

from hub.messages.documents.characters import bare, is_private
from hub.messages.documents.docx_styles import LOOKS, WORD, Look, Styles, is_on

STRICT: Final = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
COMPATIBLE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PARAGRAPH: Final = f"{WORD}p"
TEXT: Final = f"{WORD}t"
TAB: Final = f"{WORD}tab"
BREAK: Final = f"{WORD}br"
LEFT: Final = frozenset(f"{WORD}{name}" for name in ("del", "moveFrom", "delText", "softHyphen"))
"""Text that was deleted, and a hyphen that only a line's end shows."""
UNWRAPPED: Final = frozenset(f"{WORD}{name}" for name in ("fldSimple", "dir", "bdo"))
PLAIN: Final = {f"{WORD}cr": BREAK, BREAK: BREAK, f"{WORD}ptab": TAB, TAB: TAB}
ELSEWHERE: Final = frozenset((f"{WORD}altChunk", f"{WORD}subDoc"))
"""Text that lies in another file."""
MARKS: Final = tuple(
    f"{WORD}{name}" for name in ("noBreakHyphen", "footnoteReference", "endnoteReference")
)
UNKNOWN_SYMBOL: Final = "\uf8ff"
LAST_OF_A_FONT: Final = 0xFF
OWN_OF_A_FONT: Final = 0xF000


def parsed(data: bytes) -> ET.Element:
    """A part's tree, in the names of the usual (transitional) form."""
    root = ET.fromstring(data)  # noqa: S314 without DOCTYPE, in the sandbox
    if root.tag.startswith(STRICT):
        for element in root.iter():
            element.tag = element.tag.replace(STRICT, WORD)
            for name in [name for name in element.attrib if name.startswith(STRICT)]:
                element.set(name.replace(STRICT, WORD), element.attrib.pop(name))
    return root


def characters(root: ET.Element) -> Counter[str]:
    """Every character of text that stands in a part, of formulas and drawings too."""
    found: Counter[str] = Counter()
    for element in root.iter():
        if element.tag.endswith("}t"):
            found.update(bare(element.text or ""))
    return found


def lines(root: ET.Element) -> Iterator[str]:
    """The lines of a plain part, paragraph by paragraph, those of text boxes by themselves."""
    for paragraph in root.iter(PARAGRAPH):
        for line in "".join(_own(paragraph)).split("\n"):
            if line.strip():
                yield line.strip()


def _own(paragraph: ET.Element) -> Iterator[str]:
    for child in paragraph:
        if child.tag == TEXT:
            yield child.text or ""
        elif child.tag in (TAB, BREAK):
            yield "\t" if child.tag == TAB else "\n"
        elif child.tag == f"{WORD}noBreakHyphen":
            yield "\u2011"
        elif child.tag != PARAGRAPH and not child.tag.endswith("Pr"):
            yield from _own(child)


@dataclass(frozen=True)
class Setting:
    """What holds for the text inside an element: the looks of all around it, or hidden."""

    looks: tuple[Look, ...] = ()
    hidden: bool = False


class Plain:
    """Makes parts plain, and keeps what left them.

    doubtful: something was found that cannot be read as a person sees it.
    """

    def __init__(self, styles: Styles) -> None:
        self.hidden: list[str] = []
        self.ruby: list[str] = []
        self.doubtful = False
        self._styles = styles
        self._fields: list[bool] = []
        self._unseen: list[str] = []
        self._ways: Mapping[str, Callable[[ET.Element, Setting], list[ET.Element]]] = {
            **dict.fromkeys(LEFT, lambda _element, _setting: []),
            **dict.fromkeys(UNWRAPPED, self._all),
            **dict.fromkeys((*PLAIN, *MARKS), self._mark),
            TEXT: self._text,
            f"{WORD}sym": lambda e, s: self._text(_made(TEXT, _symbol(e.attrib)), s),
            f"{WORD}r": self._run,
            f"{WORD}ruby": self._ruby,
            f"{WORD}fldChar": self._field,
            f"{WORD}tr": self._row,
            f"{WORD}sdtPr": _without_box,
            f"{COMPATIBLE}AlternateContent": lambda e, s: self._all(_alternative(e), s),
        }

    def make(self, root: ET.Element) -> None:
        """Make one part plain, in its place."""
        self._fields = []
        root[:] = self._all(root, Setting())
        # an instruction that never ends would have swallowed everything behind it
        self.doubtful |= any(self._fields)

    def _all(self, children: Iterable[ET.Element], setting: Setting) -> list[ET.Element]:
        """What stands in the place of these elements."""
        return [kept for child in children for kept in self._element(child, setting)]

    def _element(self, element: ET.Element, setting: Setting) -> list[ET.Element]:
        tag = element.tag
        way = self._ways.get(tag)
        if way is not None:
            return way(element, setting)
        if tag.endswith("Pr"):
            return [element]
        self.doubtful |= tag in ELSEWHERE
        if tag == f"{WORD}txbxContent":
            setting = replace(setting, looks=())
        elif tag in LOOKS:
            own = self._styles.looks(tag, element.find(LOOKS[tag]))
            setting = replace(setting, looks=(*own, *setting.looks))
        element[:] = self._all(element, setting)
        if tag == PARAGRAPH:
            self._end_paragraph(element)
        return [element]

    def _end_paragraph(self, paragraph: ET.Element) -> None:
        if self._unseen:
            self.hidden.append("".join(self._unseen))
            self._unseen = []
        mark = is_on(paragraph.find(f"{WORD}pPr/{WORD}rPr/{WORD}vanish"))
        # behind a hidden mark the next paragraph goes on in the same line
        self.doubtful |= bool(mark) and _has_text(paragraph)

    def _row(self, row: ET.Element, setting: Setting) -> list[ET.Element]:
        if row.find(f"{WORD}trPr/{WORD}del") is not None:
            return []
        hides = setting.hidden or is_on(row.find(f"{WORD}trPr/{WORD}hidden")) is True
        row[:] = self._all(row, replace(setting, hidden=hides))
        return [row]

    def _run(self, run: ET.Element, setting: Setting) -> list[ET.Element]:
        hides = setting.hidden or self._styles.hides(run.find(f"{WORD}rPr"), setting.looks)
        run[:] = self._all(run, replace(setting, hidden=hides))
        return [run]

    def _text(self, text: ET.Element, setting: Setting) -> list[ET.Element]:
        if any(self._fields):
            return []
        if setting.hidden:
            self._unseen.append(text.text or "")
            return []
        return [text]

    def _mark(self, mark: ET.Element, setting: Setting) -> list[ET.Element]:
        if setting.hidden or any(self._fields):
            return []
        return [_made(PLAIN[mark.tag]) if mark.tag in PLAIN else mark]

    def _field(self, mark: ET.Element, _setting: Setting) -> list[ET.Element]:
        """Of a field only its result is shown: _fields says of each open one if it is before it."""
        kind = mark.get(f"{WORD}fldCharType")
        if kind == "begin":
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()
        return [mark]

    def _ruby(self, ruby: ET.Element, setting: Setting) -> list[ET.Element]:
        """The text below; the reading above it stands apart, as it does in a PDF."""
        small = ruby.find(f"{WORD}rt")
        reading = "" if small is None else "".join(t.text or "" for t in small.iter(TEXT))
        if reading.strip() and not setting.hidden:
            self.ruby.append(reading.strip())
        base = ruby.find(f"{WORD}rubyBase")
        return [] if base is None else self._all(base, setting)


def _without_box(properties: ET.Element, _setting: Setting) -> list[ET.Element]:
    """Mammoth would put a box of its own in the place of the character that is shown."""
    properties[:] = [child for child in properties if not child.tag.endswith("}checkbox")]
    return [properties]


def _has_text(element: ET.Element) -> bool:
    return next(element.iter(TEXT), None) is not None


def _alternative(element: ET.Element) -> list[ET.Element]:
    """What Word shows of a choice, its text boxes in the form that mammoth reads."""
    choice = element.find(f"{COMPATIBLE}Choice")
    fallback = element.find(f"{COMPATIBLE}Fallback")
    if choice is None or (fallback is not None and not _has_text(choice)):
        return [] if fallback is None else list(fallback)
    boxes = list(_boxes(choice))
    if boxes and characters(choice) == sum(map(characters, boxes), Counter[str]()):
        picture = _made(f"{WORD}pict")
        picture.extend(boxes)
        return [picture]
    return list(choice)


def _boxes(element: ET.Element) -> Iterator[ET.Element]:
    """The contents of text boxes, outermost ones."""
    for child in element:
        if child.tag == f"{WORD}txbxContent":
            yield child
        else:
            yield from _boxes(child)


def _made(tag: str, text: str | None = None) -> ET.Element:
    element = ET.Element(tag)
    element.text = text
    return element


def _symbol(values: Mapping[str, str]) -> str:
    """The character of a symbol font, of private use where nobody knows what the font draws."""
    from mammoth.docx.dingbats import dingbats  # noqa: PLC0415 as in docx.read

    try:
        code = int(values.get(f"{WORD}char", ""), 16)
        font = values.get(f"{WORD}font", "")
        low = code & LAST_OF_A_FONT if is_private(chr(code)) else code
        known = dingbats.get((font, code)) or dingbats.get((font, low))
        if known is None:
            known = OWN_OF_A_FONT | code if code <= LAST_OF_A_FONT else code
        chr(known).encode()
        return chr(known)
    except (ValueError, OverflowError):
        return UNKNOWN_SYMBOL
