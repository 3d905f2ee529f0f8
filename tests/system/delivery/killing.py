"""A batch delivered by a process that is killed again and again, and what became of it."""

import json
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from hub.messages.delivery.accepting import accept
from hub.messages.delivery.outgoing import Outgoing
from hub.messages.delivery.registering import register
from hub.messages.delivery.states import DispatchState, MessageState, Purpose
from hub.storage.database import Database
from hub.storage.tables import Message, MessageDispatch, MessageLedger
from tests.system.delivery.simulator import Simulator

STEPS = (
    "recovered",
    "routed",
    "picked",
    "attempt_stored",
    "called",
    "outcome_stored",
    "reports_stored",
)
OFTEN_S, SELDOM_S = 0.05, 60.0
"""How often reports are asked for; they settle what is unknown before it is called again."""
WAYS = ("mynaportal", "mynaportal", "mynaportal", "courier", "courier")


@dataclass(frozen=True)
class Result:
    """Message ids: of nowhere to be found, and of more than one arrival or ledger line."""

    lost: frozenset[str]
    doubled: frozenset[str]
    held: int
    handed_again: int
    kills: int


def deliver(
    folder: Path,
    *,
    messages: int,
    kills: int,
    steps: tuple[str, ...] = STEPS,
    hasty: bool = False,
    keyless: bool = False,
    ways: tuple[str, ...] = WAYS,
    pace: int = 3,
    seed: int = 1,
) -> Result:
    """Deliver `messages` through `kills` kills, half at named steps and half at random times;
    all at the one step where one is given.

    ways: the channels in turn; mynaportal keeps keys, courier does not and carries legal notices.
    pace: hand-overs a second of each channel.
    hasty: nothing is written before a call. keyless: the first channel forgets keys too.
    """
    database = Database(f"sqlite:///{folder / 'hub.sqlite3'}")
    database.migrate()
    _accept(database, messages, ways)
    with Simulator(folder / "keyed") as keyed, Simulator(folder / "keyless") as plain:
        (folder / "token").write_bytes(keyed.token_file.read_bytes())
        plain.faults(keyless=True)
        keyed.faults(keyless=keyless)
        done = _kill([str(folder), keyed.url, plain.url], hasty, kills, steps, seed=seed, pace=pace)
        result = _judge(database, keyed, plain, done)
    database.close()
    return result


def _accept(database: Database, messages: int, ways: tuple[str, ...]) -> None:
    with database.writing() as session:
        for index in range(messages):
            who, way = f"{index:015d}", ways[index % len(ways)]
            legal = way == "courier"
            register(session, who, way, who, "test")
            content = f"<message>{index}</message>".encode()
            outgoing = Outgoing(
                "131016", "notice", who, str(index), bytes(32), "通知", content, legal, batch="b"
            )
            accept(session, outgoing, "test")


@dataclass(frozen=True)
class Killer:
    """Lives of the delivering process, each ended at a named step, after a while, or by itself."""

    forker: subprocess.Popen[str]
    hasty: bool
    pace: int

    def live(self, step: str, count: int, after_s: float, per_second: int, poll_s: float) -> str:
        order = {"step": step, "count": count, "after_s": after_s}
        order |= {"hasty": self.hasty, "per_second": per_second, "poll_s": poll_s}
        assert self.forker.stdin is not None
        assert self.forker.stdout is not None
        self.forker.stdin.write(json.dumps(order) + "\n")
        self.forker.stdin.flush()
        return self.forker.stdout.readline().strip()

    def kill(self, kills: int, steps: tuple[str, ...], seed: int) -> int:
        """As often as asked, then one life to the end; returns how often it was killed."""
        chance = random.Random(seed)  # noqa: S311 - chooses moments, keeps no secret
        done, one = 0, len(steps) == 1
        for number in range(kills):
            named = steps[number // 2 % len(steps)] if number % 2 == 0 or one else ""
            after_s = 4.0 if named else chance.uniform(0.02, 0.5)
            poll_s = OFTEN_S if named == "reports_stored" else SELDOM_S
            count = 1 if one else chance.randint(1, 2)
            done += self.live(named, count, after_s, self.pace, poll_s) == "killed"
        assert self.live("", 0, 120.0, 0, SELDOM_S) == "done"
        return done


def _kill(
    arguments: list[str], hasty: bool, kills: int, steps: tuple[str, ...], *, seed: int, pace: int
) -> int:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.system.delivery.forker", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    ) as forker:
        return Killer(forker, hasty, pace).kill(kills, steps, seed)


def _judge(database: Database, keyed: Simulator, plain: Simulator, kills: int) -> Result:
    arrived = [one for one in keyed.taken() + plain.taken() if one["purpose"] == Purpose.MESSAGE]
    times = Counter(str(one["message_id"]) for one in arrived)
    with database.reading() as session:
        found = {m.message_id: m for m in session.scalars(select(Message))}
        lines = Counter(session.scalars(select(MessageLedger.message)))
        unknown = {
            row.message
            for row in session.scalars(select(MessageDispatch))
            if row.state == DispatchState.UNKNOWN
        }
    held = {m.message_id for m in found.values() if m.state == MessageState.HELD}
    shown = {i for i in held if found[i].number in unknown}
    booked = {i for i, m in found.items() if lines[m.number] == 1}
    # Lost: it arrived nowhere or is in no ledger line, and nobody is told that it is unknown.
    lost = {i for i in found if (i not in times or i not in booked) and i not in shown}
    doubled = {i for i, n in times.items() if n > 1} | {
        i for i, m in found.items() if lines[m.number] > 1
    }
    again = sum(int(one["calls"]) - 1 for one in arrived)
    return Result(frozenset(lost), frozenset(doubled), len(held), again, kills)
