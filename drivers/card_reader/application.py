"""The steps every application of the card shares: select, read a file, PIN, sign."""

from drivers.card_reader.apdu import (
    SW_BLOCKED,
    SW_END_OF_FILE,
    SW_NOT_FOUND,
    SW_OFFSET,
    SW_OK,
    SW_SECURITY,
    SW_TRIES,
    SW_TRIES_MASK,
    Command,
    exchange,
    expect_ok,
)
from drivers.card_reader.errors import (
    CardRefusedError,
    PinBlockedError,
    PinFormatError,
    PinNeededError,
    PinOneLeftError,
    PinWrongError,
)
from drivers.card_reader.interface import CardConnection, Response
from drivers.card_reader.pin import Pin
from drivers.card_reader.profile import PinPlace
from intake.certificates.tlv import header_end

MAX_FILE_BYTES = 32 * 1024
_FULL = 256
_HEAD = 7  # the longest header: three bytes of tag, four of length
_SW_LENGTH = 0x6700
_CURRENT = 0x80


class Application:
    """One selected application. Selecting drops the PIN states of the one before."""

    def __init__(self, connection: CardConnection) -> None:
        self._connection = connection

    def select_application(self, aid: bytes) -> bool:
        """Select by AID; False when the card does not have it."""
        response = self._send(Command(0x00, 0xA4, 0x04, 0x0C, aid))
        if response.sw == SW_NOT_FOUND:
            return False
        expect_ok("selecting an application", response)
        return True

    def select_file(self, file: int) -> None:
        """Make `file` (an EF or a key) the current one."""
        if not self.has_file(file):
            raise CardRefusedError(f"selecting file {file:04X}", SW_NOT_FOUND)

    def has_file(self, file: int) -> bool:
        """Make `file` the current one; False when the application lacks it."""
        response = self._send(_select_file(file))
        if response.sw == SW_NOT_FOUND:
            return False
        expect_ok(f"selecting file {file:04X}", response)
        return True

    def read_object(self, file: int) -> bytes:
        """The one TLV (or DER) object in `file`, filler cut off; PinNeededError when locked."""
        self.select_file(file)
        data = self._read(file, 0, _FULL, fallback=_HEAD)
        while (total := header_end(data)) is None and 0 < len(data) < _HEAD:
            data += self._more(file, len(data), _HEAD)
        if total is None or total > MAX_FILE_BYTES:
            raise CardRefusedError(f"reading file {file:04X}", SW_OFFSET)
        while len(data) < total:
            data += self._more(file, len(data), total)
        return data[:total]

    def read_fixed(self, file: int, size: int) -> bytes:
        """Up to `size` bytes of `file` as stored, filler included; fewer when it ends before."""
        self.select_file(file)
        data = b""
        while len(data) < size and (piece := self._read(file, len(data), size - len(data))):
            data += piece
        return data[:size]

    def tries_left(self, pin: PinPlace) -> int:
        """Tries left for a PIN, 0 when blocked; asking costs none."""
        tries = self.tries_if_present(pin)
        if tries is None:
            raise CardRefusedError(f"selecting file {pin.file:04X}", SW_NOT_FOUND)
        return tries

    def tries_if_present(self, pin: PinPlace) -> int | None:
        """As tries_left; None when the application lacks the PIN.

        Some cards say only 9000 once the PIN is verified: all its tries are back then.
        """
        if not self.has_file(pin.file):
            return None
        response = self._send(Command(0x00, 0x20, 0x00, _CURRENT))
        if response.ok:
            return pin.tries
        if response.sw == SW_BLOCKED:
            return 0
        if response.sw & SW_TRIES_MASK != SW_TRIES:
            raise CardRefusedError("asking for the tries left", response.sw)
        return response.sw & 0xF

    def verify(self, pin: PinPlace, secret: Pin, *, allow_last_try: bool = False) -> None:
        """Send a PIN exactly once, after asking for the tries left.

        Raises PinFormatError (nothing sent), PinBlockedError, PinOneLeftError (nothing sent,
        unless `allow_last_try`) or PinWrongError with the tries then left.
        """
        if not secret.fits(pin.digits):
            raise PinFormatError("the PIN has the wrong number or kind of characters")
        tries = self.tries_left(pin)
        if tries == 0:
            raise PinBlockedError("the PIN is blocked; the municipal desk can set a new one")
        if tries == 1 and not allow_last_try:
            raise PinOneLeftError("one try left; not sent without the clerk's override")
        command = secret.verify_apdu()
        try:
            response = self._connection.transmit(command)
        finally:
            command[:] = bytes(len(command))
        _judge(response)

    def sign(self, key: int | None, data: bytes, size: int) -> bytes:
        """`key` (None: the card's own) over a DigestInfo or digest; `size` bytes, unverified."""
        if key is not None:
            self.select_file(key)
        p2 = 0x00 if key is None else _CURRENT
        response = self._send(Command(0x80, 0x2A, 0x00, p2, data, size))
        if response.sw == SW_SECURITY:
            raise PinNeededError("the key is locked; enter the PIN first")
        return expect_ok("signing", response)

    def _more(self, file: int, start: int, end: int) -> bytes:
        """At least one byte more; cards may give fewer than asked for."""
        piece = self._read(file, start, min(_FULL, end - start))
        if not piece:
            raise CardRefusedError(f"reading file {file:04X}", SW_END_OF_FILE)
        return piece

    def _read(self, file: int, offset: int, size: int, *, fallback: int = 0) -> bytes:
        response = self._send(_read_binary(offset, size))
        if response.sw == _SW_LENGTH and fallback:
            response = self._send(_read_binary(offset, fallback))
        if response.sw == SW_SECURITY:
            raise PinNeededError(f"file {file:04X} is locked; enter the PIN first")
        if response.sw == SW_OFFSET and offset:
            return b""
        if response.sw not in (SW_OK, SW_END_OF_FILE):
            raise CardRefusedError(f"reading file {file:04X}", response.sw)
        return response.data

    def _send(self, command: Command) -> Response:
        return exchange(self._connection, command)


def _read_binary(offset: int, size: int) -> Command:
    return Command(0x00, 0xB0, offset >> 8, offset & 0xFF, le=size)


def _select_file(file: int) -> Command:
    return Command(0x00, 0xA4, 0x02, 0x0C, file.to_bytes(2, "big"))


def _judge(response: Response) -> None:
    if response.ok:
        return
    if response.sw & SW_TRIES_MASK == SW_TRIES and response.sw & 0xF:
        raise PinWrongError(response.sw & 0xF)
    if response.sw in (SW_BLOCKED, SW_TRIES):
        raise PinBlockedError("the PIN is now blocked; the municipal desk can set a new one")
    raise CardRefusedError("checking the PIN", response.sw)
