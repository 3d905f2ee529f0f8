"""From filing to receipt at 20 events a second: a unit's parts here, mosquitto and hub apart.

The time of one event begins before it is sealed and ends when its receipt, proof checked, has
closed the outbox row on disk. The baseline of the ratio is the same without any queue, at 1 event
a second. `python -m bench.latency [--json FILE]`.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.telling import arguments, tell
from edge.outbox import Composed, Outbox, Place, Row, RowState
from edge.settings import Settings, load
from tests.system.faults.office import RealOffice
from tests.system.faults.unit_driver import Driver

RATES = (1.0, 20.0)


class TimedOutbox(Outbox):
    """An outbox that notes when each row was asked for and when its receipt had closed it."""

    def __init__(self, folder: Path, *, ballast_bytes: int = 0, reserve_bytes: int = 0) -> None:
        super().__init__(folder, ballast_bytes=ballast_bytes, reserve_bytes=reserve_bytes)
        self.began: dict[bytes, float] = {}
        self.closed: dict[bytes, float] = {}

    def file(
        self, kid: bytes, day: str, filed_us: int, compose: Callable[[Place], Composed]
    ) -> Row:
        """As the outbox does, and note when it was asked."""
        start = time.perf_counter()
        row = super().file(kid, day, filed_us, compose)
        self.began[row.identity] = start
        return row

    def close(
        self, identity: bytes, state: RowState, receipt: bytes, receipt_us: int, reason: str | None
    ) -> bool:
        """As the outbox does, and note the time once the row is closed on disk."""
        done = super().close(identity, state, receipt, receipt_us, reason)
        self.closed.setdefault(identity, time.perf_counter())
        return done


async def filing_to_receipt(settings: Settings, rate: float, seconds: float) -> list[float]:
    """Milliseconds of every event that a unit files at `rate` for `seconds`."""
    driver = Driver(settings, outbox_kind=TimedOutbox)
    outbox = driver.outbox
    assert isinstance(outbox, TimedOutbox)
    link = asyncio.create_task(driver.link.run())
    start = time.perf_counter()
    for number in range(int(rate * seconds)):
        await driver.file()
        await asyncio.sleep(max(0.0, start + (number + 1) / rate - time.perf_counter()))
    while outbox.waiting() and not link.done():  # noqa: ASYNC110 - nothing tells of an empty outbox
        await asyncio.sleep(0.05)
    if link.done():
        link.result()
    link.cancel()
    with suppress(asyncio.CancelledError):
        await link
    return [(outbox.closed[identity] - began) * 1000 for identity, began in outbox.began.items()]


def figures(times: list[float]) -> dict[str, float]:
    """Percentiles of a list of milliseconds."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {
        "events": len(times),
        "p50_ms": round(cuts[49], 1),
        "p90_ms": round(cuts[89], 1),
        "p99_ms": round(cuts[98], 1),
        "max_ms": round(max(times), 1),
    }


def measure(seconds: float, port: int) -> dict[str, Any]:
    """Figures at each rate and the ratio of their medians."""
    with tempfile.TemporaryDirectory() as folder:
        office = RealOffice(Path(folder), port)
        try:
            units = [(rate, office.unit(f"unit-{n:02d}")) for n, rate in enumerate(RATES, 1)]
            office.start()
            rates = {
                f"{rate:g} events/s": figures(
                    asyncio.run(filing_to_receipt(load(unit.config), rate, seconds))
                )
                for rate, unit in units
            }
        finally:
            office.close()
    alone, loaded = rates.values()
    return {"rates": rates, "median_against_1_per_s": round(loaded["p50_ms"] / alone["p50_ms"], 2)}


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{'rate':14}{'events':>8}{'p50 ms':>9}{'p90 ms':>9}{'p99 ms':>9}{'max ms':>9}"]
    lines += [
        f"{name:14}{got['events']:>8}{got['p50_ms']:>9.1f}{got['p90_ms']:>9.1f}"
        f"{got['p99_ms']:>9.1f}{got['max_ms']:>9.1f}"
        for name, got in found["rates"].items()
    ]
    lines.append(f"median at 20/s is {found['median_against_1_per_s']} times that at 1/s")
    return "\n".join(lines)


@contextmanager
def quiet_stdout() -> Generator[None]:
    """The unit's driver tells on stdout what it files; here nobody listens."""
    kept = os.dup(1)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def free_port() -> int:
    """A TCP port of the loopback address that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> None:
    """Measure, print the table on stderr and the JSON on stdout or into a file."""
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=25.0, help="how long at each rate")
    options = parser.parse_args()
    with quiet_stdout():
        found = measure(options.seconds, free_port())
    tell(found, table, options.json)


if __name__ == "__main__":
    main()
