"""Characters and a signature drawn for demonstrations and tests, in a square of 1000, y down.

The coordinates are invented; each file names its character, why it is here and its strokes.
"""

import json
from dataclasses import dataclass
from importlib.resources import files

from drivers.errors import RecordingError

CANVAS = 1000
"""Side of the square the points lie in."""

Strokes = tuple[tuple[tuple[float, float], ...], ...]
"""Strokes of points (x, y), y down."""


@dataclass(frozen=True, slots=True)
class Handwriting:
    """One thing to write: `text` is empty for the signature, `mj_name` where it has none."""

    name: str
    text: str
    mj_name: str
    strokes: Strokes


def names() -> tuple[str, ...]:
    """Names of everything that can be written, in order."""
    return tuple(sorted(_files()))


def load(name: str) -> Handwriting:
    """Give a handwriting by its name (`U+20BB7`, `signature`) or by its character.

    Raises RecordingError naming the choices when there is none.
    """
    wanted = f"U+{ord(name):04X}" if len(name) == 1 else name
    text = _files().get(wanted)
    if text is None:
        raise RecordingError(f"no handwriting for {name!r}: choose one of {', '.join(names())}")
    data = json.loads(text)
    strokes = tuple(tuple((float(x), float(y)) for x, y in stroke) for stroke in data["strokes"])
    return Handwriting(wanted, data["text"], data["mj_name"], strokes)


def _files() -> dict[str, str]:
    folder = files(__name__)
    return {
        entry.name.removesuffix(".json"): entry.read_text("utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    }
