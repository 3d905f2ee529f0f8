"""E-mail by one SMTP server. It keeps no keys: a repeated mail has the same Message-ID."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from typing import Final

from hub.clock import Clock, instant
from hub.messages.channels import words
from hub.messages.channels.bounces import BounceFolder
from hub.messages.channels.calling import Deadline
from hub.messages.channels.channel import (
    Assurance,
    Handed,
    Parcel,
    PermanentError,
    Receipt,
    TemporaryError,
    Traits,
    UnknownOutcomeError,
)
from hub.messages.channels.configuration import Email
from hub.messages.channels.refusals import no_such_mailbox
from hub.messages.channels.rendering import Rendering
from hub.messages.channels.secrets import read_secret
from hub.messages.delivery.states import Purpose

TLS: Final = "tls"
STARTTLS: Final = "starttls"


class EmailChannel:
    """Plain text with the message, its PDF only where the office wants it, never in the subject."""

    name = "email"

    def __init__(self, settings: Email, office: str, rendering: Rendering, clock: Clock) -> None:
        self._settings, self._office = settings, office
        self._rendering, self._clock = rendering, clock
        self._bounces = None if settings.bounces is None else BounceFolder(settings.bounces)
        self.traits = Traits(
            Assurance.BEST_EFFORT, keeps_keys=False, announces=True, bounces=bool(self._bounces)
        )

    def send(self, parcel: Parcel) -> Handed:
        """Give the mail to the server; handed over when it has said so after the last dot."""
        if parcel.purpose is Purpose.MESSAGE:
            text = self._rendering.text(parcel.content, parcel.language)
            text = f"{text}\n\n{self._settings.link}" if self._settings.link else text
            pages = self._rendering.pages(parcel.content) if self._settings.attach else None
        else:
            text, pages = words.announcement(parcel, self._office), None
        mail = self._mail(parcel.key, parcel.address, parcel.language, text)
        if pages is not None:
            mail.add_attachment(pages, "application", "pdf", filename="notice.pdf")
        return self._hand_over(mail, parcel.address)

    def receipts(self, cursor: str) -> tuple[Sequence[Receipt], str]:
        """Bounces from the folder that the mail server puts them in."""
        return ((), cursor) if self._bounces is None else self._bounces.read(cursor)

    def check(self) -> str:
        """A test mail to the office's own address."""
        address = self._settings.check_address
        if not address:
            raise PermanentError("check_address_missing")
        text = words.check_words(self._office)
        mail = self._mail(f"check-{self._clock()}", address, "ja", text)
        return self._hand_over(mail, address).reference

    def _mail(self, key: str, address: str, language: str, text: str) -> EmailMessage:
        domain = parseaddr(self._settings.sender)[1].rpartition("@")[2] or "localhost"
        mail = EmailMessage(policy=SMTP_POLICY)
        try:
            mail["To"] = address
        except (ValueError, IndexError) as error:
            raise PermanentError("bad_address", suppress=True) from error
        if not _usable(address):
            raise PermanentError("bad_address", suppress=True)
        mail["From"] = self._settings.sender
        mail["Subject"] = words.subject(self._office, language)
        mail["Date"] = format_datetime(instant(self._clock()))
        mail["Message-ID"] = f"<{key}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text, cte="base64")
        return mail

    def _hand_over(self, mail: EmailMessage, address: str) -> Handed:
        server = self._connected()
        watch = self._watched(server)
        try:
            if self._settings.security == STARTTLS:
                self._encrypt(server)
                watch.over()
                watch = self._watched(server)  # encrypting put another socket in its place
            self._log_in(server)
            _envelope(server, parseaddr(self._settings.sender)[1], address)
            _content(server, mail)
            return Handed(str(mail["Message-ID"]))
        finally:
            watch.over()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        try:
            if settings.security == TLS:
                context = self._context()
                return smtplib.SMTP_SSL(
                    settings.host,
                    settings.port,
                    timeout=settings.timeout_seconds,
                    context=context,
                )
            return smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_seconds)
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryError(f"unreachable_{type(error).__name__}"[:64]) from error

    def _watched(self, server: smtplib.SMTP) -> Deadline:
        sock = server.sock
        assert isinstance(sock, socket.socket)
        return Deadline(sock, self._settings.timeout_seconds)

    def _encrypt(self, server: smtplib.SMTP) -> None:
        try:
            server.starttls(context=self._context())
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryError(f"not_let_in_{type(error).__name__}"[:64]) from error

    def _context(self) -> ssl.SSLContext:
        ca_file = self._settings.ca_file
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))

    def _log_in(self, server: smtplib.SMTP) -> None:
        try:
            server.ehlo_or_helo_if_needed()
            if self._settings.user:
                server.login(self._settings.user, read_secret(self._settings.password_file))
        except smtplib.SMTPAuthenticationError as error:
            raise TemporaryError("password_refused") from error
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryError(f"not_let_in_{type(error).__name__}"[:64]) from error


def _envelope(server: smtplib.SMTP, sender: str, address: str) -> None:
    """Sender and recipient; nothing has been handed over yet."""
    try:
        code, _ = server.mail(sender)
        if code != 250:
            raise TemporaryError(f"sender_refused_{code}")
        code, said = server.rcpt(address)
    except (OSError, smtplib.SMTPException) as error:
        raise TemporaryError(f"broke_off_{type(error).__name__}"[:64]) from error
    if code >= 500 and no_such_mailbox(code, said.decode("ascii", "replace")):
        raise PermanentError(f"no_such_mailbox_{code}", suppress=True)
    if code >= 500:
        raise PermanentError(f"recipient_refused_{code}")
    if code not in (250, 251):
        raise TemporaryError(f"recipient_later_{code}")


def _content(server: smtplib.SMTP, mail: EmailMessage) -> None:
    try:
        code, _ = server.data(mail.as_bytes())
    except smtplib.SMTPDataError as error:  # refused before the content
        if error.smtp_code >= 500:
            raise PermanentError(f"content_refused_{error.smtp_code}") from error
        raise TemporaryError(f"content_later_{error.smtp_code}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise UnknownOutcomeError(f"no_answer_{type(error).__name__}"[:64]) from error
    if code >= 500:
        raise PermanentError(f"content_refused_{code}")
    if code != 250:
        raise TemporaryError(f"content_later_{code}")


def _usable(address: str) -> bool:
    local, at, domain = address.rpartition("@")
    plain = address.isascii() and address.isprintable() and " " not in address
    return bool(local and at and domain and plain and parseaddr(address)[1] == address)
