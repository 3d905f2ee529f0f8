"""Events a second and the hub's CPU an event: many in one commit against one commit an event.

The same sealed envelopes go twice through the hub's own judging, log and receipts, each time into
an office made anew on disk (SQLite, synchronous=FULL); no broker takes part.
`python -m bench.intake [--json FILE]`.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.telling import arguments, tell
from hub.office import Office
from hub.settings import Folders, Settings, Trust
from hub.settings import Office as OfficeSettings
from hub.writer.commit import commit_batch
from hub.writer.examine import Incoming
from intake.event.keys import PublicKey, ReaderKey
from intake.event.keyset import KeySet, read_keyset
from intake.office.environment import Environment
from tests.hub.counter_unit import OFFICE, Town, move_in

BATCHES = {"batched": 200, "one commit per event": 1}


def office_at(folder: Path, made_from: Path | None = None) -> Office:
    """A new office in `folder`, with the keys of another one where given."""
    settings = Settings(
        office=OfficeSettings(OFFICE, "千代田区", Environment.DEMO),
        state=Folders(folder / "state"),
        trust=Trust((made_from or folder) / "trust"),
    )
    settings = replace(settings, web=replace(settings.web, secure_cookies=False, port=0))
    Office.create(settings, ReaderKey.generate().public).close()
    office = Office.open(settings)
    office.directory.refresh()
    return office


def key_set_of(office: Office) -> KeySet:
    """The signed key set that a unit would hold."""
    anchor = (office.settings.state.folder / "keys" / "office_anchor.pub").read_bytes()
    return read_keyset(office.publications.key_set(), PublicKey.from_pem(anchor))


def take(office: Office, envelopes: list[bytes], batch: int) -> dict[str, float]:
    """Judge, commit and receipt everything; events a second and CPU microseconds an event."""
    began, cpu = time.perf_counter(), time.process_time()
    for start in range(0, len(envelopes), batch):
        incoming = [
            Incoming("unit-01", data, office.clock()) for data in envelopes[start : start + batch]
        ]
        judged = [(item, office.examiner.examine(item)) for item in incoming]
        outcomes = commit_batch(office.journal, office.receipts, judged)
        if not all(outcome.journalled and outcome.new for outcome in outcomes):
            raise SystemExit("bench: an event was not journalled; the figures would be worthless")
    spent, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {
        "events_per_s": round(len(envelopes) / spent, 1),
        "cpu_us_per_event": round(cpu / len(envelopes) * 1e6, 1),
    }


def measure(count: int = 1000) -> dict[str, Any]:
    """Figures of both ways and their ratios, over `count` move-ins of a household of three."""
    figures: dict[str, Any] = {}
    size = 0.0
    for name, batch in BATCHES.items():
        with tempfile.TemporaryDirectory() as folder:
            town = Town(Path(folder) / "trust")
            unit = town.enrol("unit-01")
            office = office_at(Path(folder))
            keyset = key_set_of(office)
            envelopes = [unit.file(keyset, move_in()).data for _ in range(count)]
            size = sum(map(len, envelopes)) / count
            figures[name] = take(office, envelopes, batch)
            office.close()
    batched, single = figures.values()
    return {
        "events": count,
        "envelope_bytes": round(size),
        "ways": figures,
        "times_more_events_batched": round(batched["events_per_s"] / single["events_per_s"], 2),
        "times_less_cpu_batched": round(
            single["cpu_us_per_event"] / batched["cpu_us_per_event"], 2
        ),
    }


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{'way':24}{'events/s':>10}{'CPU us/event':>14}"]
    lines += [
        f"{name:24}{way['events_per_s']:>10.0f}{way['cpu_us_per_event']:>14.0f}"
        for name, way in figures["ways"].items()
    ]
    lines.append(
        f"{figures['events']} envelopes of {figures['envelope_bytes']} bytes; batched takes "
        f"{figures['times_more_events_batched']} times the events and "
        f"1/{figures['times_less_cpu_batched']} of the CPU"
    )
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table on stderr and the JSON on stdout or into a file."""
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=1000, help="events each way")
    options = parser.parse_args()
    figures = measure(options.count)
    tell(figures, table, options.json)


if __name__ == "__main__":
    main()
