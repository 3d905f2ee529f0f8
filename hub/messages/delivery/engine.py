"""The threads of delivery: a keeper, a lane for each channel, a poller for each that reports."""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from hub.alarms import AlarmKind, raise_alarm
from hub.clock import Clock
from hub.errors import HubError, StateError, StorageError
from hub.messages.channels.building import channels_of, rates
from hub.messages.channels.channel import Channel
from hub.messages.delivery.keeping import Keeper
from hub.messages.delivery.lane import Lane, Step, recover
from hub.messages.delivery.pacing import Monotonic, Timekeeper
from hub.messages.delivery.rules import Rules
from hub.messages.delivery.schedule import Schedule
from hub.office import Office
from hub.storage.database import Database

TICK_S: Final = 0.25
POLL_S: Final = 5.0
AFTER_TROUBLE_S: Final = 5.0
ROUNDS: Final = 10_000
LOCK: Final = "delivery.lock"

logger = logging.getLogger(__name__)


class DeliveryEngine:
    """Delivers whatever was accepted, for as long as it runs. One engine a database."""

    def __init__(
        self,
        database: Database,
        channels: Sequence[Channel],
        clock: Clock,
        *,
        folder: Path,
        schedule: Schedule | None = None,
        monotonic: Monotonic = time.monotonic,
        per_second: Mapping[str, float] | None = None,
        poll_s: float = POLL_S,
        step: Step = lambda _name: None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` is called, from any thread, when a page may show something new."""
        self.channels = {channel.name: channel for channel in channels}
        traits = {name: channel.traits for name, channel in self.channels.items()}
        self.rules = Rules(traits, schedule or Schedule())
        self._database, self._clock = database, clock
        self._keeper = Keeper(database, self.rules, Timekeeper(clock, monotonic))
        rates = per_second or {}
        self._lanes = [
            Lane(
                database,
                channel,
                self.rules,
                clock,
                monotonic,
                per_second=rates.get(channel.name, 0.0),
                step=step,
            )
            for channel in channels
        ]
        self._folder, self._poll_s, self._step, self._changed = folder, poll_s, step, changed
        self._lock = -1
        self._stopping = threading.Event()
        self._wakes = [threading.Event() for _ in range(1 + len(self._lanes))]
        self._threads: list[threading.Thread] = []
        self._stopped_writing = threading.Event()
        self._begun = threading.Event()

    def begin(self) -> None:
        """Take the database for this process and settle what an earlier one left open.

        StateError when another engine runs on the same state folder.
        """
        self._take_lock()
        self._recover()

    def start(self) -> None:
        """Work in threads; on a full disk they begin when it can be written again."""
        self._take_lock()
        loops = [("keeper", lambda: self._loop(self._keep, 0))]
        for place, lane in enumerate(self._lanes, 1):
            loops.append((lane.channel.name, self._lane_loop(lane, place)))
            if _may_report(lane.channel):
                loops.append((f"{lane.channel.name}-reports", self._poll_loop(lane.channel)))
        for name, run in loops:
            thread = threading.Thread(target=run, name=f"delivery-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End after the calls at hand; what is not done stays on the work list."""
        self._stopping.set()
        self.wake()
        for thread in self._threads:
            thread.join()
        for lane in self._lanes:
            lane.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def wake(self) -> None:
        """Something was accepted or decided: look now."""
        for event in self._wakes:
            event.set()

    def run_once(self) -> int:
        """Do everything that is due now, in this thread; returns how many calls were made."""
        calls = 0
        for channel in self.channels.values():
            if _may_report(channel):
                self._poll(channel)
        for _ in range(ROUNDS):
            moved = self._keeper.turn()
            if moved:
                self._step("routed")
            made = sum(lane.turn() for lane in self._lanes)
            calls += made
            if not moved and not made:
                break
        return calls

    def _recover(self) -> None:
        recover(self._database, self.rules, self._clock())
        self._keeper.begin()
        self._begun.set()
        self._step("recovered")

    def _keep(self) -> int:
        if not self._begun.is_set():
            self._recover()
        moved = self._keeper.turn()
        if moved:
            self._step("routed")
            for event in self._wakes[1:]:
                event.set()
        if self._stopped_writing.is_set():
            with self._database.writing() as session:
                raise_alarm(session, AlarmKind.DELIVERY_STOPPED, "", self._clock())
            self._stopped_writing.clear()
        return moved

    def _lane_loop(self, lane: Lane, place: int) -> Callable[[], None]:
        def turn() -> int:
            made = lane.turn() if self._begun.is_set() else 0
            if made:
                self._wakes[0].set()
            return made

        return lambda: self._loop(turn, place)

    def _poll_loop(self, channel: Channel) -> Callable[[], None]:
        def run() -> None:
            while not self._stopping.wait(self._poll_s):
                if self._begun.is_set():
                    self._guarded(lambda: self._poll(channel))

        return run

    def _poll(self, channel: Channel) -> int:
        try:
            found = self._keeper.poll(channel)
        except StorageError:
            raise
        except HubError as error:
            logger.warning("reports of channel %s: %s", channel.name, error)
            return 0
        if found:
            self._step("reports_stored")
            self._changed()
        return found

    def _loop(self, turn: Callable[[], int], place: int) -> None:
        wake = self._wakes[place]
        while not self._stopping.is_set():
            done = self._guarded(turn)
            if done:
                self._changed()
                continue
            wake.wait(TICK_S)
            wake.clear()

    def _guarded(self, turn: Callable[[], int]) -> int:
        """One turn; whatever goes wrong, the thread lives: else nothing would be sent any more."""
        try:
            return turn()
        except StorageError as error:
            logger.warning("delivery waits: %s", error)
            self._stopped_writing.set()
        except Exception:
            logger.exception("delivery")
        self._stopping.wait(AFTER_TROUBLE_S)
        return 0

    def _take_lock(self) -> None:
        path = self._folder / LOCK
        self._lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            self._lock = -1
            raise StateError(
                f"{path}: messages of this office are delivered by another process already"
            ) from error


def engine_of(office: Office) -> DeliveryEngine:
    """The engine of an office, by its settings."""
    settings, times = office.settings, office.settings.delivery
    return DeliveryEngine(
        office.database,
        channels_of(office),
        office.clock,
        folder=settings.state.folder,
        schedule=Schedule(
            retry_s=times.retry_seconds,
            first_reminder_days=times.first_reminder_days,
            second_reminder_days=times.second_reminder_days,
            next_channel_days=times.next_channel_days,
        ),
        per_second=rates(settings.channels),
        poll_s=times.poll_seconds,
        changed=lambda: office.live.say("messages"),
    )


def _may_report(channel: Channel) -> bool:
    return channel.traits.reports or channel.traits.bounces
