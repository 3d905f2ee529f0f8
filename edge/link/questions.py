"""Questions to the office, and the answers that belong to them."""

from dataclasses import dataclass
from typing import Final

from edge.unit import Unit
from edge.unit_clock import UnitClock
from intake.event import upward
from intake.event.upward import Ask, AskKind, new_ask_id
from intake.office.decision import Decision, decode_list

PATIENCE_US: Final = 30_000_000


@dataclass(frozen=True)
class Found:
    """A whole answer: decisions, or a consistency proof with the sizes it was asked for."""

    decisions: tuple[Decision, ...] | None = None
    sizes: tuple[int, int] | None = None
    proof: tuple[bytes, ...] | None = None


@dataclass
class _Open:
    ask_id: str
    asked_us: int
    sizes: tuple[int, int] | None
    decisions: tuple[Decision, ...] = ()


class Questions:
    """At most one open question of each kind."""

    def __init__(self, unit: Unit, clock: UnitClock) -> None:
        self._unit = unit
        self._clock = clock
        self._open: dict[AskKind, _Open] = {}

    def ask(self, kind: AskKind, sizes: tuple[int, int] | None = None) -> bytes:
        """The signed question to publish; it replaces an open one of its kind."""
        asked = _Open(new_ask_id(), self._clock.monotonic_us(), sizes)
        self._open[kind] = asked
        return upward.sign_ask(
            Ask(
                ask_id=asked.ask_id,
                kind=kind,
                office=self._unit.office,
                environment=self._unit.environment,
                device=self._unit.device,
                asked_us=self._clock.wall_us(),
                body=b"" if sizes is None else upward.encode_sizes(*sizes),
            ),
            self._unit.signing,
        )

    def may_ask(self, kind: AskKind) -> bool:
        """Whether no question of this kind is open, or the open one is older than 30 s."""
        asked = self._open.get(kind)
        return asked is None or self._clock.monotonic_us() - asked.asked_us > PATIENCE_US

    def forget(self) -> None:
        """A new connection: answers to former questions are lost."""
        self._open.clear()

    def take(self, body: bytes) -> Found | None:
        """The answer in `body` once it is whole; None while parts are missing or it is foreign."""
        answer = upward.decode_answer(body)
        asked = self._open.get(answer.kind)
        if asked is None or asked.ask_id != answer.ask_id:
            return None
        if answer.kind is AskKind.RETURNED:
            asked.decisions += decode_list(answer.body)
        if answer.more:
            return None
        del self._open[answer.kind]
        match answer.kind:
            case AskKind.RETURNED:
                return Found(decisions=asked.decisions)
            case AskKind.CONSISTENCY:
                return Found(sizes=asked.sizes, proof=upward.decode_hashes(answer.body))
            case _:
                return None
