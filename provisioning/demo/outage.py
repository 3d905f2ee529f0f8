"""The line to the office is cut while a notification is filed, and the unit's process is killed."""

import os
import signal
import time

from provisioning.demo import processes
from provisioning.demo.counter_page import CounterPage, State
from provisioning.demo.lineage import command_line, descendants
from provisioning.demo.places import Places
from provisioning.demo.proof import kept
from provisioning.demo.runner import Runner
from provisioning.errors import DemoError


class Outage:
    """One outage, from the stop of the broker to the receipt."""

    def __init__(
        self, places: Places, runner: Runner, resident: CounterPage, clerk: CounterPage
    ) -> None:
        self._places = places
        self._runner = runner
        self._resident = resident
        self._clerk = clerk
        self._stopped = self._started = 0.0

    async def begin(self) -> None:
        """Stop the broker and wait until the unit has noticed."""
        await self._runner.stop("broker")
        self._stopped = time.monotonic()
        await self._clerk.until("the line is down", _disconnected)

    async def kill_unit(self, notification_id: str, number: str) -> None:
        """Show that the row waits, kill the unit's process, and find the same row again."""
        before = kept(self._places, notification_id)
        if before.receipt is not None or before.reception_number != number:
            raise DemoError("what was accepted does not wait on the unit's disk")
        killed = self._serving()
        os.kill(killed, signal.SIGKILL)

        def restored(state: State) -> bool:
            filed = state["filed"] or {}
            return self._serving_again(killed) and filed.get("reception_number") == number

        await self._resident.until("the unit's process is back", restored)
        after = kept(self._places, notification_id)
        if after != before:
            raise DemoError("the row changed while the unit's process was killed")

    async def end(self) -> dict[str, object]:
        """Start the broker again; returns how long it was away."""
        await self._runner.start(processes.broker(self._places))
        self._started = time.monotonic()
        return {"outage_seconds": round(self._started - self._stopped, 3)}

    def delivered(self) -> dict[str, object]:
        """How long after the broker's start the receipt was there; call it when it is."""
        return {"delivered_after_seconds": round(time.monotonic() - self._started, 3)}

    def _serving(self) -> int:
        """The process that serves the counter, below its supervisor and the benches."""
        bench = self._runner.pid("unit")
        for pid in [] if bench is None else descendants(bench):
            words = command_line(pid)
            if "serve" in words and "--lifeline" in words:
                return pid
        raise DemoError("the unit's process is not there to be killed")

    def _serving_again(self, killed: int) -> bool:
        try:
            return self._serving() != killed
        except DemoError:
            return False


def _disconnected(state: State) -> bool:
    return not state["unit"]["connected"]
