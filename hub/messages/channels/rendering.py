"""What channels that cannot carry XML show of a signed message: its text, or its pages."""

from collections.abc import Callable, Sequence
from typing import Protocol

from hub.keys.message_key import TrustedCertificate
from hub.messages.channels.channel import Parcel, PermanentError, TemporaryError
from hub.messages.message.checking import Checked, check
from hub.messages.message.content import MediaType
from hub.messages.message.errors import MessageRefusedError
from hub.messages.message.pdf import as_pdf
from hub.messages.message.plain import as_text
from intake.characters.glyphs import GlyphFontError, OwnOutlines


class Rendering(Protocol):
    """Made from the signed XML, which is checked first. PermanentError when it does not hold."""

    def text(self, content: bytes, language: str) -> str:
        """The message as plain text."""
        ...

    def pages(self, content: bytes) -> bytes | None:
        """The PDF that the message carries as its main document, if it has one."""
        ...

    def printed(self, parcel: Parcel) -> bytes:
        """The message as PDF pages, made from its text."""
        ...

    def own(self) -> OwnOutlines:
        """The outlines of the office's own characters."""
        ...


class SignedRendering:
    """By the office's own message certificates."""

    def __init__(
        self,
        trusted: Callable[[], Sequence[TrustedCertificate]],
        own: Callable[[], OwnOutlines],
    ) -> None:
        self._trusted, self.own = trusted, own

    def text(self, content: bytes, language: str) -> str:
        """The message as plain text."""
        return as_text(self._checked(content), language)

    def pages(self, content: bytes) -> bytes | None:
        """The PDF that the message carries as its main document, if it has one."""
        files = self._checked(content).content.main.files
        return next((one.data for one in files if one.media_type is MediaType.PDF), None)

    def printed(self, parcel: Parcel) -> bytes:
        """The message as PDF pages; TemporaryError while the MJ font is not installed."""
        checked = self._checked(parcel.content)
        try:
            return as_pdf(checked, parcel.language, large=parcel.large_print, own=self.own())
        except GlyphFontError as error:
            raise TemporaryError("font_not_installed") from error

    def _checked(self, content: bytes) -> Checked:
        try:
            return check(content, self._trusted())
        except MessageRefusedError as error:
            raise PermanentError("message_does_not_verify") from error
