"""`madoguchi-edge recognise`: drawn characters in, ranked candidates out, one line each."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from edge.characters.filter_options import add_filter, asked_filter
from models.drawing import NOTES
from models.recogniser import Candidate, Milliseconds, Recogniser, Recognition

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from intake.characters.search import Filter

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
    parser.add_argument(
        "--explain", action="store_true", help="the parts of every score, and why sure or not"
    )
    add_filter(parser)


def run(args: argparse.Namespace) -> int:
    """Answer every line of the input; 0 when all could be read, whatever was drawn on them.

    Raises ModelError when artefacts or runtime are unusable.
    """
    asked = asked_filter(args)
    recogniser = Recogniser.load(args.runtime, prototypes=args.gallery == "all")
    task = _Task(recogniser, args.top, asked, args.explain)
    if args.file is None:
        return _answer(sys.stdin, task, as_json=args.json)
    try:
        with Path(args.file).open(encoding="utf-8", errors="replace") as lines:
            return _answer(lines, task, as_json=args.json)
    except OSError as error:
        sys.stderr.write(f"{args.file}: {error.strerror}; give a file of JSON lines\n")
        return 2


@dataclass(frozen=True)
class _Task:
    """What every line is asked with."""

    recogniser: Recogniser
    top: int
    asked: Filter
    explain: bool


def _answer(lines: TextIO, task: _Task, *, as_json: bool) -> int:
    for found in _recognitions(lines, task):
        text = json.dumps(document(found), ensure_ascii=False) if as_json else _rows(found)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    return 0


def _recognitions(lines: TextIO, task: _Task) -> Iterator[Recognition]:
    for line in lines:
        if not line.strip():
            continue
        try:
            table = json.loads(line)
            strokes = table["strokes"]
        except (ValueError, TypeError, KeyError, RecursionError):
            yield Recognition((), NOT_JSON, Milliseconds())
        else:
            yield task.recogniser.recognise(
                strokes, task.top, filter=task.asked, explain=task.explain
            )


def document(found: Recognition) -> dict[str, object]:
    """One answer as the JSON object of the command.

    `note` only where nothing was recognised; `grounds` and each candidate's `explanation` only with
    --explain.
    """
    table: dict[str, object] = {"candidates": [_candidate(one) for one in found.candidates]}
    if found.note is not None:
        table["note"] = found.note
    if found.grounds is not None:
        table["grounds"] = asdict(found.grounds)
    return {**table, "sure": found.sure, "ms": asdict(found.ms)}


def _candidate(one: Candidate) -> dict[str, object]:
    table = asdict(one)
    if one.explanation is None:
        del table["explanation"]
    return table


def _rows(found: Recognition) -> str:
    """A row for people; with explanations a row a candidate and one for `sure`."""
    if found.note is not None:
        return f"- {found.note}: {NOTES.get(found.note, 'not a JSON object with strokes')}"
    if found.grounds is None:
        return "   ".join(map(_shown, found.candidates)) or "- nothing fits the filter"
    rows = [f"{_shown(one)}{_explained(one)}" for one in found.candidates]
    grounds = found.grounds
    why = (
        "never with a filter"
        if grounds.filtered
        else f"score {grounds.score:.3f} of {grounds.score_needed:.3f} needed, "
        f"likeness {grounds.likeness:.3f} of {grounds.likeness_needed:.3f} needed"
    )
    return "\n".join([*rows, f"{'sure' if found.sure else 'not sure'}: {why}"])


def _shown(one: Candidate) -> str:
    return f"{one.text} {one.mj_name} {one.codepoint or '-'} {one.score:.2f}"


def _explained(one: Candidate) -> str:
    parts = one.explanation
    if parts is None:
        return ""
    near = "no strokes known" if parts.prototype is None else f"strokes {parts.prototype:.3f}"
    return (
        f"  = outline {parts.outline:.3f} - stroke count ({parts.strokes}) "
        f"{parts.stroke_penalty:.3f} + {near}: {parts.prototype_bonus:.3f} + use "
        f"{parts.usage_bonus:.3f} = {parts.total:.3f}"
    )


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value
