"""A batch delivered by a process that is killed again and again, and what became of it."""

import json
import math
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from hub.messages.delivery.accepting import accept
from hub.messages.delivery.outgoing import Outgoing
from hub.messages.delivery.registering import Wishes, register, wish
from hub.messages.delivery.states import DispatchState, MessageState, Purpose
from hub.storage.database import Database
from hub.storage.tables import Message, MessageDispatch, MessageLedger
from tests.system.delivery.paper import pages
from tests.system.delivery.services import HOME, mails
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
WAYS = (
    "mynaportal",
    "courier",
    "email",
    "mynaportal",
    "mynaportal",
    "courier",
    "mynaportal",
    "letter",
    "email",
    "courier",
)
LEGAL = ("courier", "letter")
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Result:
    """Message ids: of nowhere to be found, and of more than one arrival or ledger line.

    handed_again: calls under a key that was known; mails_again: mails under a known Message-ID.
    """

    lost: frozenset[str]
    doubled: frozenset[str]
    held: int
    handed_again: int
    mails_again: int
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

    ways: the channels in turn. mynaportal and letter keep keys, courier and email do not; courier
    and letter carry legal notices. pace: hand-overs a second of each channel.
    hasty: nothing is written before a call. keyless: the first channel forgets keys too.
    """
    database = Database(f"sqlite:///{folder / 'hub.sqlite3'}")
    database.migrate()
    (folder / "print").mkdir()
    (folder / "page.pdf").write_bytes(pages((30, 100, "本文")))
    batch = Batch(database, messages, ways)
    with (
        Simulator(folder / "keyed") as keyed,
        Simulator(folder / "keyless") as plain,
        mail_server(folder / "mails") as port,
    ):
        (folder / "token").write_bytes(keyed.token_file.read_bytes())
        plain.faults(keyless=True)
        keyed.faults(keyless=keyless)
        arguments = [str(folder), keyed.url, plain.url, str(port)]
        with _forker(arguments) as forker:
            done = Killer(forker, batch, hasty, pace).kill(kills, steps, seed)
        result = _judge(database, [keyed, plain], folder, done)
    database.close()
    return result


@dataclass
class Batch:
    """The messages of a batch; they are accepted in portions, so that no life has nothing to do."""

    database: Database
    messages: int
    ways: tuple[str, ...]
    accepted: int = 0

    @property
    def whole(self) -> bool:
        return self.accepted == self.messages

    def accept(self, until: int) -> None:
        """Accept what is missing up to this many."""
        with self.database.writing() as session:
            for index in range(self.accepted, min(until, self.messages)):
                who, way = f"{index:015d}", self.ways[index % len(self.ways)]
                if way == "letter":
                    wish(session, who, Wishes(postal=HOME), "test")
                else:
                    to = f"{who}@example.jp" if way == "email" else who
                    register(session, who, way, to, "test")
                named = ("131016", "notice", who, str(index), bytes(32))
                content = f"<message>{index}</message>".encode()
                outgoing = Outgoing(*named, "通知", content, way in LEGAL, batch="b")
                accept(session, outgoing, "test")
        self.accepted = max(self.accepted, min(until, self.messages))


@contextmanager
def mail_server(box: Path) -> Generator[int]:
    """The port of a real mail server that keeps what it is given in `box`."""
    box.mkdir()
    command = [sys.executable, "-m", "tests.system.delivery.mail_server", str(box)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline())
        server.terminate()


@dataclass(frozen=True)
class Killer:
    """Lives of the delivering process, each ended at a named step, after a while, or by itself."""

    forker: subprocess.Popen[str]
    batch: Batch
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
        """Live until it was killed so often, then once more to the end; returns the kills.

        Fewer only where the whole batch was delivered before.
        """
        chance = random.Random(seed)  # noqa: S311 - chooses moments, keeps no secret
        done = number = 0
        one, ended = len(steps) == 1, False
        while done < kills and not ended:
            share = math.ceil(self.batch.messages * (done + 1) / kills)
            self.batch.accept(max(share, self.batch.accepted + 1))
            named = steps[number // 2 % len(steps)] if number % 2 == 0 or one else ""
            after_s = 4.0 if named else chance.uniform(0.02, 0.5)
            poll_s = OFTEN_S if named == "reports_stored" else SELDOM_S
            count = 1 if one else chance.randint(1, 2)
            said = self.live(named, count, after_s, self.pace, poll_s)
            assert said in ("killed", "done"), said
            done += said == "killed"
            ended = said == "done" and self.batch.whole
            number += 1
        self.batch.accept(self.batch.messages)
        assert self.live("", 0, 300.0, 0, SELDOM_S) == "done"
        return done


def _forker(arguments: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.system.delivery.forker", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def _judge(database: Database, simulators: Sequence[Simulator], folder: Path, kills: int) -> Result:
    taken = [one for simulator in simulators for one in simulator.taken()]
    arrived = [one for one in taken if one["purpose"] == Purpose.MESSAGE]
    with database.reading() as session:
        found = {m.message_id: m for m in session.scalars(select(Message))}
        lines = Counter(session.scalars(select(MessageLedger.message)))
        dispatches = session.scalars(select(MessageDispatch)).all()
    times = Counter(str(one["message_id"]) for one in arrived)
    mailed = _mailed(folder)
    # A mail may come again, but only under its Message-ID; a letter is one file.
    times.update(_ids(found, dispatches, set(mailed)))
    times.update(_ids(found, dispatches, _printed(folder)))
    unknown = {row.message for row in dispatches if row.state == DispatchState.UNKNOWN}
    held = {m.message_id for m in found.values() if m.state == MessageState.HELD}
    shown = {i for i in held if found[i].number in unknown}
    booked = {i for i, m in found.items() if lines[m.number] == 1}
    # Lost: it arrived nowhere or is in no ledger line, and nobody is told that it is unknown.
    lost = {i for i in found if (i not in times or i not in booked) and i not in shown}
    doubled = {i for i, n in times.items() if n > 1} | {
        i for i, m in found.items() if lines[m.number] > 1
    }
    again = sum(int(one["calls"]) - 1 for one in arrived)
    mails_again = mailed.total() - len(mailed)
    return Result(frozenset(lost), frozenset(doubled), len(held), again, mails_again, kills)


def _mailed(folder: Path) -> Counter[str]:
    """How often each key came by mail; the key is the Message-ID's first part."""
    return Counter(str(one["Message-ID"])[1:].partition("@")[0] for one in mails(folder / "mails"))


def _printed(folder: Path) -> list[str]:
    """The key of each letter in the print folder."""
    return [path.stem.partition("_")[2] for path in (folder / "print").glob("*/*.pdf")]


def _ids(
    found: Mapping[str, Message], dispatches: Iterable[MessageDispatch], keys: Iterable[str]
) -> list[str]:
    """The message that each key of a hand-over belongs to."""
    names = {message.number: name for name, message in found.items()}
    messages = {row.key: names[row.message] for row in dispatches}
    return [messages[key] for key in keys]
