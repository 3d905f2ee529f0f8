"""Every screen of the card, one after the other: what lies on the reader, and what was done."""

import asyncio
import datetime as dt
import tomllib
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drivers.card_reader import errors
from drivers.card_reader.interface import ReaderStatus
from drivers.card_reader.simulated_card import demo_pki
from drivers.card_reader.simulated_card.persona import CertificateNames, Persona, with_faults
from drivers.errors import DriverError
from edge.session import card_desk
from edge.session.card_desk import CardPolicy
from intake.notification import Procedure
from intake.office.environment import Environment
from tests.edge.card_bench import CardBench
from tests.edge.forms import FORM
from tests.system.pages.unit.running_counter import Counter

FACE = {"birth_date": "1984-05-17", "expiry_year": 2031, "security_code": "4821"}
PASSWORD = "DEMO1234"
WORDS = Path(__file__).with_suffix(".toml")
OF_THE_CARD = ("persons/p1/name", "notifier_name", "old_address", "persons/p2/")
YOSHINO = Persona(
    title="代替文字の画面",
    name="𠮷野　花子",
    address="青海県白波市港町二丁目３番４号",
    my_number="123456789018",
    certificate=CertificateNames("吉野　華子", "10000", "青海県白波市港町二丁目３番４号", "0" * 15),
)


class Cards:
    """The reader of a counter that runs in a thread."""

    def __init__(self, counter: Counter, folder: Path) -> None:
        self.counter = counter
        pki = demo_pki.open_pki(folder, dt.datetime.now(dt.UTC))
        self.bench = CardBench(counter.unit, pki)

    def put(self, persona: str | Persona) -> None:
        card = self.bench.make(persona)
        self.counter.run(self.bench.put(card))

    def take(self) -> None:
        self.counter.run(self.bench.take())

    def lose(self, status: ReaderStatus) -> None:
        self.counter.run(self.bench.lose(status))

    def read(self, pin: str = "1234", **more: str) -> None:
        self.counter.resident("read_card", auth_pin=pin, **{"text_pin": "1234", **more})

    def way(self, way: str) -> None:
        self.counter.clerk("card_way", card_way=way)

    @contextmanager
    def anew(self, language: str, text_size: str) -> Generator[None]:
        """A notification just begun before an empty reader, and everything as it was afterwards."""
        desk, reader = self.bench.desk, self.bench.reader
        environment, policy, slow = desk._environment, desk.policy, card_desk.SLOW_SECONDS
        if self.counter.state() != "idle":
            self.counter.clerk("finish" if self.counter.state() == "filed" else "cancel")
        self.take()
        self.counter.clerk("start", procedure="move_in")
        self.counter.resident("language", language=language)
        self.counter.resident("text_size", text_size=text_size)
        try:
            yield
        finally:
            desk._reader, desk._environment, desk.policy = reader, environment, policy
            card_desk.SLOW_SECONDS = slow
            reader._remove_after = None

    def to_signature(self) -> None:
        """Up to the signature of a procedure that is signed with the card."""
        self.bench.desk.policy = CardPolicy(signed=frozenset({Procedure.MOVE_IN}))
        self.put("head_of_household")
        self.read()
        form = {place: one for place, one in FORM.items() if not place.startswith(OF_THE_CARD)}
        self.counter.clerk("fill", values=form)
        self.counter.clerk("to_review")
        self.counter.clerk("to_resident")
        self.counter.resident("confirm")

    def slowly(self) -> None:
        """A reading that is under way and takes long; it ends when the card is taken off."""
        card_desk.SLOW_SECONDS = 0.1
        card = self.bench.make("head_of_household")
        self.counter.run(self.bench.put(card))
        card.faults = with_faults(card.faults, {"slow_ms": 400})
        resident = self.counter.unit.resident
        act = resident.act("read_card", auth_pin="1234")
        asyncio.run_coroutine_threadsafe(act, self.counter._loop)


Play = Callable[[Cards], object]


@dataclass(frozen=True)
class Scene:
    """A screen: how it comes about, and words that both displays must show then, by language."""

    name: str
    play: Play
    words: Mapping[str, tuple[str, str]]


def _after(persona: str | Persona, *acts: Play) -> Play:
    def play(cards: Cards) -> None:
        cards.put(persona)
        for act in acts:
            act(cards)

    return play


def _refused(error: DriverError) -> Play:
    return _after(
        "head_of_household", lambda cards: cards.bench.refuse(error), lambda cards: cards.read()
    )


def _read(pin: str = "1234", **more: str) -> Play:
    return lambda cards: cards.read(pin, **more)


def _torn(cards: Cards) -> None:
    cards.put("head_of_household")
    cards.bench.reader.remove_after(20)
    cards.read()


def _in_production(cards: Cards) -> None:
    cards.bench.desk._environment = Environment.PRODUCTION
    cards.put("test_hierarchy")
    cards.read()


def _child(cards: Cards) -> None:
    cards.way("certificate")
    cards.put("under_15")


def _face(cards: Cards) -> None:
    cards.way("check_number")
    cards.put("head_of_household")
    cards.counter.clerk("read_by_check_number", **FACE)


def _stand_ins(cards: Cards) -> None:
    cards.way("certificate")
    cards.put(YOSHINO)
    cards.read(sign_password=PASSWORD)


def _wrong_password(cards: Cards) -> None:
    cards.to_signature()
    cards.counter.resident("sign_by_card", sign_password="WRONG123")


def _signed(cards: Cards) -> None:
    cards.to_signature()
    cards.counter.resident("sign_by_card", sign_password=PASSWORD)


def _waived(cards: Cards) -> None:
    cards.to_signature()
    cards.counter.clerk("waive_signature")


def _allowed(cards: Cards) -> None:
    cards.counter.clerk("allow_last_try")


PLAYS: Mapping[str, Play] = {
    "no service": lambda c: c.lose(ReaderStatus.NO_SERVICE),
    "no reader": lambda c: c.lose(ReaderStatus.NO_READER),
    "empty": lambda _c: None,
    "foreign card": _after("not_my_number"),
    "ready": _after("head_of_household"),
    "wrong pin": _after("head_of_household", _read("0000")),
    "one left": _after("one_try_left"),
    "one left, allowed": _after("one_try_left", _allowed),
    "blocked": _after("blocked"),
    "phone": _after("android"),
    "child": _child,
    "expired": _after("expired", _read()),
    "changed text": _after("tampered_text", _read()),
    "a copy": _after("clone", _read()),
    "unknown issuer": _after("forged_issuer", _read()),
    "test card in production": _in_production,
    "torn": _torn,
    "busy": _refused(errors.CardBusyError("b")),
    "mute": _refused(errors.CardUnresponsiveError("m")),
    "late": _refused(errors.CardTimeoutError("t")),
    "slow": lambda c: c.slowly(),
    "provisional": _after("head_of_household", _read()),
    "password too": lambda c: (c.way("certificate"), c.put("head_of_household")),
    "check number": lambda c: (c.way("check_number"), c.put("head_of_household")),
    "face": _face,
    "stand-in": _stand_ins,
    "stand-ins in the form": lambda c: (_stand_ins(c), c.counter.clerk("to_fill")),
    "sign": lambda c: c.to_signature(),
    "wrong password": _wrong_password,
    "signed": _signed,
    "waived": _waived,
}


def scenes() -> tuple[Scene, ...]:
    """Every scene with its words from card_scenes.toml; each has both."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    assert words.keys() == PLAYS.keys()
    return tuple(Scene(name, play, words[name]) for name, play in PLAYS.items())
