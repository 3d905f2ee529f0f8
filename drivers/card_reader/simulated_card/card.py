"""Answers APDUs as the card's state says: select, read, PINs, signatures, challenge."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.card_reader.simulated_card.file_system import CardApplication, DataFile, PinEntry
from drivers.card_reader.simulated_card.persona import Faults
from drivers.card_reader.simulated_card.signing import compute_signature
from intake.certificates.errors import CardDataError
from intake.certificates.tlv import read_tlv, write_tlv

ATR_MY_NUMBER = bytes.fromhex("3BE000FF8131FE4514")
ATR_FOREIGN = bytes.fromhex("3B8180018080")
_OK, _END, _LENGTH, _SECURITY, _BLOCKED = 0x9000, 0x6282, 0x6700, 0x6982, 0x6984
_NO_FILE, _NOT_FOUND, _NO_RECORD = 0x6986, 0x6A82, 0x6A83
_WRONG_P1P2, _OFFSET, _NO_INS, _NO_CLA, _TRIES = 0x6A86, 0x6B00, 0x6D00, 0x6E00, 0x63C0
_CURRENT, _SFI_MASK, _CHUNK = 0x80, 0x1F, 256
_NO_SESSION = 0x66F1
_LONG_FILE, _SESSION_BYTES = 64, 16
_MANAGER_DATA = b"DEMO"
_Answer = tuple[bytes, int]


@dataclass(frozen=True)
class ParsedApdu:
    """A command as the card sees it. `le` None: no answer wanted."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    le: int | None
    extended: bool


class SimulatedCard:
    """One card: applications by AID and faults. PIN tries last as long as the object."""

    def __init__(self, applications: dict[bytes, CardApplication], faults: Faults) -> None:
        self.applications = applications
        self.faults = faults
        self.atr = ATR_MY_NUMBER if applications else ATR_FOREIGN
        self.commands_seen = 0
        self.answering_s = 0.0  # the card's own time, delays included
        self._since_power = 0
        self._reads = 0
        self._application: CardApplication | None = None
        self._file: int | None = None
        self._waiting = b""
        self._instructions: dict[int, Callable[[ParsedApdu], _Answer]] = {
            0xA4: self._select,
            0xB0: self._read_binary,
            0xB2: self._read_record,
            0x20: self._verify,
            0x24: self._change_pin,
            0x84: self._challenge,
            0xC0: self._get_response,
            0x2A: self._sign,
            0xAE: self._session_key,
            0xCA: self._get_data,
        }

    def power_on(self) -> None:
        """Reset: no application, no file, no PIN verified."""
        self._application, self._file, self._waiting = None, None, b""
        self._since_power = 0
        for application in self.applications.values():
            application.drop_pin_states()

    @property
    def leaves_now(self) -> bool:
        """Whether the card leaves the reader in place of its next answer (fault `torn_at`)."""
        return bool(self.faults.torn_at) and self._since_power + 1 >= self.faults.torn_at

    def process(self, apdu: bytes) -> bytes:
        """The answer (data and status word) to one command."""
        began = time.perf_counter()
        self._wait()
        self.commands_seen += 1
        self._since_power += 1
        answer = self._answer(apdu)
        self.answering_s += time.perf_counter() - began
        return answer

    def _answer(self, apdu: bytes) -> bytes:
        command = parse_apdu(apdu)
        if command is None or (command.extended and self.faults.no_extended):
            return _LENGTH.to_bytes(2, "big")
        data, sw = self._dispatch(command)
        data, sw = self._shape(command, data, sw)
        return data + sw.to_bytes(2, "big")

    def _wait(self) -> None:
        late = self.faults.late_ms if self._since_power == self.faults.late_at else 0
        delay = self.faults.slow_ms + late
        if delay:
            time.sleep(delay / 1000)

    def _dispatch(self, command: ParsedApdu) -> _Answer:
        instruction = self._instructions.get(command.ins)
        if instruction is None:
            return b"", _NO_INS
        if command.cla != (0x80 if command.ins in (0x2A, 0xAE) else 0x00):
            return b"", _NO_CLA
        return instruction(command)

    def _shape(self, command: ParsedApdu, data: bytes, sw: int) -> _Answer:
        """Chained answers and strict Le, for answers that carry data."""
        if self.faults.endless and (data or command.ins == 0xC0):
            return data[:1] or b"\x00", 0x6110
        if not data or sw not in (_OK, _END) or command.ins == 0xC0:
            return data, sw
        if self.faults.le_refused and command.le != len(data):
            return b"", _LENGTH
        if self.faults.chained and not command.extended:
            self._waiting = data
            return b"", 0x6100 | (len(data) % _CHUNK if len(data) < _CHUNK else 0)
        if self.faults.strict_le and command.le != len(data):
            short = len(data) <= _CHUNK
            return b"", 0x6C00 | (len(data) % _CHUNK) if short else _LENGTH
        return data, sw

    def _select(self, command: ParsedApdu) -> _Answer:
        if command.p1 == 0x04:
            return b"", self._select_application(command.data)
        if command.p1 == 0x02:
            return b"", self._select_file(int.from_bytes(command.data, "big"))
        inside = self._application is not None and command.p1 == 0x00
        return b"", _OK if inside else _WRONG_P1P2

    def _select_application(self, aid: bytes) -> int:
        found = [name for name in self.applications if aid and name.startswith(aid)]
        if not found:
            return _NOT_FOUND
        self._application, self._file = self.applications[found[0]], None
        for application in self.applications.values():
            application.drop_pin_states()
        return _OK

    def _select_file(self, file: int) -> int:
        application = self._application
        if application is None:
            return _NOT_FOUND
        places = (application.files, application.pins, application.keys, application.records)
        if not any(file in place for place in places):
            return _NOT_FOUND
        self._file = file
        return _OK

    def _read_binary(self, command: ParsedApdu) -> _Answer:
        if command.p1 & _CURRENT:
            sw = self._select_file(command.p1 & _SFI_MASK)
            if sw != _OK:
                return b"", sw
            offset = command.p2
        else:
            offset = command.p1 << 8 | command.p2
        application = self._application
        file = application.files.get(self._file or 0) if application is not None else None
        if application is None or file is None:
            return b"", _NO_FILE
        if not application.is_open(file.opened_by):
            return b"", _SECURITY
        return self._piece(file, offset, command.le)

    def _piece(self, file: DataFile, offset: int, le: int | None) -> _Answer:
        if le is None:
            return b"", _LENGTH
        if offset >= len(file.content):
            return b"", _OFFSET
        wanted = min(le, self.faults.short_reads or le)
        data = self._as_read(file.content)[offset : offset + wanted]
        at_end = self.faults.end_of_file and offset + len(data) == len(file.content)
        return data, _END if at_end else _OK

    def _as_read(self, content: bytes) -> bytes:
        """A file as a lying card gives it."""
        if self.faults.lying_length:
            content = _longer(content, self.faults.lying_length)
        if self.faults.changing and len(content) > _LONG_FILE:
            self._reads += 1
            content = content[:-2] + bytes([content[-2] ^ self._reads & 0xFF]) + content[-1:]
        return content

    def _read_record(self, command: ParsedApdu) -> _Answer:
        sfi = command.p2 >> 3
        application = self._application
        records = application.records.get(sfi or self._file or 0, ()) if application else ()
        if not 1 <= command.p1 <= len(records):
            return b"", _NO_RECORD
        return records[command.p1 - 1], _OK

    def _pin(self, p2: int) -> PinEntry | None:
        file = p2 & _SFI_MASK or self._file
        return self._application.pins.get(file or 0) if self._application else None

    def _verify(self, command: ParsedApdu) -> _Answer:
        pin = self._pin(command.p2)
        if pin is None:
            return b"", _NO_FILE
        if not command.data:
            return b"", _TRIES | pin.left
        if pin.left == 0:
            return b"", _BLOCKED
        if command.data == pin.value:
            pin.left, pin.verified = pin.full, True
            return b"", _OK
        pin.left, pin.verified = pin.left - 1, False
        return b"", _TRIES | pin.left

    def _change_pin(self, command: ParsedApdu) -> _Answer:
        pin = self._pin(command.p2)
        if pin is None or command.p1 != 0x01:
            return b"", _WRONG_P1P2
        if not pin.verified:
            return b"", _SECURITY
        if not command.data:
            return b"", _LENGTH
        pin.value = command.data
        return b"", _OK

    def _challenge(self, command: ParsedApdu) -> _Answer:
        if command.p1 or command.p2:
            return b"", _WRONG_P1P2
        return (os.urandom(command.le), _OK) if command.le else (b"", _LENGTH)

    def _get_response(self, command: ParsedApdu) -> _Answer:
        data, self._waiting = self._waiting[: command.le or 0], self._waiting[command.le or 0 :]
        if not self._waiting:
            return data, _OK
        return data, 0x6100 | (len(self._waiting) if len(self._waiting) < _CHUNK else 0)

    def _session_key(self, _: ParsedApdu) -> _Answer:
        """Only where a card has a key for it, and only after a PIN went in the clear."""
        application = self._application
        if application is None or application.session_key is None:
            return b"", _NO_SESSION
        if not any(pin.verified for pin in application.pins.values()):
            return b"", _SECURITY
        return os.urandom(_SESSION_BYTES), _OK

    def _get_data(self, command: ParsedApdu) -> _Answer:
        """The card manager's data objects, before an application is selected."""
        if self._application is not None:
            return b"", _NO_INS
        if not command.extended:
            return b"", _LENGTH
        return write_tlv(command.p1 << 8 | command.p2, _MANAGER_DATA), _OK

    def _sign(self, command: ParsedApdu) -> _Answer:
        application = self._application
        if application is None:
            return b"", _NO_FILE
        if command.p2 == 0 and application.card_key is not None:
            if command.p1:
                return b"", _WRONG_P1P2
            answer = compute_signature(application.card_key, 0x00, command.data)
        else:
            entry = application.keys.get(command.p2 & _SFI_MASK or self._file or 0)
            if entry is None:
                return b"", _NO_FILE
            if not application.pins[entry.opened_by].verified:
                return b"", _SECURITY
            answer = compute_signature(entry.key, command.p1, command.data)
        if isinstance(answer, int):
            return b"", answer
        return (bytes(reversed(answer)) if self.faults.wrong_signature else answer), _OK


def _longer(content: bytes, more: int) -> bytes:
    """An object whose length says more than there is."""
    try:
        item = read_tlv(content)
    except CardDataError:
        return content  # not an object but plain bytes
    header = write_tlv(item.tag, bytes(len(item.value) + more))[: -len(item.value) - more]
    return header + content[item.value_start :]


def parse_apdu(apdu: bytes) -> ParsedApdu | None:
    """Short and extended forms (ISO 7816-4 cases 1 to 4); None when the lengths do not fit."""
    if len(apdu) < 4:
        return None
    body = apdu[4:]
    if len(body) <= 1:
        le = (body[0] or _CHUNK) if body else None
        return ParsedApdu(apdu[0], apdu[1], apdu[2], apdu[3], b"", le, extended=False)
    if body[0]:
        return _with_body(apdu, body[1:], body[0], 1)
    if len(body) == 3:
        le = int.from_bytes(body[1:], "big") or 0x10000
        return ParsedApdu(apdu[0], apdu[1], apdu[2], apdu[3], b"", le, extended=True)
    return _with_body(apdu, body[3:], int.from_bytes(body[1:3], "big"), 2)


def _with_body(apdu: bytes, rest: bytes, size: int, le_bytes: int) -> ParsedApdu | None:
    data, tail = rest[:size], rest[size:]
    if len(data) != size or len(tail) not in (0, le_bytes):
        return None
    le = (int.from_bytes(tail, "big") or 1 << 8 * le_bytes) if tail else None
    return ParsedApdu(apdu[0], apdu[1], apdu[2], apdu[3], data, le, extended=le_bytes == 2)
