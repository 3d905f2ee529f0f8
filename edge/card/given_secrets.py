"""Secrets that come over file descriptors, never as arguments: read once, wiped, never shown."""

import os
from dataclasses import dataclass

from drivers.card_reader.pin import Pin
from edge.errors import SettingsError

_LONGEST = 64
_NEWLINE = 0x0A


@dataclass(frozen=True)
class GivenSecret:
    """One secret. `pin` is None when what came cannot be one; nothing of it is kept then."""

    pin: Pin | None


def secret_from(descriptor: int) -> GivenSecret:
    """Read a descriptor to its end or to a newline, which does not count; one at most.

    Raises SettingsError when the descriptor is not open for reading.
    """
    text = bytearray()
    piece = bytearray(_LONGEST)
    try:
        while len(text) <= _LONGEST and not text.endswith(b"\n"):
            count = os.readv(descriptor, [piece])
            if not count:
                break
            text += memoryview(piece)[:count]
        if text and text[-1] == _NEWLINE:
            text[-1:] = b""
        return GivenSecret(Pin(text))
    except ValueError:
        return GivenSecret(None)
    except OSError as error:
        raise SettingsError(
            f"file descriptor {descriptor}: {error.strerror}; open it for reading"
        ) from error
    finally:
        _wipe(text)
        _wipe(piece)


def _wipe(buffer: bytearray) -> None:
    for index in range(len(buffer)):
        buffer[index] = 0
