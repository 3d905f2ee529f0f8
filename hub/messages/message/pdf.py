"""A checked message as PDF/A-2a: tagged, every glyph from the MJ font and embedded."""

import base64
import io
import logging
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from hub.messages.message.checking import Checked
from hub.messages.message.letter_font import LetterFonts, letter_fonts
from hub.messages.message.page import body, style_text, whole
from hub.messages.message.plain import as_text
from hub.messages.message.sheet import sheet
from hub.register.drawing import nothing_of_its_own
from intake.characters import NameText
from intake.characters.glyphs import OwnOutlines

VARIANT: Final = "pdf/a-2a"
PROFILE: Final = "message-srgb"
WRITERS: Final = ("weasyprint", "weasyprint.progress", "fontTools")
"""Libraries that log what they find in a font; a message's letters are not for a log."""


def as_pdf(
    checked: Checked,
    language: str = "ja",
    *,
    large: bool = False,
    own: OwnOutlines = nothing_of_its_own,
) -> bytes:
    """The page of `as_html` on A4, its links written out, without the files.

    What has no outline is drawn as 〓, its text kept. GlyphFontError when the MJ font is missing.
    """
    found = sheet(checked, language)
    fonts = letter_fonts(as_text(checked, language), [found.name], own)

    def name(text: NameText) -> Markup:
        return _lettered(text, fonts)

    page = whole(found, _style(fonts), body(found, name, linked=False), large=large)
    return _written(str(page), checked.content.message_id)


def _written(page: str, identifier: str) -> bytes:
    from hub.messages.typesetting import HTML, ColorProfile, URLFetcher  # noqa: PLC0415 - loads Pango

    for library in WRITERS:
        logging.getLogger(library).setLevel(logging.CRITICAL)
    colours = io.BytesIO((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes())
    profile = ColorProfile(colours, "", "relative-colorimetric", (["r"], ["g"], ["b"]))
    document = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=["data"]))
    written = document.write_pdf(
        pdf_variant=VARIANT,
        pdf_identifier=identifier.encode(),
        color_profiles={PROFILE: profile},  # given open: WeasyPrint leaves its own file so
        output_intent=PROFILE,
    )
    assert isinstance(written, bytes)
    return written


def _style(fonts: LetterFonts) -> Markup:
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; '
        f'src: url("data:font/ttf;base64,{base64.b64encode(data).decode()}"); }}\n'
        f'.{family} {{ font-family: "{family}"; }}'
        for family, data in fonts.fonts.items()
    )
    first = next(iter(fonts.fonts))
    text = f'{style_text()}\n{style_text("print.css")}\n{faces}\nbody {{ font-family: "{first}"; }}'
    return Markup("<style>{}</style>").format(Markup(text))  # noqa: S704 - our files and fonts


def _lettered(text: NameText, fonts: LetterFonts) -> Markup:
    return Markup().join(
        Markup('<span class="{}">{}</span>').format(fonts.family_of[one], one.text) for one in text
    )
