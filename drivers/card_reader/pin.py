"""A PIN in memory: no repr shows it, and it is overwritten after use as well as Python allows."""

from drivers.card_reader.apdu import INS_VERIFY

_MAX = 16
_MIN_PASSWORD = 6


class Pin:
    """1 to 16 printable ASCII characters. `wipe()` after use; a wiped Pin is refused."""

    __slots__ = ("_buffer",)

    def __init__(self, characters: bytes | bytearray) -> None:
        if not 1 <= len(characters) <= _MAX or not all(0x21 <= c <= 0x7E for c in characters):
            raise ValueError("a PIN has 1 to 16 printable ASCII characters")
        self._buffer = bytearray(characters)

    @classmethod
    def from_text(cls, text: str) -> "Pin":
        """A Pin from typed text; raises ValueError (which does not name the text)."""
        try:
            return cls(bytearray(text, "ascii"))
        except UnicodeEncodeError:
            raise ValueError("a PIN has 1 to 16 printable ASCII characters") from None

    def __repr__(self) -> str:
        return "Pin(masked)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a Pin does not leave its process")

    def verify_apdu(self) -> bytearray:
        """The VERIFY command for the current PIN file; the caller overwrites it after sending."""
        if not self._buffer:
            raise ValueError("this Pin was wiped")
        return bytearray([0, INS_VERIFY, 0, 0x80, len(self._buffer)]) + self._buffer

    def fits(self, digits: int | None) -> bool:
        """Whether it can be a PIN of `digits` digits; None: the signing password's form."""
        if digits is not None:
            return len(self._buffer) == digits and bytes(self._buffer).isdigit()
        upper = all(0x30 <= c <= 0x39 or 0x41 <= c <= 0x5A for c in self._buffer)
        return len(self._buffer) >= _MIN_PASSWORD and upper

    def wipe(self) -> None:
        """Overwrite the characters."""
        for index in range(len(self._buffer)):
            self._buffer[index] = 0
        self._buffer.clear()
