"""An office's notes in Markdown: a title, what the note says of itself, and its entries."""

import re
from dataclasses import dataclass, field
from typing import Final

from hub.numerals import value_of
from hub.precedents.article import Article, Kind, Paragraph, Revision
from hub.precedents.sources.office_text import decoded, office_text

FIELDS: Final = frozenset({"kind", "issuer", "number", "date"})
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*)")
_FIELD: Final = re.compile(r"([a-z_]+)\s*[:：]\s*(.+)")
_FRONT_MATTER: Final = re.compile(r"\s*---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_ARTICLE: Final = re.compile(
    r"第([0-9〇一二三四五六七八九十百千]+)条((?:の[0-9一二三四五六七八九十百]+)*)[\s　]*(.*)"
)


@dataclass
class _Note:
    """What was read so far; `headings` are those above the line at hand, with their depths."""

    title: str = ""
    fields: dict[str, str] = field(default_factory=dict[str, str])
    entries: list[Article] = field(default_factory=list[Article])
    headings: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    body: list[str] = field(default_factory=list[str])
    unnumbered: int = 0


def read_markdown(name: str, octets: bytes) -> Revision:
    """A note: `# title`, lines such as `kind: memo`, then an entry for each heading that has text.

    Text before the first heading is an entry too; a further `# ` is a heading as others are.
    """
    note = _Note()
    lines = "\n".join(decoded(name, octets).splitlines())
    for line in _behind_front_matter(lines, note).split("\n"):
        _read(line, note)
    _end_entry(note)
    fields = note.fields | ({"title": note.title} if note.title else {})
    return office_text(name, fields, note.entries, Kind.MEMO)


def _behind_front_matter(text: str, note: _Note) -> str:
    """The text behind `---` lines with nothing but fields between them, whose fields are kept."""
    front = _FRONT_MATTER.match(text)
    found = (
        [_FIELD.fullmatch(line.strip()) for line in front[1].split("\n") if line.strip()]
        if (front)
        else []
    )
    if front is None or not all(found):
        return text
    note.fields |= {one[1]: one[2].strip().strip("\"'") for one in found if one}
    return text[front.end() :]


def _read(line: str, note: _Note) -> None:
    heading = _HEADING.fullmatch(line.rstrip())
    said = _FIELD.fullmatch(line.strip())
    if heading is None:
        if said and said[1] in FIELDS and not note.headings and not any(note.body):
            note.fields[said[1]] = said[2].strip()
        else:
            note.body.append(line)
        return
    depth, text = len(heading[1]), heading[2].strip()
    if depth == 1 and not note.title:
        note.title = text
        if not note.headings:
            return  # what stands above the title belongs to the text below it
    _end_entry(note)
    above = [one for one in note.headings if one[0] < depth]
    note.headings = [*above, (depth, text)]


def _end_entry(note: _Note) -> None:
    """Keep the text gathered since the last heading as an entry, where there is any."""
    body, note.body = "\n".join(note.body).strip(), []
    if body:
        note.entries.append(_entry(note, [text for _, text in note.headings], body))


def _entry(note: _Note, path: list[str], body: str) -> Article:
    blocks = enumerate(re.split(r"\n\s*\n", body), 1)
    paragraphs = tuple(Paragraph(str(number), block.strip()) for number, block in blocks)
    if not path:
        return Article("0", "本文", "", (), paragraphs)
    numbered = _ARTICLE.fullmatch(path[-1])
    if numbered:
        branches = re.findall(r"[^の]+", numbered[2])
        num = "_".join(str(value_of(part)) for part in (numbered[1], *branches))
        label = path[-1].removesuffix(numbered[3]).strip()
        return Article(num, label, numbered[3].strip("（）"), tuple(path[:-1]), paragraphs)
    # 項1 and not 1: an article of that number may follow.
    note.unnumbered += 1
    number = note.unnumbered
    return Article(f"項{number}", f"第{number}項目", path[-1], tuple(path[:-1]), paragraphs)
