"""A checked message as plain text, for a terminal, a mail's text part, and whoever compares."""

from hub.messages.message.checking import Checked
from hub.messages.message.content import Block, Paragraph, Table
from hub.messages.message.sheet import sheet


def as_text(checked: Checked, language: str = "ja") -> str:
    """The same text as on the page, line by line, cells of a row between tabs."""
    found = sheet(checked, language)
    lines = [f"{found.name.plain()} {found.honorific}", found.title, found.facts_heading]
    lines += [f"{label}\t{value}" for label, value in found.facts]
    if found.actions:
        lines += [found.actions_heading, "\t".join(found.action_columns)]
        lines += [f"{row.label}\t{row.day}\t{row.detail}" for row in found.actions]
    for section in found.sections:
        if section.blocks:
            lines += [section.title, *(line for block in section.blocks for line in _lines(block))]
    if found.files:
        lines += [found.files_heading, *(one.words for one in found.files)]
    lines += [found.signature_heading, *(f"{a}\t{b}" for a, b in found.signature)]
    return "\n".join(lines)


def _lines(block: Block) -> list[str]:
    if isinstance(block, Table):
        return ["\t".join(row) for row in block.rows]
    assert isinstance(block, Paragraph)
    return block.text.split("\n")
