"""The card's end of the vpcd protocol: a TCP connection is a card on the reader.

Each message is a two-byte length and that many bytes. One byte from the reader is a command to
the card's power (0 off, 1 on, 2 reset, 4 give the ATR); anything longer is an APDU.
"""

import contextlib
import logging
import socket
import threading

from drivers.card_reader.simulated_card.card import SimulatedCard

_log = logging.getLogger(__name__)
_POWER_OFF, _POWER_ON, _RESET, _ATR = 0, 1, 2, 4
_LENGTH_BYTES = 2
_CONNECT_TIMEOUT_S = 5.0


class CardOnReader:
    """A card lying on a vpcd reader until `take_off`, or until it takes itself off."""

    def __init__(self, card: SimulatedCard, port: int) -> None:
        self.card = card
        self._remove_after: int | None = None
        self._lock = threading.Lock()
        self._socket = socket.create_connection(("127.0.0.1", port), _CONNECT_TIMEOUT_S)
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._serve, name="virtual-card", daemon=True)
        self._thread.start()

    @property
    def on_reader(self) -> bool:
        """Whether the card still lies there."""
        return self._thread.is_alive()

    def remove_after(self, commands: int) -> None:
        """Answer so many more APDUs, then leave in place of the next answer."""
        with self._lock:
            self._remove_after = commands

    def take_off(self) -> None:
        """Leave the reader now."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=_CONNECT_TIMEOUT_S)

    def _serve(self) -> None:
        try:
            while (message := self._receive()) is not None:
                if not self._answer(message):
                    break
        except OSError:
            _log.info("the virtual reader went away")
        finally:
            self._socket.close()

    def _answer(self, message: bytes) -> bool:
        if len(message) != 1:
            if self._is_leaving() or self.card.leaves_now:
                return False
            self._send(self.card.process(message))
        elif message[0] == _ATR:
            self._send(self.card.atr)
        elif message[0] in (_POWER_OFF, _POWER_ON, _RESET):
            self.card.power_on()
        return True

    def _is_leaving(self) -> bool:
        with self._lock:
            if self._remove_after is None:
                return False
            self._remove_after -= 1
            return self._remove_after < 0

    def _receive(self) -> bytes | None:
        head = self._receive_exactly(_LENGTH_BYTES)
        return None if head is None else self._receive_exactly(int.from_bytes(head, "big"))

    def _receive_exactly(self, size: int) -> bytes | None:
        data = b""
        while len(data) < size:
            # vpcd writes length and body apart with Nagle on: without a quick acknowledgement,
            # asked for anew before every read, each APDU costs 44 ms
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            piece = self._socket.recv(size - len(data))
            if not piece:
                return None
            data += piece
        return data

    def _send(self, data: bytes) -> None:
        self._socket.sendall(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
