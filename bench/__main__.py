"""`make bench`: every measurement in a process of its own, one table each, one JSON file for all.

The JSON goes to .bench/bench.json and names the machine, since only the ratios travel.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MEASUREMENTS = (
    "recognition",
    "footprint",
    "runtimes",
    "intake",
    "latency",
    "card",
    "certificates",
    "documents",
    "messages",
    "delivery",
    "entailment",
)
REPOSITORY = Path(__file__).parent.parent
OUTPUT = REPOSITORY / ".bench" / "bench.json"


def run(name: str) -> dict[str, Any]:
    """The figures of one measurement; its table goes to stderr as it comes."""
    sys.stderr.write(f"\n== {name}\n")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        command = [sys.executable, "-m", f"bench.{name}", "--json", str(file)]
        subprocess.run(command, cwd=REPOSITORY, check=True)
        return json.loads(file.read_text(encoding="utf-8"))


def main() -> None:
    """Measure everything, or what is named on the command line."""
    names = sys.argv[1:] or list(MEASUREMENTS)
    figures: dict[str, Any] = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "load_before": os.getloadavg()[0],
            "python": platform.python_version(),
        },
    }
    for name in names:
        figures[name] = run(name)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    sys.stderr.write(f"\nwritten: {OUTPUT.relative_to(REPOSITORY)}\n")


if __name__ == "__main__":
    main()
