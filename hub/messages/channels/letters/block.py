"""The address block: its lines fitted into the window, drawn exactly, as a page to be laid over."""

import base64
import re
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from hub.messages.channels.channel import PostalAddress
from hub.messages.channels.letters.findings import Finding, LetterCode
from hub.messages.channels.letters.window import Box, Window
from hub.messages.message.letter_font import LetterFonts, letter_fonts
from hub.messages.notices.postal_codes import places
from intake.characters import NameText
from intake.characters.glyphs import OwnOutlines

POINTS: Final = 10.5
LARGE_POINTS: Final = 12.0
MM_A_POINT: Final = 25.4 / 72
LINE: Final = 1.2
POSTAL: Final = re.compile(r"(\d{3})-?(\d{4})")
HONORIFIC: Final = "様"


@dataclass(frozen=True)
class Block:
    """Lines as they are printed; the name is drawn by its characters."""

    before: tuple[str, ...]
    name: NameText
    mark: str
    points: float


def compose(
    address: PostalAddress, number: int, window: Window, *, large: bool
) -> Block | tuple[Finding, ...]:
    """The block of one letter, or why it cannot be printed."""
    findings = [Finding(code) for code in _wrong(address)]
    points = LARGE_POINTS if large else POINTS
    across = int(window.block.width / (points * MM_A_POINT))
    postal = POSTAL.fullmatch(address.postal_code)
    lines = [f"〒{postal[1]}-{postal[2]}"] if postal else []
    for line in address.lines:
        lines += [line[at : at + across] for at in range(0, len(line), across)]
    name = address.characters or NameText.from_plain(address.name)
    high = (len(lines) + 2) * points * LINE * MM_A_POINT
    if high > window.block.height or len(list(name)) + 2 > across:
        findings.append(Finding(LetterCode.ADDRESS_TOO_LONG))
    return tuple(findings) or Block(tuple(lines), name, f"M-{number:08d}", points)


def draw(block: Block, window: Window, own: OwnOutlines) -> bytes:
    """A PDF page of A4 with the block at its place and nothing else.

    GlyphFontError while the MJ font is not installed.
    """
    from hub.messages.typesetting import HTML, URLFetcher  # noqa: PLC0415 - loads Pango

    text = "".join((*block.before, HONORIFIC, block.mark, "　", block.name.plain()))
    fonts = letter_fonts(text, [block.name], own)
    page = HTML(
        string=str(_page(block, window.block, fonts)),
        url_fetcher=URLFetcher(allowed_protocols=["data"]),
    )
    written = page.write_pdf()
    assert isinstance(written, bytes)
    return written


def _wrong(address: PostalAddress) -> list[LetterCode]:
    found: list[LetterCode] = []
    if not address.name.strip():
        found.append(LetterCode.NAME_MISSING)
    if not any(line.strip() for line in address.lines):
        found.append(LetterCode.ADDRESS_MISSING)
    postal = POSTAL.fullmatch(address.postal_code)
    # The register holds no postal code; a letter without one arrives, with a wrong one it may not.
    unknown = postal is None or not places(f"{postal[1]}-{postal[2]}")
    if address.postal_code and unknown:
        found.append(LetterCode.POSTAL_CODE_UNKNOWN)
    return found


def _page(block: Block, place: Box, fonts: LetterFonts) -> Markup:
    first = next(iter(fonts.fonts))
    faces = "".join(
        f'@font-face{{font-family:"{family}";'
        f'src:url("data:font/ttf;base64,{base64.b64encode(data).decode()}")}}'
        f'.{family}{{font-family:"{family}"}}'
        for family, data in fonts.fonts.items()
    )
    style = (
        f"{faces}@page{{size:A4;margin:0}}body{{margin:0;font-family:{first}}}"
        f"div{{position:absolute;left:{place.left}mm;top:{place.top}mm;width:{place.width}mm;"
        f"font-size:{block.points}pt;line-height:{LINE}}}p{{margin:0;white-space:nowrap}}"
        "p.mark{font-size:7pt}"
    )
    lines = [Markup("<p>{}</p>").format(line) for line in block.before]
    lines.append(Markup("<p>{}　{}</p>").format(_lettered(block.name, fonts), HONORIFIC))
    lines.append(Markup('<p class="mark">{}</p>').format(block.mark))
    return Markup("<style>{}</style><div>{}</div>").format(
        Markup(style),  # noqa: S704 - our own fonts and figures
        Markup().join(lines),
    )


def _lettered(text: NameText, fonts: LetterFonts) -> Markup:
    drawn = [
        Markup('<span class="{}">{}</span>').format(fonts.family_of.get(one, ""), one.text)
        for one in text
    ]
    return Markup().join(drawn)
