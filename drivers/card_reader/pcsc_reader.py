"""A real reader through pcscd: exclusive connection, unpowered at the end."""

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from smartcard import scard

from drivers.card_reader.errors import (
    CardBusyError,
    CardRemovedError,
    CardTimeoutError,
    CardUnresponsiveError,
    NoCardError,
    NoReaderError,
    NoServiceError,
)
from drivers.card_reader.interface import (
    CardConnection,
    ReaderState,
    ReaderStatus,
    Response,
    StateListener,
)
from drivers.card_reader.pcsc_status_loop import PcscStatusLoop
from drivers.card_reader.status import StatusBoard
from drivers.errors import DriverError

_T = TypeVar("_T")
ANSWER_TIMEOUT_S = 15.0
_FIRST_LOOK_S = 2.0
_STATUS_WORD = 2
_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
_GONE_SERVICE = frozenset(
    {
        scard.SCARD_E_NO_SERVICE,
        scard.SCARD_E_SERVICE_STOPPED,
        scard.SCARD_E_INVALID_HANDLE,
        scard.SCARD_F_COMM_ERROR,
        scard.SCARD_F_INTERNAL_ERROR,
    }
)
_GONE_READER = frozenset({scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE})
_GONE_CARD = frozenset({scard.SCARD_E_NO_SMARTCARD, scard.SCARD_W_REMOVED_CARD})
_PCI = {
    scard.SCARD_PROTOCOL_T0: scard.SCARD_PCI_T0,
    scard.SCARD_PROTOCOL_T1: scard.SCARD_PCI_T1,
}
_MUTE_CARD = frozenset(
    {
        scard.SCARD_W_UNRESPONSIVE_CARD,
        scard.SCARD_W_UNPOWERED_CARD,
        scard.SCARD_W_UNSUPPORTED_CARD,
        scard.SCARD_E_PROTO_MISMATCH,
    }
)


class _Handles(NamedTuple):
    """An exclusive connection as PC/SC names it."""

    context: int
    card: int
    protocol: int


class PcscReader:
    """The reader an address names, with its status loop. `wanted` as in `choose_reader`."""

    def __init__(self, wanted: str, *, answer_timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        self._board = StatusBoard()
        self._answer_timeout_s = answer_timeout_s
        self._loop = PcscStatusLoop(wanted, self._board)

    @property
    def state(self) -> ReaderState:
        """The newest known state."""
        return self._board.state

    def wait_for(self, *wanted: ReaderStatus, timeout_s: float) -> ReaderState:
        """Block until the status is one of `wanted` or the time is over."""
        return self._board.wait_for(*wanted, timeout_s=timeout_s)

    def on_change(self, listener: StateListener) -> Callable[[], None]:
        """Call `listener` at every change, from the status thread."""
        return self._board.on_change(listener)

    def connect(self) -> "PcscConnection":
        """The card for this process alone; the errors of CardReader.connect."""
        state = self._board.first_look(_FIRST_LOOK_S)
        if state.status is ReaderStatus.NO_SERVICE:
            raise NoServiceError("pcscd does not answer; start it (systemctl start pcscd.socket)")
        if state.status is ReaderStatus.NO_READER:
            raise NoReaderError("no such reader; plug it in")
        return PcscConnection(state.name, self._answer_timeout_s)

    def close(self) -> None:
        """End the status loop."""
        self._loop.stop()


class PcscConnection(CardConnection):
    """An exclusive connection. Calls into PC/SC run in one thread, so that none can hang us."""

    def __init__(self, reader_name: str, answer_timeout_s: float) -> None:
        self._timeout_s = answer_timeout_s
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._usable = True
        self._handles: _Handles | None = None
        threading.Thread(target=self._serve, name="card-connection", daemon=True).start()
        try:
            self._call(lambda: self._open(reader_name))
        except BaseException:
            self._end()
            raise

    def transmit(self, apdu: bytes | bytearray) -> Response:
        """One command, one answer; the errors of CardConnection.transmit."""
        command = list(apdu)

        def send() -> tuple[int, list[int]]:
            if self._handles is None:
                raise CardRemovedError("this connection has ended; place the card again")
            return scard.SCardTransmit(self._handles.card, self._handles.protocol, command)

        try:
            result, answer = self._call(send)
        finally:
            command.clear()
        if result != scard.SCARD_S_SUCCESS:
            raise _lost(result)
        # pcscd reports a card torn off in the middle as success with an empty answer
        if len(answer) < _STATUS_WORD:
            raise CardRemovedError("the card left the reader; place it again")
        octets = bytes(value & 0xFF for value in answer)
        return Response(octets[:-_STATUS_WORD], int.from_bytes(octets[-_STATUS_WORD:], "big"))

    def close(self) -> None:
        """Unpower the card and let go of it."""
        if not self._usable:
            return
        with contextlib.suppress(DriverError):
            self._call(self._let_go)
        self._end()

    def _call(self, work: Callable[[], _T]) -> _T:
        if not self._usable:
            raise CardRemovedError("this connection has ended; place the card again")
        answers: queue.SimpleQueue[_T | BaseException] = queue.SimpleQueue()
        self._calls.put(lambda: answers.put(_outcome(work)))
        try:
            answer = answers.get(timeout=self._timeout_s)
        except queue.Empty:
            # the call stays behind in its thread, which frees the card when it comes back
            self._end()
            raise CardTimeoutError("the card does not answer; take it off and try again") from None
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            call()

    def _open(self, reader_name: str) -> None:
        self._handles = _connect(reader_name)

    def _let_go(self) -> None:
        handles, self._handles = self._handles, None
        if handles is not None:
            scard.SCardDisconnect(handles.card, scard.SCARD_UNPOWER_CARD)
            scard.SCardReleaseContext(handles.context)

    def _end(self) -> None:
        self._usable = False
        self._calls.put(self._let_go)
        self._calls.put(None)


def _outcome(work: Callable[[], _T]) -> _T | BaseException:
    try:
        return work()
    except BaseException as error:  # noqa: BLE001  (carried to the thread that asked)
        return error


def _connect(reader_name: str) -> _Handles:
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result != scard.SCARD_S_SUCCESS:
        raise NoServiceError("pcscd does not answer; start it (systemctl start pcscd.socket)")
    result, card, protocol = scard.SCardConnect(
        context, reader_name, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS
    )
    if result != scard.SCARD_S_SUCCESS:
        scard.SCardReleaseContext(context)
        raise _refused(result)
    return _Handles(context, card, _PCI.get(protocol, scard.SCARD_PCI_T1))


def _refused(result: int) -> DriverError:
    """Why a connection was not given."""
    if result in _GONE_CARD:
        return NoCardError("no card on the reader; place it")
    if result == scard.SCARD_E_SHARING_VIOLATION:
        return CardBusyError("another program uses the card; close it")
    if result in _MUTE_CARD:
        return CardUnresponsiveError("the card does not answer; turn it over or place it flat")
    return _gone(result) or NoCardError("the card could not be reached; place it again")


def _lost(result: int) -> DriverError:
    """Why a command got no answer."""
    return _gone(result) or CardRemovedError("the card left the reader; place it again")


def _gone(result: int) -> DriverError | None:
    if result in _GONE_SERVICE:
        return NoServiceError("pcscd went away; it is looked for again by itself")
    if result in _GONE_READER:
        return NoReaderError("the reader went away; plug it in")
    return None
