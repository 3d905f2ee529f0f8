"""The face of the card for the clerk's eyes: served from memory while it is compared, kept nowhere.

Cards hold the photograph as JPEG 2000, which no browser shows; it is made a PNG here. Only what a
genuine card's issuer has signed comes this far.
"""

import io
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from drivers.card_reader.card_reading import CardReading, FaceImages
from edge.session.counter_session import CounterSession

log = logging.getLogger(__name__)
PNG: Final = b"\x89PNG\r\n\x1a\n"
MOST_BYTES: Final = 256 * 1024
MOST_PIXELS: Final = 1 << 20


@dataclass(frozen=True)
class _Shown:
    reading: CardReading
    key: str
    pictures: Mapping[str, bytes]


class CardFace:
    """The pictures of the reading that the session holds; none when it holds none."""

    def __init__(self, session: CounterSession) -> None:
        self._session = session
        self._shown: _Shown | None = None

    def view(self) -> dict[str, object] | None:
        """Where the pictures lie while they are compared: `/face/KEY/NAME`; None without any.

        The key is another one for each reading, since a browser may show a picture again that
        had the same address.
        """
        shown = self._now()
        return None if shown is None else {"key": shown.key, "pictures": sorted(shown.pictures)}

    def picture(self, key: str, name: str) -> bytes | None:
        """One PNG picture (photo, name, address); None unless it is being compared now."""
        shown = self._now()
        if shown is None or not secrets.compare_digest(shown.key, key):
            return None
        return shown.pictures.get(name)

    def _now(self) -> _Shown | None:
        held = self._session.held_reading
        if held is None or held.face is None or self._session.counter.staff_desk.on_duty is None:
            self._shown = None
        elif self._shown is None or self._shown.reading is not held:
            self._shown = _Shown(held, secrets.token_hex(8), _made(held.face))
        return self._shown


def _made(face: FaceImages) -> Mapping[str, bytes]:
    found = {"photo": png_of(face.photo) or b"", "name": face.name, "address": face.address}
    return {name: data for name, data in found.items() if data.startswith(PNG)}


def png_of(photo: bytes) -> bytes | None:
    """A JPEG 2000 photograph as PNG; None when it is none, too large, or nothing here reads it."""
    try:
        from PIL import Image  # noqa: PLC0415 - loaded only where a photograph is shown
    except ImportError:
        log.warning("photographs of cards cannot be shown: Pillow is not installed")
        return None
    if len(photo) > MOST_BYTES:
        return None
    made = io.BytesIO()
    try:
        with Image.open(io.BytesIO(photo), formats=("JPEG2000",)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.convert("RGB").save(made, "PNG")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        log.warning("the photograph of the card cannot be shown")
        return None
    return made.getvalue()
