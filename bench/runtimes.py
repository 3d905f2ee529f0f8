"""The same int8 encoder in LiteRT and in tflite-runtime 2.14: same answers, and at what speed.

`python -m bench.runtimes` makes `.bench/tflite` (Python 3.11, numpy 1.26) for the second runtime,
since the two cannot live in one environment, and asks both for the same drawings.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from bench import recognition
from bench.telling import arguments, tell
from models.recogniser import Recogniser

REPOSITORY = Path(__file__).parent.parent
OTHER = REPOSITORY / ".bench" / "tflite"


def ask(runtime: str, most: int) -> dict[str, Any]:
    """Ten best code points of every drawing and the median time of the encoder."""
    recogniser = Recogniser.load(runtime)
    found: list[list[str | None]] = []
    spent: list[float] = []
    for case in recognition.CASES:
        for drawing in recognition.drawings(case, most):
            listed = [stroke.tolist() for stroke in drawing.strokes]
            answer = recogniser.recognise(listed, recognition.TOP)
            found.append([item.codepoint for item in answer.candidates])
            spent.append(answer.ms.encode)
    median = round(float(np.median(spent)), 3)
    return {"numpy": np.__version__, "encode_ms_p50": median, "found": found}


def environment() -> Path:
    """Python of the environment with tflite-runtime, made on first use."""
    python = OTHER / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(OTHER)], check=True)
        pinned = REPOSITORY / "requirements" / "edge-tflite.txt"
        command = [sys.executable, "-m", "uv", "--quiet", "pip", "install", "--python", str(python)]
        names = ["tflite-runtime", "numpy"]
        subprocess.run([*command, "--constraints", str(pinned), *names], check=True)
    return python


def measure(most: int = 200) -> dict[str, Any]:
    """Share of drawings with the same first choice and the same ten, and the encoder's times."""
    if sys.version_info[:2] != (3, 11):
        return {"skipped": "tflite-runtime 2.14 has wheels for Python 3.11 alone"}
    command = [str(environment()), "-m", "bench.runtimes", "--ask", "tflite", "--most", str(most)]
    answer = subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE).stdout
    other, own = json.loads(answer), ask("litert", most)
    pairs = list(zip(own["found"], other["found"], strict=True))
    return {
        "drawings": len(pairs),
        "same_top1": round(float(np.mean([a[0] == b[0] for a, b in pairs])), 4),
        "same_top10_set": round(float(np.mean([set(a) == set(b) for a, b in pairs])), 4),
        "encode_ms_p50": {"litert": own["encode_ms_p50"], "tflite": other["encode_ms_p50"]},
        "numpy": {"litert": own["numpy"], "tflite": other["numpy"]},
    }


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    if "skipped" in figures:
        return f"skipped: {figures['skipped']}"
    spent = figures["encode_ms_p50"]
    return (
        f"{figures['drawings']} drawings: same first choice {figures['same_top1']:.2%}, same ten "
        f"{figures['same_top10_set']:.2%}; encoder p50 {spent['litert']} ms (LiteRT), "
        f"{spent['tflite']} ms (tflite-runtime)"
    )


def main() -> None:
    """Measure; or, inside one environment, answer with its runtime."""
    parser = arguments(__doc__)
    parser.add_argument("--ask", choices=("litert", "tflite"))
    parser.add_argument("--most", type=int, default=200, help="drawings per case")
    options = parser.parse_args()
    if options.ask:
        sys.stdout.write(json.dumps(ask(options.ask, options.most)) + "\n")
    else:
        tell(measure(options.most), table, options.json)


if __name__ == "__main__":
    main()
