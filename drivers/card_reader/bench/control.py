"""The bench's control socket: one JSON object a line in, one answer a line out.

`{"op": "insert", "persona": NAME or path}`, `remove`, `{"op": "remove_after", "commands": N}`,
`{"op": "fault", "name": NAME, "value": V}`, `insert_second`, `remove_second`, `stop_pcscd`,
`start_pcscd`, `kill_pcscd`, `unplug`, `plug`, `status`. Answers hold `ok` and the status, or
`code` and `error`.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from typing import ClassVar, cast

from drivers.card_reader.bench.card_service import CardService
from drivers.card_reader.errors import NoReaderError
from drivers.card_reader.interface import ReaderStatus
from drivers.card_reader.pcsc_status_loop import PcscStatusLoop
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import make_card
from drivers.card_reader.simulated_card.demo_pki import DemoPki
from drivers.card_reader.simulated_card.persona import load_persona, with_faults
from drivers.card_reader.simulated_card.vpcd import CardOnReader
from drivers.card_reader.status import StatusBoard
from drivers.errors import DriverError

LINE_LIMIT = 1 << 16
_SETTLE_S = 5.0
_MAX_COMMANDS = 1_000_000

Answer = dict[str, object]


class OrderError(DriverError):
    """A line on the control socket is no order this bench knows."""

    code: ClassVar[str] = "order_error"
    exit_code: ClassVar[int] = 2


class Control:
    """Carries out orders one after the other. A persona's card keeps its tries when taken off."""

    def __init__(self, service: CardService, pki: DemoPki) -> None:
        self._service = service
        self._pki = pki
        self._cards: dict[str, SimulatedCard] = {}
        self._lying: CardOnReader | None = None
        self._second: CardOnReader | None = None
        self._persona = ""
        self._turn = asyncio.Lock()
        self._board = StatusBoard()
        self._loop = PcscStatusLoop("", self._board)
        self._orders: dict[str, Callable[[dict[str, object]], None]] = {
            "insert": self._insert,
            "remove": self._remove,
            "insert_second": self._insert_second,
            "remove_second": self._remove_second,
            "remove_after": self._remove_after,
            "fault": self._fault,
            "stop_pcscd": lambda _: self._service.stop(),
            "start_pcscd": self._start,
            "kill_pcscd": lambda _: self._service.kill(),
            "unplug": self._unplug,
            "plug": lambda _: self._service.plug(plugged=True),
            "status": lambda _: None,
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every line of one connection until it ends."""
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self.answer(line)).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError, asyncio.CancelledError):
            pass  # the other side went away, sent too long a line, or the bench ends
        finally:
            writer.close()

    async def answer(self, line: bytes) -> Answer:
        """Carry out one order; whatever goes wrong with it becomes an answer."""
        async with self._turn:
            return await asyncio.to_thread(self._carry_out, line)

    def close(self) -> None:
        """Take the card off and stop watching."""
        self._remove({})
        self._remove_second({})
        self._loop.stop()

    def _carry_out(self, line: bytes) -> Answer:
        try:
            order = json.loads(line)
            if not isinstance(order, dict):
                raise OrderError('an order is a JSON object such as {"op": "status"}')
            words = cast("dict[str, object]", order)
            carry_out = self._orders.get(str(words.get("op")))
            if carry_out is None:
                known = ", ".join(self._orders)
                raise OrderError(f"unknown op {words.get('op')!r}: use {known}")
            carry_out(words)
        except DriverError as error:
            return {"ok": False, "code": error.code, "error": str(error)}
        except (ValueError, TypeError, OSError) as error:
            return {"ok": False, "code": OrderError.code, "error": f"not done: {error}"}
        return {"ok": True, **self._status()}

    def _status(self) -> Answer:
        """What stands now; waits until pcscd has seen what was done."""
        state = self._board.wait_for(self._expected(), timeout_s=_SETTLE_S)
        lying = self._lying
        return {
            "pcscd": self._service.running,
            "plugged": self._service.plugged,
            "reader": state.status,
            "reader_name": state.name,
            "card": self._persona if lying is not None and lying.on_reader else "",
            "commands": lying.card.commands_seen if lying is not None else 0,
            "answering_ms": round(lying.card.answering_s * 1000, 3) if lying is not None else 0.0,
        }

    def _expected(self) -> ReaderStatus:
        if not self._service.running:
            return ReaderStatus.NO_SERVICE
        if not self._service.plugged:
            return ReaderStatus.NO_READER
        present = self._lying is not None and self._lying.on_reader
        return ReaderStatus.PRESENT if present else ReaderStatus.EMPTY

    def _insert(self, order: dict[str, object]) -> None:
        name = order.get("persona")
        if not isinstance(name, str):
            raise OrderError('insert needs a persona: {"op": "insert", "persona": NAME}')
        if not self._service.running or not self._service.plugged:
            raise NoReaderError("there is no reader to put a card on; start_pcscd or plug first")
        if self._lying is not None:
            self._remove({})
            self._board.wait_for(ReaderStatus.EMPTY, timeout_s=_SETTLE_S)
        self._persona = name
        self._lying = CardOnReader(self._card_of(name), self._service.port)

    def _card_of(self, name: str) -> SimulatedCard:
        if name not in self._cards:
            now = dt.datetime.now(dt.UTC)
            self._cards[name] = make_card(load_persona(name), self._pki, now)
        return self._cards[name]

    def _insert_second(self, order: dict[str, object]) -> None:
        """On the reader's other slot, which counts as a reader of its own."""
        self._remove_second(order)
        card = self._card_of(str(order.get("persona")))
        self._second = CardOnReader(card, self._service.port + 1)

    def _remove_second(self, _: dict[str, object]) -> None:
        if self._second is not None:
            self._second.take_off()
            self._second = None

    def _remove(self, _: dict[str, object]) -> None:
        if self._lying is not None:
            self._lying.take_off()
            self._lying = None

    def _remove_after(self, order: dict[str, object]) -> None:
        commands = order.get("commands")
        if not isinstance(commands, int) or not 0 <= commands <= _MAX_COMMANDS:
            raise OrderError("remove_after needs commands: the number of APDUs still answered")
        self._card_on_reader().remove_after(commands)

    def _fault(self, order: dict[str, object]) -> None:
        card = self._card_on_reader().card
        card.faults = with_faults(card.faults, {str(order.get("name")): order.get("value", True)})

    def _unplug(self, order: dict[str, object]) -> None:
        self._remove(order)
        self._service.plug(plugged=False)

    def _start(self, _: dict[str, object]) -> None:
        self._service.start()
        if self._lying is not None:
            # the card lay there all along; it only lost its power
            self._lying.take_off()
            self._lying = CardOnReader(self._lying.card, self._service.port)

    def _card_on_reader(self) -> CardOnReader:
        if self._lying is None:
            raise OrderError("no card lies on the reader; insert one first")
        return self._lying
