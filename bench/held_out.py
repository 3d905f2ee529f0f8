"""Write the strokes that bench/recognition.py draws: characters that no encoder was trained on.

`.venv-training/bin/python -m bench.held_out` takes a sample of KanjiVG's held-out quarter.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np

from intake.characters import mj_list
from models.training import sources

FILE = Path(__file__).parent / "strokes" / "kanjivg_held_out.jsonl.gz"
COUNT = 400


def main() -> None:
    """Choose COUNT characters of the MJ list and write one JSON line each."""
    listed = {code for _, code in mj_list.column("codepoint")}
    found = [
        sample
        for sample in sources.read_kanjivg(sources.kanjivg_folder())
        if sample.source == "kanjivg"
        and sources.held_out(sample.codepoint)
        and f"U+{sample.codepoint:04X}" in listed
    ]
    chosen = np.random.default_rng(1).choice(len(found), COUNT, replace=False)
    lines = [_line(found[at]) for at in sorted(chosen.tolist())]
    FILE.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))


def _line(sample: sources.StrokeSample) -> str:
    strokes = [np.round(stroke, 1).tolist() for stroke in sample.strokes]
    return json.dumps({"codepoint": f"U+{sample.codepoint:04X}", "strokes": strokes}) + "\n"


if __name__ == "__main__":
    main()
