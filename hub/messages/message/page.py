"""A checked message as one accessible page of HTML that needs no other file."""

import base64
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from hub.messages.message.checking import Checked
from hub.messages.message.content import Block, Paragraph, Table
from hub.messages.message.sheet import ActionRow, FileLine, Section, Sheet, sheet
from hub.register.drawing import draw_character, nothing_of_its_own
from intake.characters import NameText
from intake.characters.glyphs import OwnOutlines

SIZE: Final = 32
NameMarkup = Callable[[NameText], Markup]
"""How a name is written: by outlines on a page, by a font made for it in a PDF."""


def as_html(
    checked: Checked,
    language: str = "ja",
    *,
    large: bool = False,
    own: OwnOutlines = nothing_of_its_own,
    stylesheet: str | None = None,
    downloads: bool = True,
) -> str:
    """The whole page, its labels in `language` (`ja`, `en`).

    large: half as large again; own: outlines of the office's own characters; stylesheet: the
    address of `page.css` where a page may hold no style of its own; downloads: whether the files
    can be saved from the page itself.
    """

    def name(text: NameText) -> Markup:
        return _drawn(text, own)

    style = (
        Markup("<style>{}</style>").format(Markup(style_text()))  # noqa: S704 - our own file
        if stylesheet is None
        else Markup('<link rel="stylesheet" href="{}">').format(stylesheet)
    )
    found = sheet(checked, language)
    return str(whole(found, style, body(found, name, linked=downloads), large=large))


def whole(found: Sheet, style: Markup, content: Markup, *, large: bool) -> Markup:
    """A page around the content."""
    return Markup(
        '<!DOCTYPE html>\n<html lang="{language}"{large}>\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{title}</title>\n{style}\n</head>\n<body>\n{content}\n</body>\n</html>\n"
    ).format(
        language=found.language,
        large=Markup(' class="large"') if large else "",
        title=found.title,
        style=style,
        content=content,
    )


def body(found: Sheet, name: NameMarkup, *, linked: bool) -> Markup:
    """What stands between the tags of the body; linked: what can be opened opens from there."""
    lang = Markup(' lang="{}"').format(found.content_language)
    parts = [
        Markup('<p class="to"{}><span class="name">{}</span> {}</p>').format(
            lang, name(found.name), found.honorific
        ),
        Markup("<h1{}>{}</h1>").format(lang, found.title),
        Markup("<h2>{}</h2>").format(found.facts_heading),
        _pairs(found.facts, lang),
        *_actions(found, lang, linked=linked),
        *(_section(section, lang) for section in found.sections if section.blocks),
        *_files(found, linked=linked),
    ]
    footer = Markup("<footer>\n<h2>{}</h2>\n{}\n</footer>").format(
        found.signature_heading, _pairs(found.signature, Markup(""))
    )
    return Markup("<main>\n{}\n</main>\n{}").format(Markup("\n").join(parts), footer)


@cache
def style_text(name: str = "page.css") -> str:
    """The text of a style sheet beside this module."""
    return (files("hub.messages.message") / name).read_text(encoding="utf-8")


def _drawn(text: NameText, own: OwnOutlines) -> Markup:
    """Outlines for the eye, text for everything else; a name has its exact glyphs everywhere."""
    outlines = "".join(draw_character(one, SIZE, own) for one in text)
    drawn = Markup(outlines)  # noqa: S704 - our own SVG; texts in it are escaped
    return Markup(
        '<span class="seen" aria-hidden="true">{}</span><span class="unseen">{}</span>'
    ).format(drawn, text.plain())


def _pairs(pairs: Sequence[tuple[str, str]], lang: Markup) -> Markup:
    rows = Markup("\n").join(
        Markup("<dt>{}</dt><dd{}>{}</dd>").format(label, lang, value) for label, value in pairs
    )
    return Markup("<dl>\n{}\n</dl>").format(rows)


def _actions(found: Sheet, lang: Markup, *, linked: bool) -> list[Markup]:
    if not found.actions:
        return []
    head = Markup().join(Markup('<th scope="col">{}</th>').format(c) for c in found.action_columns)
    rows = Markup("\n").join(_action(row, lang, linked=linked) for row in found.actions)
    return [
        Markup("<h2>{}</h2>").format(found.actions_heading),
        Markup("<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table>").format(
            head, rows
        ),
    ]


def _action(row: ActionRow, lang: Markup, *, linked: bool) -> Markup:
    detail = (
        Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(row.address)
        if linked and row.address
        else Markup("{}").format(row.detail)
    )
    return Markup('<tr><th scope="row"{}>{}</th><td>{}</td><td>{}</td></tr>').format(
        lang, row.label, row.day, detail
    )


def _section(section: Section, lang: Markup) -> Markup:
    blocks = Markup("\n").join(map(_block, section.blocks))
    return Markup("<section{}>\n<h2>{}</h2>\n{}\n</section>").format(lang, section.title, blocks)


def _block(block: Block) -> Markup:
    if isinstance(block, Table):
        return _table(block)
    assert isinstance(block, Paragraph)
    lines = Markup("<br>").join(block.text.split("\n"))
    if block.heading:
        return Markup("<h3>{}</h3>").format(lines)
    return Markup("<p>{}</p>").format(lines)


def _table(table: Table) -> Markup:
    first, *rest = table.rows
    head = Markup().join(Markup('<th scope="col">{}</th>').format(cell) for cell in first)
    rows = Markup("\n").join(
        Markup("<tr>{}</tr>").format(Markup().join(Markup("<td>{}</td>").format(c) for c in row))
        for row in rest
    )
    return Markup("<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table>").format(
        head, rows
    )


def _files(found: Sheet, *, linked: bool) -> list[Markup]:
    if not found.files:
        return []
    lines = Markup("\n").join(
        Markup("<li>{}</li>").format(_download(one) if linked else one.words) for one in found.files
    )
    return [
        Markup("<h2>{}</h2>").format(found.files_heading),
        Markup("<ul>\n{}\n</ul>").format(lines),
    ]


def _download(line: FileLine) -> Markup:
    data = base64.b64encode(line.file.data).decode()
    return Markup('<a download="{}" href="data:{};base64,{}">{}</a>').format(
        line.file.name, line.file.media_type.value, data, line.words
    )
