"""Delivery in a process that is killed: everything is imported once, then forked for each life.

Each line on standard input is one life: JSON {"step": name or "", "count": n, "after_s": s,
"hasty": bool, "per_second": n, "poll_s": s}. The answer is one line: "killed" or "done".
"""

import json
import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as sql_select

from hub.clock import now_us
from hub.messages.channels.channel import Assurance, Channel, Handed, Parcel, Receipt, Traits
from hub.messages.channels.configuration import Letter, Mynaportal
from hub.messages.channels.letter import LetterChannel
from hub.messages.channels.mynaportal import MynaportalChannel
from hub.messages.delivery.engine import DeliveryEngine
from hub.messages.delivery.lane import Lane
from hub.messages.delivery.picking import Work, pick
from hub.messages.delivery.schedule import Schedule
from hub.messages.delivery.states import MessageState
from hub.storage.database import Database
from hub.storage.tables import Message
from tests.system.delivery.services import Rendered, mail_channel

SCHEDULE = Schedule(retry_s=1.0, blind_retries=1000)
"""A mail whose fate is unknown goes again at once, and however often: it must come at last."""
OPEN = (MessageState.CREATED, MessageState.SENDING, MessageState.UNKNOWN)


class Courier(MynaportalChannel):
    """An assured channel to the same simulator that keeps no keys and reports nothing."""

    name = "courier"
    traits = Traits(Assurance.ASSURED, keeps_keys=False, rings=False)

    def send(self, parcel: Parcel) -> Handed:
        return super().send(parcel)

    def receipts(self, cursor: str) -> tuple[Sequence[Receipt], str]:
        return (), cursor


class HastyLane(Lane):
    """The control: calls first and writes nothing down before."""

    def _write_ahead(self) -> Sequence[Work]:
        with self._database.writing() as session:
            work = pick(session, self._rules, self.channel.name, self._clock(), self._most())
            session.rollback()
        return work


def channels_at(folder: Path, url: str, keyless_url: str, mail_port: int) -> list[Channel]:
    """The box, the courier, the mail server and the print folder."""
    token = folder / "token"
    page = (folder / "page.pdf").read_bytes()
    return [
        MynaportalChannel(Mynaportal(url=url, token_file=token)),
        Courier(Mynaportal(url=keyless_url, token_file=token)),
        mail_channel(mail_port),
        LetterChannel(Letter(folder=folder / "print"), Rendered(page)),
    ]


def life(folder: Path, channels: list[Channel], order: dict[str, Any]) -> None:
    """Deliver until nothing is open, or until the named step ends it."""
    seen = 0

    def step(name: str) -> None:
        nonlocal seen
        if name == order["step"]:
            seen += 1
            if seen >= order["count"]:
                os.kill(os.getpid(), signal.SIGKILL)

    database = Database(f"sqlite:///{folder / 'hub.sqlite3'}")
    rates = {channel.name: float(order["per_second"]) for channel in channels}
    engine = DeliveryEngine(
        database,
        channels,
        now_us,
        folder=folder,
        schedule=SCHEDULE,
        per_second=rates,
        poll_s=order["poll_s"],
        step=step,
    )
    if order["hasty"]:
        for lane in engine._lanes:
            lane.__class__ = HastyLane
    engine.start()
    while _open(database):
        time.sleep(0.05)
    time.sleep(0.2)
    os._exit(0)


def _open(database: Database) -> int:
    with database.reading() as session:
        states = [state.value for state in OPEN]
        statement = sql_select(func.count()).where(Message.state.in_(states))
        return session.scalar(statement.select_from(Message)) or 0


def main() -> None:
    folder = Path(sys.argv[1])
    channels = channels_at(folder, sys.argv[2], sys.argv[3], int(sys.argv[4]))
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                life(folder, channels, order)
            finally:
                os._exit(1)
        watch = os.pidfd_open(child)
        ready, _, _ = select.select([watch], [], [], order["after_s"])
        if not ready:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(watch)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        answer = "killed" if killed else "done" if status == 0 else "failed"
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
