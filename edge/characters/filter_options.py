"""The options that restrict characters, the same wherever a command takes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake.characters import radicals
from intake.characters.errors import CharacterError
from intake.characters.search import Filter

if TYPE_CHECKING:
    import argparse

_RANGE = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?", re.ASCII)


def add_filter(parser: argparse.ArgumentParser) -> None:
    """Options --reading, --strokes, --radical, --part."""
    parser.add_argument("--reading", metavar="KANA", help="whole reading; its beginning with a *")
    parser.add_argument("--strokes", metavar="N[-M]", help="total strokes, 8 or 8-12")
    parser.add_argument("--radical", metavar="R", help="its number, 162, or its character, 辶")
    parser.add_argument("--part", metavar="CHARS", help="components that must all be in it")


def asked_filter(chosen: argparse.Namespace) -> Filter:
    """The filter that the options ask for; CharacterError, saying how, for what cannot be."""
    strokes = None
    if chosen.strokes is not None:
        found = _RANGE.fullmatch(chosen.strokes)
        if found is None:
            raise CharacterError("strokes are a number or a range: 8 or 8-12")
        strokes = int(found[1]), int(found[2] or found[1])
    radical = None if chosen.radical is None else radicals.number_of(chosen.radical)
    return Filter(strokes, radical, chosen.part, chosen.reading)
