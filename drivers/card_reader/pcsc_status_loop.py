"""Watches one PC/SC reader for ever: no daemon, no reader, a card put on or torn off.

An own loop over SCardGetStatusChange in one thread. The monitors that come with pyscard die with
the daemon and need the program to be restarted; this one begins again with a new context.
"""

import logging
import threading

from smartcard import scard

from drivers.card_reader.interface import ReaderStatus
from drivers.card_reader.reader_choice import choose_reader
from drivers.card_reader.status import StatusBoard

_log = logging.getLogger(__name__)
_PLUG_AND_PLAY = "\\\\?PnP?\\Notification"
_WAIT_MS = 1000
_RETRY_S = 0.25
_EVENT_COUNT_SHIFT = 16
_ORDINARY = frozenset({scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT})
_READER_GONE = frozenset({scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE})
_NO_READERS = frozenset({scard.SCARD_E_NO_READERS_AVAILABLE, scard.SCARD_S_SUCCESS})


class PcscStatusLoop:
    """A daemon thread that posts the reader's status to a board until `stop`."""

    def __init__(self, wanted: str, board: StatusBoard) -> None:
        self._wanted = wanted
        self._board = board
        self._stopping = threading.Event()
        self._context: int | None = None
        self._thread = threading.Thread(target=self._run, name="card-reader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread: at once as a rule, within about a second at worst."""
        self._stopping.set()
        context = self._context
        if context is not None:
            scard.SCardCancel(context)
        self._thread.join(timeout=3 * _WAIT_MS / 1000)

    def _run(self) -> None:
        while not self._stopping.is_set():
            result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
            if result != scard.SCARD_S_SUCCESS:
                self._board.post(ReaderStatus.NO_SERVICE)
                self._stopping.wait(_RETRY_S)
                continue
            self._context = context
            try:
                self._follow(context)
            finally:
                self._context = None
                scard.SCardReleaseContext(context)

    def _follow(self, context: int) -> None:
        """Until the daemon goes: look for the reader, then watch it."""
        while not self._stopping.is_set():
            result, names = scard.SCardListReaders(context, [])
            if result not in _NO_READERS:
                self._board.post(ReaderStatus.NO_SERVICE)
                return
            name = choose_reader(list(names or []), self._wanted)
            if name is None:
                self._board.post(ReaderStatus.NO_READER)
                result, _ = scard.SCardGetStatusChange(context, _WAIT_MS, self._plug_and_play())
            else:
                result = self._watch(context, name)
            if result not in _ORDINARY | _READER_GONE:
                _log.info("card service lost: %s", scard.SCardGetErrorMessage(result))
                return

    def _watch(self, context: int, name: str) -> int:
        """Until the reader goes, another is plugged in, or the daemon goes; the result code."""
        known = scard.SCARD_STATE_UNAWARE
        while not self._stopping.is_set():
            states = [(name, known), (_PLUG_AND_PLAY, scard.SCARD_STATE_UNAWARE)]
            result, found = scard.SCardGetStatusChange(context, _WAIT_MS, states)
            if result not in _ORDINARY:
                return result
            event = found[0][1]
            if event & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
                return scard.SCARD_E_UNKNOWN_READER
            self._post(name, known, event)
            known = event & ~scard.SCARD_STATE_CHANGED
        return scard.SCARD_S_SUCCESS

    def _post(self, name: str, known: int, event: int) -> None:
        present = bool(event & scard.SCARD_STATE_PRESENT)
        counted = known != scard.SCARD_STATE_UNAWARE
        changed = counted and known >> _EVENT_COUNT_SHIFT != event >> _EVENT_COUNT_SHIFT
        status = ReaderStatus.PRESENT if present else ReaderStatus.EMPTY
        self._board.post(status, name, card_changed=changed)

    def _plug_and_play(self) -> list[tuple[str, int]]:
        return [(_PLUG_AND_PLAY, scard.SCARD_STATE_UNAWARE)]
