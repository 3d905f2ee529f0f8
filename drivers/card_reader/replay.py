"""APDU logs: one conversation with a card, written as it happens and played again without it.

JSON lines: `{"apdu_log": 1, "atr": ...}`, then `{"command", "data", "sw"}` for each exchange. PIN
commands are logged by their header only. A log holds what the card said about its owner: it is
written 0600 and belongs to test cards.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO, cast

from drivers.card_reader.apdu import describe
from drivers.card_reader.interface import (
    CardConnection,
    CardReader,
    ReaderState,
    ReaderStatus,
    Response,
    StateListener,
)
from drivers.card_reader.status import StatusBoard
from drivers.errors import RecordingError

LOG_VERSION = 1
_NAME = "Replayed reader"


class RecordingReader:
    """A reader whose next connections are also written to a log file."""

    def __init__(self, reader: CardReader, path: Path) -> None:
        self._reader = reader
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")
        _write(self._file, {"apdu_log": LOG_VERSION})

    @property
    def state(self) -> ReaderState:
        """The state of the reader behind."""
        return self._reader.state

    def wait_for(self, *wanted: ReaderStatus, timeout_s: float) -> ReaderState:
        """As the reader behind."""
        return self._reader.wait_for(*wanted, timeout_s=timeout_s)

    def on_change(self, listener: StateListener) -> Callable[[], None]:
        """As the reader behind."""
        return self._reader.on_change(listener)

    def connect(self) -> "RecordingConnection":
        """A connection of the reader behind, logged."""
        return RecordingConnection(self._reader.connect(), self._file)

    def close(self) -> None:
        """Close the log and the reader behind."""
        self._file.close()
        self._reader.close()


class RecordingConnection(CardConnection):
    """A connection that writes every exchange to the log."""

    def __init__(self, connection: CardConnection, file: TextIO) -> None:
        self._connection = connection
        self._file = file

    def transmit(self, apdu: bytes | bytearray) -> Response:
        """One command, one answer, one line."""
        command = describe(bytes(apdu))
        response = self._connection.transmit(apdu)
        entry = {"command": command, "data": response.data.hex(), "sw": f"{response.sw:04x}"}
        _write(self._file, entry)
        return response

    def close(self) -> None:
        """End the connection; the log stays open for the next one."""
        self._connection.close()


class ReplayReader:
    """A card that always lies there and says again what a log says; raises RecordingError."""

    def __init__(self, path: Path) -> None:
        self._exchanges = _read(path)
        self._board = StatusBoard()
        self._board.post(ReaderStatus.PRESENT, _NAME)

    @property
    def state(self) -> ReaderState:
        """Always present."""
        return self._board.state

    def wait_for(self, *wanted: ReaderStatus, timeout_s: float) -> ReaderState:
        """As StatusBoard.wait_for."""
        return self._board.wait_for(*wanted, timeout_s=timeout_s)

    def on_change(self, listener: StateListener) -> Callable[[], None]:
        """Nothing ever changes."""
        return self._board.on_change(listener)

    def connect(self) -> "ReplayConnection":
        """The conversation from its beginning."""
        return ReplayConnection(self._exchanges)

    def close(self) -> None:
        """Nothing to end here."""


class ReplayConnection(CardConnection):
    """Answers each command as logged; another command than the logged one is an error."""

    def __init__(self, exchanges: tuple[tuple[str, Response], ...]) -> None:
        self._exchanges = iter(exchanges)

    def transmit(self, apdu: bytes | bytearray) -> Response:
        """The logged answer; RecordingError when the conversation takes another turn."""
        command = describe(bytes(apdu))
        expected, response = next(self._exchanges, ("", Response(b"", 0)))
        if command != expected:
            raise RecordingError("the log goes on with another command; record it again")
        return response

    def close(self) -> None:
        """Nothing to end here."""


def _write(file: TextIO, value: Mapping[str, object]) -> None:
    file.write(json.dumps(value) + "\n")
    file.flush()


def _read(path: Path) -> tuple[tuple[str, Response], ...]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        values = [cast("dict[str, Any]", json.loads(line)) for line in lines]
        if values[0]["apdu_log"] != LOG_VERSION:
            raise RecordingError(f"{path.name}: not an APDU log of version {LOG_VERSION}")
        return tuple(
            (value["command"], Response(bytes.fromhex(value["data"]), int(value["sw"], 16)))
            for value in values[1:]
        )
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise RecordingError(f"{path.name}: not an APDU log; record it again") from error
