"""What a counter reading costs beyond the card's own answer time, through a real pcscd.

A virtual card lies on the reader of a pcscd of its own; its own time (signatures, look-ups) is
taken off the time of the reading. What is left is this machine's: pcscd, the reader layer and
every check. `python -m bench.card [--json FILE]`.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from bench.telling import arguments, tell
from tests.system.card.running_bench import Bench

PERSONA = "head_of_household"
WAYS = {"text and authentication": False, "everything at once": True}
WARM_UP = 5


def percentiles(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile of milliseconds."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50_ms": round(cuts[49], 2), "p95_ms": round(cuts[94], 2)}


def read_often(bench: Bench, count: int, *, everything: bool) -> dict[str, Any]:
    """`count` readings of the card that lies there: local overhead, the card's time, commands."""
    overheads: list[float] = []
    card_times: list[float] = []
    commands = 0
    for number in range(WARM_UP + count):
        before = bench.order("status")
        reading = bench.do("read", everything=everything)
        after = bench.order("status")
        if reading["code"] != "ok":
            raise SystemExit(f"bench: a reading ended as {reading['code']}; figures would mislead")
        card_ms = after["answering_ms"] - before["answering_ms"]
        commands = after["commands"] - before["commands"]
        if number >= WARM_UP:
            overheads.append(reading["seconds"] * 1000 - card_ms)
            card_times.append(card_ms)
    return {
        "readings": count,
        "commands": commands,
        "local_overhead": percentiles(overheads),
        "card_itself": percentiles(card_times),
    }


def measure(count: int = 200) -> dict[str, Any]:
    """Both ways of reading one card."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        try:
            bench.insert(PERSONA)
            ways = {
                name: read_often(bench, count, everything=everything)
                for name, everything in WAYS.items()
            }
        finally:
            bench.close()
    return {"ways": ways}


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{'reading':28}{'commands':>9}{'overhead p50':>14}{'p95':>8}{'card p50':>10}"]
    for name, way in figures["ways"].items():
        overhead, card = way["local_overhead"], way["card_itself"]
        lines.append(
            f"{name:28}{way['commands']:>9}{overhead['p50_ms']:>11.1f} ms"
            f"{overhead['p95_ms']:>5.1f} ms{card['p50_ms']:>7.1f} ms"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table on stderr and the JSON on stdout or into a file."""
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=200, help="readings each way")
    options = parser.parse_args()
    tell(measure(options.count), table, options.json)


if __name__ == "__main__":
    main()
