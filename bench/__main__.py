"""`make bench`: every measurement in a process of its own, one table each, one JSON file for all.

The JSON goes to .bench/bench.json and names the machine, since only the ratios travel. The folder
of statutes that some measurements ask comes from the environment: `make bench LAWS=FOLDER`.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
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
    "precedents_search",
)
NEED_LAWS = ("precedents_search",)  # with LAWS=FOLDER only
TAKE_LAWS = ("entailment", *NEED_LAWS)
REPOSITORY = Path(__file__).parent.parent
OUTPUT = REPOSITORY / ".bench" / "bench.json"


def options(name: str) -> list[str]:
    """What one measurement is given beside where its figures go.

    The collection of the search is kept beside the figures: encoding it takes a quarter of an hour.
    """
    laws = os.environ.get("LAWS")
    if not laws or name not in TAKE_LAWS:
        return []
    kept = ["--store", str(OUTPUT.with_name("precedents.sqlite3"))] if name in NEED_LAWS else []
    return ["--laws", laws, *kept]


def wanted(named: Sequence[str]) -> list[str]:
    """The measurements to make: those named, else all but those whose folder is not given.

    One that is left out is said on stderr.
    """
    if named:
        return list(named)
    found: list[str] = []
    for name in MEASUREMENTS:
        if name in NEED_LAWS and not os.environ.get("LAWS"):
            sys.stderr.write(f"{name} is left out: it asks statutes; name them by LAWS=FOLDER\n")
        else:
            found.append(name)
    return found


def run(name: str) -> dict[str, Any]:
    """The figures of one measurement; its table goes to stderr as it comes."""
    sys.stderr.write(f"\n== {name}\n")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        command = [sys.executable, "-m", f"bench.{name}", "--json", str(file), *options(name)]
        subprocess.run(command, cwd=REPOSITORY, check=True)
        return json.loads(file.read_text(encoding="utf-8"))


def main() -> None:
    """Measure everything, or what is named on the command line."""
    names = wanted(sys.argv[1:])
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
