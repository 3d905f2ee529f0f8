"""What recognition takes beside time: memory of a fresh process, files, and its worst answers.

`python -m bench.footprint [--json FILE]`. Memory is the peak of `madoguchi-edge recognise`, once as
it is and once with a filter, which reads the tables of characters as well.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench import recognition
from bench.telling import arguments, tell
from intake.characters import data_file
from models import manifest
from models.recogniser import ARTEFACTS, Recogniser

REPOSITORY = Path(__file__).parent.parent
LINES = 100
TRIES = 15
WITH_FILTER = ("--reading", "コウ", "--part", "口", "--strokes", "1-30")


def disk() -> dict[str, float]:
    """Megabytes of every file that the recogniser reads, and all together."""
    sizes = {
        name: (ARTEFACTS / name).stat().st_size / 1e6 for name in manifest.load(ARTEFACTS).files
    }
    tables = Path(data_file.__file__).parent / "data"
    sizes |= {name: (tables / name).stat().st_size / 1e6 for name in data_file.SHA256}
    return {name: round(size, 3) for name, size in {**sizes, "all": sum(sizes.values())}.items()}


def peak_megabytes(*options: str) -> float:
    """Peak resident memory of one `madoguchi-edge recognise` that answers LINES drawings."""
    lines = [
        json.dumps({"strokes": [stroke.tolist() for stroke in drawing.strokes]}) + "\n"
        for drawing in recognition.drawings("plain", LINES)
    ]
    command = [sys.executable, "-m", "edge", "recognise", "--json", *options]
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for line in lines:
            program.stdin.write(line.encode())
            program.stdin.flush()
            if not program.stdout.readline():
                raise SystemExit(f"{' '.join(command)} ended too early")
        status = Path(f"/proc/{program.pid}/status").read_text(encoding="ascii")
        program.stdin.close()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return round(int(peak.split()[1]) / 1024, 1)


def strange_drawings() -> dict[str, object]:
    """What no resident draws, or only by mistake."""
    rng = np.random.default_rng(5)
    three = [
        (stroke - stroke.min(axis=0)) / np.ptp(stroke, axis=0).max() + [1.2 * place, 0]
        for place, drawing in enumerate(recognition.drawings("plain", 3))
        for stroke in drawing.strokes
        if np.ptp(stroke, axis=0).max() > 0
    ]
    return {
        "nothing": [],
        "one dot": [[[5, 5]]],
        "one point many times": [[[5, 5]] * 500] * 20,
        "20,000 points": rng.random((1, 20_000, 2)).tolist(),
        "500 strokes of 40 points": rng.random((500, 40, 2)).tolist(),
        "a million points": [[[1, 2]] * 1_000_000],
        "not a number": [[[math.nan, 1], [2, 3]]],
        "gigantic": [[[1e11, 0], [-1e11, 5]], [[0, 1e11], [3, 4]]],
        "three characters in one box": [stroke.tolist() for stroke in three],
        "a scribble": rng.random((1, 400, 2)).tolist(),
    }


def strange() -> dict[str, dict[str, Any]]:
    """Milliseconds, note and whether sure of each strange drawing."""
    recogniser = Recogniser.load()
    figures: dict[str, dict[str, Any]] = {}
    for name, drawing in strange_drawings().items():
        spent: list[float] = []
        found = recogniser.recognise(drawing)
        for _ in range(TRIES):
            start = time.perf_counter()
            recogniser.recognise(drawing)
            spent.append((time.perf_counter() - start) * 1000)
        figures[name] = {
            "ms_p50": round(float(np.median(spent)), 2),
            "ms_most": round(max(spent), 2),
            "note": found.note,
            "sure": found.sure,
        }
    return figures


def measure() -> dict[str, Any]:
    """Memory, disk and the answers to strange drawings."""
    return {
        "peak_megabytes": {
            "recognise": peak_megabytes(),
            "with a filter": peak_megabytes(*WITH_FILTER),
        },
        "disk_megabytes": disk(),
        "strange": strange(),
    }


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    memory, files = figures["peak_megabytes"], figures["disk_megabytes"]
    lines = [
        f"peak memory {memory['recognise']} MB, with a filter {memory['with a filter']} MB",
        f"files {files['all']:.2f} MB",
        *(f"  {size:>7.3f} MB  {name}" for name, size in files.items() if name != "all"),
    ]
    for name, found in figures["strange"].items():
        said = found["note"] or ("sure" if found["sure"] else "not sure")
        lines.append(f"{name:30}{found['ms_p50']:>8.2f} ms, most {found['ms_most']:>7.2f}  {said}")
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table on stderr and the JSON on stdout or into a file."""
    tell(measure(), table, arguments(__doc__).parse_args().json)


if __name__ == "__main__":
    main()
