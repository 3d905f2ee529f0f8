"""The options of `madoguchi-edge characters`, apart from its work: other commands start fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.characters.filter_options import add_filter

if TYPE_CHECKING:
    import argparse

NAMED = "MJ name (MJ026190), code point (U+9089, U+9089 U+E0110) or the character itself"


def add(parser: argparse.ArgumentParser) -> None:
    """Subcommands find, show and variants."""
    commands = parser.add_subparsers(metavar="VERB", required=True)
    _add_find(commands.add_parser("find", help="glyphs by reading, strokes, radical, part, number"))
    showing = commands.add_parser("show", help="everything about one glyph")
    showing.add_argument("glyph", metavar="GLYPH", help=NAMED)
    _finish(showing, _show)
    comparing = commands.add_parser("variants", help="the other glyphs of the same character")
    comparing.add_argument("glyph", metavar="GLYPH", help=NAMED)
    _finish(comparing, _variants)


def _add_find(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Glyphs of the MJ list that fit everything asked, fewest strokes first. At least one "
        "option is needed. Nothing fitting is no error: exit status 0 and an empty list."
    )
    add_filter(parser)
    parser.add_argument("--codepoint", metavar="U+XXXX", help="also with a selector, or MJ name")
    parser.add_argument("--koseki", metavar="NUMBER", help="戸籍統一文字番号, six digits")
    parser.add_argument("--juki", metavar="CODE", help="住基ネット統一文字コード, J+9089")
    parser.add_argument("--mj", metavar="NAME", help="MJ name")
    parser.add_argument("--most", metavar="N", type=int, default=50, help="glyphs to list (50)")
    _finish(parser, _find)


def _finish(parser: argparse.ArgumentParser, command: object) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(command=command)


def _find(chosen: argparse.Namespace) -> int:
    from edge.characters.commands import find  # noqa: PLC0415 - loads the tables

    return find(chosen)


def _show(chosen: argparse.Namespace) -> int:
    from edge.characters.commands import show  # noqa: PLC0415 - as above

    return show(chosen)


def _variants(chosen: argparse.Namespace) -> int:
    from edge.characters.commands import variants  # noqa: PLC0415 - as above

    return variants(chosen)
