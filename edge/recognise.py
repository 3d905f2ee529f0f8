"""`madoguchi-edge recognise`: drawn characters in, ranked candidates out, one line each."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from models.drawing import NOTES
from models.recogniser import Milliseconds, Recogniser, Recognition

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

NOT_JSON = "not_json"
"""Note of a line that is not a JSON object with strokes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = (
        'Read JSON lines {"strokes": [[[x, y(, t)], ...], ...]} (y down, any unit) and write the '
        "candidates of each drawn character, best first. Notes of bad input: "
        + ", ".join([*NOTES, NOT_JSON])
        + "."
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="JSON lines; stdin without it")
    parser.add_argument(
        "--top", type=_positive, default=10, metavar="N", help="code points to show (10)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--gallery",
        choices=("all", "glyphs"),
        default="all",
        help="glyphs: font outlines only, no stroke prototypes and no usage bonus",
    )
    parser.add_argument(
        "--runtime", choices=("litert", "tflite"), help="interpreter; else the first one installed"
    )


def run(args: argparse.Namespace) -> int:
    """Answer every line of the input; 0 when all could be read, whatever was drawn on them.

    Raises ModelError when artefacts or runtime are unusable.
    """
    recogniser = Recogniser.load(args.runtime, prototypes=args.gallery == "all")
    if args.file is None:
        return _answer(sys.stdin, recogniser, args.top, as_json=args.json)
    try:
        with Path(args.file).open(encoding="utf-8", errors="replace") as lines:
            return _answer(lines, recogniser, args.top, as_json=args.json)
    except OSError as error:
        sys.stderr.write(f"{args.file}: {error.strerror}; give a file of JSON lines\n")
        return 2


def _answer(lines: TextIO, recogniser: Recogniser, top: int, *, as_json: bool) -> int:
    for found in _recognitions(lines, recogniser, top):
        text = json.dumps(document(found), ensure_ascii=False) if as_json else _row(found)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    return 0


def _recognitions(lines: TextIO, recogniser: Recogniser, top: int) -> Iterator[Recognition]:
    for line in lines:
        if not line.strip():
            continue
        try:
            table = json.loads(line)
            strokes = table["strokes"]
        except (ValueError, TypeError, KeyError, RecursionError):
            yield Recognition((), NOT_JSON, Milliseconds())
        else:
            yield recogniser.recognise(strokes, top)


def document(found: Recognition) -> dict[str, object]:
    """One answer as the JSON object of the command; `note` only where nothing was recognised."""
    table = asdict(found)
    if found.note is None:
        del table["note"]
    return table


def _row(found: Recognition) -> str:
    if found.note is not None:
        return f"- {found.note}: {NOTES.get(found.note, 'not a JSON object with strokes')}"
    shown = (
        f"{item.text} {item.mj_name} {item.codepoint or '-'} {item.score:.2f}"
        for item in found.candidates
    )
    return "   ".join(shown)


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value
