"""Time and accuracy of a recognised character beside zinnia, on the same strokes in one run.

The strokes are KanjiVG characters that no encoder of the split was trained on, drawn again by
another hand; also with strokes joined, and shuffled and reversed. zinnia's classes are counted
apart, since it has 6 k of our 59 k glyphs. Our stroke prototypes are KanjiVG's too and flatter us;
`outlines` leaves them out. `python -m bench.recognition [--json FILE]`.
"""

from __future__ import annotations

import gzip
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.telling import arguments, tell
from bench.zinnia import Zinnia
from intake.characters import mj_list
from models.recogniser import Recogniser
from models.training import strangers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Strokes = list[NDArray[np.float64]]

FILE = Path(__file__).parent / "strokes" / "kanjivg_held_out.jsonl.gz"
CASES = ("plain", "joined", "shuffled")
TOP = 10


@dataclass(frozen=True)
class Drawing:
    """Strokes with the character they are."""

    text: str
    strokes: Strokes


@dataclass(frozen=True)
class Outcome:
    """Rank (0 = first, TOP = not found), milliseconds, and whether sure, of every drawing.

    spent: by the clock; worked: of this thread alone, which a busy machine does not lengthen.
    """

    ranks: NDArray[np.int64]
    spent: NDArray[np.float64]
    worked: NDArray[np.float64]
    sure: NDArray[np.bool_]

    def figures(self, chosen: NDArray[np.bool_]) -> dict[str, float]:
        """Recall of the chosen drawings and time of all."""
        return {
            "n": int(chosen.sum()),
            "top1": round(float((self.ranks[chosen] < 1).mean()), 4),
            "top10": round(float((self.ranks[chosen] < TOP).mean()), 4),
            "ms_p50": round(float(np.percentile(self.spent, 50)), 3),
            "ms_p95": round(float(np.percentile(self.spent, 95)), 3),
            "cpu_ms_p50": round(float(np.percentile(self.worked, 50)), 3),
            "cpu_ms_p95": round(float(np.percentile(self.worked, 95)), 3),
        }

    def surety(self) -> dict[str, float]:
        """Share that is called sure, and how much of it is right."""
        right = self.ranks[self.sure] < 1
        return {
            "sure": round(float(self.sure.mean()), 4),
            "right": round(float(right.mean()), 4) if len(right) else 1.0,
        }


def drawings(case: str, most: int) -> list[Drawing]:
    """The held-out characters drawn by another hand as in a case, the same at every call."""
    rng = np.random.default_rng((7, CASES.index(case)))
    found: list[Drawing] = []
    for line in gzip.decompress(FILE.read_bytes()).splitlines()[:most]:
        row = json.loads(line)
        strokes = [np.array(stroke, np.float64) for stroke in row["strokes"]]
        drawn = strangers.CASES[case](strangers.rewrite(strokes, rng), rng)
        found.append(Drawing(mj_list.character_at(row["codepoint"]), drawn))
    return found


Answer = tuple["Sequence[str]", bool]
"""Characters best first, and whether the first is called sure."""


@dataclass
class _Notes:
    """What one recogniser answered so far."""

    ranks: list[int]
    spent: list[float]
    worked: list[float]
    sure: list[bool]

    def ask(self, recognise: Callable[[Strokes], Answer], drawing: Drawing) -> None:
        start, work = time.perf_counter(), time.thread_time()
        found, certain = recognise(drawing.strokes)
        self.worked.append((time.thread_time() - work) * 1000)
        self.spent.append((time.perf_counter() - start) * 1000)
        self.ranks.append(found.index(drawing.text) if drawing.text in found else TOP)
        self.sure.append(certain)


def answer(
    askers: dict[str, Callable[[Strokes], Answer]], asked: list[Drawing]
) -> dict[str, Outcome]:
    """Ask everybody for every drawing in turn, so that the machine is as busy for each."""
    notes = {name: _Notes([], [], [], []) for name in askers}
    for drawing in asked:
        for name, recognise in askers.items():
            notes[name].ask(recognise, drawing)
    return {
        name: Outcome(*map(np.array, (one.ranks, one.spent, one.worked, one.sure)))
        for name, one in notes.items()
    }


def ours(recogniser: Recogniser) -> Callable[[Strokes], Answer]:
    """Our answer as characters, from nested lists as they come from a pen."""

    def recognise(strokes: Strokes) -> Answer:
        listed = [stroke.tolist() for stroke in strokes]
        found = recogniser.recognise(listed, TOP)
        shown = [
            mj_list.character_at(item.codepoint) if item.codepoint else ""
            for item in found.candidates
        ]
        return shown, found.sure

    return recognise


def theirs(peer: Zinnia) -> Callable[[Strokes], Answer]:
    """The answer of zinnia, which is never sure."""
    return lambda strokes: (peer.recognise(strokes, TOP), False)


def measure(most: int = 400) -> dict[str, Any]:
    """Figures per case (`both`: zinnia's classes only, `all`: every drawing) and the ratio."""
    recogniser, peer = Recogniser.load(), Zinnia()
    outlines = Recogniser.load(prototypes=False)
    known = peer.classes()
    askers = {
        "madoguchi": ours(recogniser),
        "outlines": ours(outlines),
        "zinnia": theirs(peer),
    }
    cases: dict[str, Any] = {}
    sure: dict[str, Any] = {}
    for case in CASES:
        asked = drawings(case, most)
        shared = np.array([drawing.text in known for drawing in asked])
        outcomes = answer(askers, asked)
        cases[case] = {
            name: {"both": got.figures(shared), "all": got.figures(np.ones(len(asked), bool))}
            for name, got in outcomes.items()
        }
        sure[case] = outcomes["madoguchi"].surety()
    plain = cases["plain"]
    ratio = plain["zinnia"]["all"]["cpu_ms_p50"] / plain["madoguchi"]["all"]["cpu_ms_p50"]
    return {
        "runtime": recogniser.runtime,
        "glyphs": recogniser.glyph_count,
        "zinnia_classes": len(known),
        "times_faster_than_zinnia": round(ratio, 2),
        "cases": cases,
        "sure": sure,
    }


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    head = f"{'case':10}{'who':18}{'n':>5}{'top-1':>8}{'top-10':>8}"
    lines = [f"{head}{'p50 ms':>9}{'p95 ms':>9}{'cpu p50':>9}{'p95':>7}"]
    for case, peers in figures["cases"].items():
        for name, found in peers.items():
            for part in ("both", "all"):
                got = found[part]
                who = name if part == "both" else f"{name} (all)"
                lines.append(
                    f"{case:10}{who:18}{got['n']:>5}{got['top1']:>8.3f}{got['top10']:>8.3f}"
                    f"{got['ms_p50']:>9.2f}{got['ms_p95']:>9.2f}"
                    f"{got['cpu_ms_p50']:>9.2f}{got['cpu_ms_p95']:>7.2f}"
                )
    lines.extend(
        f"{case:10}called sure {got['sure']:.3f}, of these right {got['right']:.3f}"
        for case, got in figures["sure"].items()
    )
    lines.append(
        f"{figures['glyphs']} glyphs against {figures['zinnia_classes']} classes; "
        f"{figures['times_faster_than_zinnia']} times as fast as zinnia (cpu p50, plain)"
    )
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table on stderr and the JSON on stdout or into a file."""
    parser = arguments(__doc__)
    parser.add_argument("--most", type=int, default=400, help="drawings per case")
    options = parser.parse_args()
    figures = measure(options.most)
    tell(figures, table, options.json)


if __name__ == "__main__":
    main()
