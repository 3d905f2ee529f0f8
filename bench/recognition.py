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
from functools import partial
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
    """Rank (0 = first, TOP = not found) and milliseconds of every drawing."""

    ranks: NDArray[np.int64]
    spent: NDArray[np.float64]

    def figures(self, chosen: NDArray[np.bool_]) -> dict[str, float]:
        """Recall of the chosen drawings and time of all."""
        return {
            "n": int(chosen.sum()),
            "top1": round(float((self.ranks[chosen] < 1).mean()), 4),
            "top10": round(float((self.ranks[chosen] < TOP).mean()), 4),
            "ms_p50": round(float(np.percentile(self.spent, 50)), 3),
            "ms_p95": round(float(np.percentile(self.spent, 95)), 3),
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


def answer(recognise: Callable[[Strokes], Sequence[str]], asked: list[Drawing]) -> Outcome:
    """Ask for every drawing, one after the other."""
    ranks: list[int] = []
    spent: list[float] = []
    for drawing in asked:
        start = time.perf_counter()
        found = recognise(drawing.strokes)
        spent.append((time.perf_counter() - start) * 1000)
        ranks.append(found.index(drawing.text) if drawing.text in found else TOP)
    return Outcome(np.array(ranks), np.array(spent))


def ours(recogniser: Recogniser) -> Callable[[Strokes], Sequence[str]]:
    """Our answer as characters, from nested lists as they come from a pen."""

    def recognise(strokes: Strokes) -> list[str]:
        listed = [stroke.tolist() for stroke in strokes]
        found = recogniser.recognise(listed, TOP).candidates
        return [mj_list.character_at(item.codepoint) if item.codepoint else "" for item in found]

    return recognise


def measure(most: int = 400) -> dict[str, Any]:
    """Figures per case (`both`: zinnia's classes only, `all`: every drawing) and the ratio."""
    recogniser, peer = Recogniser.load(), Zinnia()
    outlines = Recogniser.load(prototypes=False)
    known = peer.classes()
    askers = {
        "madoguchi": ours(recogniser),
        "outlines": ours(outlines),
        "zinnia": partial(peer.recognise, top=TOP),
    }
    cases: dict[str, Any] = {}
    for case in CASES:
        asked = drawings(case, most)
        shared = np.array([drawing.text in known for drawing in asked])
        outcomes = {name: answer(ask, asked) for name, ask in askers.items()}
        cases[case] = {
            name: {"both": got.figures(shared), "all": got.figures(np.ones(len(asked), bool))}
            for name, got in outcomes.items()
        }
    plain = cases["plain"]
    ratio = plain["zinnia"]["all"]["ms_p50"] / plain["madoguchi"]["all"]["ms_p50"]
    return {
        "runtime": recogniser.runtime,
        "glyphs": recogniser.glyph_count,
        "zinnia_classes": len(known),
        "times_faster_than_zinnia": round(ratio, 2),
        "cases": cases,
    }


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{'case':10}{'who':12}{'n':>5}{'top-1':>8}{'top-10':>8}{'p50 ms':>9}{'p95 ms':>9}"]
    for case, peers in figures["cases"].items():
        for name, found in peers.items():
            for part in ("both", "all"):
                got = found[part]
                who = name if part == "both" else f"{name} (all)"
                lines.append(
                    f"{case:10}{who:18}{got['n']:>5}{got['top1']:>8.3f}{got['top10']:>8.3f}"
                    f"{got['ms_p50']:>9.2f}{got['ms_p95']:>9.2f}"
                )
    lines.append(
        f"{figures['glyphs']} glyphs against {figures['zinnia_classes']} classes; "
        f"{figures['times_faster_than_zinnia']} times as fast as zinnia (p50, plain)"
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
