"""Commands for a card: built, described without their secrets, sent with 61xx and 6Cxx handled."""

from dataclasses import dataclass, field

from drivers.card_reader.errors import CardRefusedError
from drivers.card_reader.interface import CardConnection, Response

INS_VERIFY, INS_CHANGE_PIN, INS_GET_RESPONSE = 0x20, 0x24, 0xC0
SW_OK, SW_END_OF_FILE, SW_NOT_FOUND = 0x9000, 0x6282, 0x6A82
SW_SECURITY, SW_BLOCKED, SW_OFFSET, SW_FILE_KIND = 0x6982, 0x6984, 0x6B00, 0x6986
SW_TRIES, SW_TRIES_MASK = 0x63C0, 0xFFF0
_SW_MORE, _SW_WRONG_LE, _SW_CLASS = 0x6100, 0x6C00, 0xFF00
_SECRET_INSTRUCTIONS = frozenset({INS_VERIFY, INS_CHANGE_PIN})
_SHORT_DATA, _SHORT_LE, _EXTENDED_LE = 255, 256, 65536
_MAX_CHAINED = 64
_HEADER = 4


@dataclass(frozen=True)
class Command:
    """One command APDU; `le` is the number of bytes wanted (0 = none, up to 65,536)."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    le: int = 0

    def __repr__(self) -> str:
        return f"Command({describe(self.encode())})"

    def encode(self) -> bytes:
        """The bytes on the wire: short form where it fits, else extended."""
        head = bytes([self.cla, self.ins, self.p1, self.p2])
        if len(self.data) <= _SHORT_DATA and self.le <= _SHORT_LE:
            body = bytes([len(self.data)]) + self.data if self.data else b""
            return head + body + (bytes([self.le % _SHORT_LE]) if self.le else b"")
        body = b"\x00" + (len(self.data).to_bytes(2, "big") + self.data if self.data else b"")
        return head + body + ((self.le % _EXTENDED_LE).to_bytes(2, "big") if self.le else b"")


def describe(apdu: bytes) -> str:
    """Hex of a command for a log: of a PIN command only the header and the word 'masked'."""
    if len(apdu) > _HEADER and apdu[1] in _SECRET_INSTRUCTIONS:
        return f"{apdu[:_HEADER].hex()} masked"
    return apdu.hex()


def exchange(connection: CardConnection, command: Command) -> Response:
    """Send `command` and collect the whole answer.

    6Cxx repeats the command once with the length the card names, 61xx fetches the rest. A PIN
    command is sent exactly once whatever the card answers.
    """
    response = connection.transmit(command.encode())
    if command.ins in _SECRET_INSTRUCTIONS:
        return response
    if response.sw & _SW_CLASS == _SW_WRONG_LE:
        le = response.sw & 0xFF or _SHORT_LE
        response = connection.transmit(_with_le(command, le).encode())
    data = response.data
    for _ in range(_MAX_CHAINED):
        if response.sw & _SW_CLASS != _SW_MORE:
            return Response(data, response.sw)
        le = response.sw & 0xFF or _SHORT_LE
        response = connection.transmit(Command(0, INS_GET_RESPONSE, 0, 0, le=le).encode())
        data += response.data
    raise CardRefusedError("fetching an answer", response.sw)


def expect_ok(step: str, response: Response) -> bytes:
    """The data of a 9000 answer; raises CardRefusedError naming the step for any other."""
    if not response.ok:
        raise CardRefusedError(step, response.sw)
    return response.data


def _with_le(command: Command, le: int) -> Command:
    return Command(command.cla, command.ins, command.p1, command.p2, command.data, le)
