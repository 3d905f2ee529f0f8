"""SMS and LINE by way of a gateway that is called by a signed webhook. It keeps keys."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.clock import Clock
from hub.messages.channels import words
from hub.messages.channels.calling import Server, accepted
from hub.messages.channels.channel import (
    Assurance,
    Handed,
    Parcel,
    PermanentError,
    Receipt,
    Traits,
    UnknownOutcomeError,
)
from hub.messages.channels.configuration import Webhook
from hub.messages.channels.rendering import Rendering
from hub.messages.channels.secrets import read_secret
from hub.messages.delivery.states import Purpose

SIGNATURE: Final = "X-Madoguchi-Signature"
TIMESTAMP: Final = "X-Madoguchi-Timestamp"


@dataclass(frozen=True)
class Kind:
    """What a gateway is for; a text longer than `longest` characters takes the next channel."""

    name: str
    longest: int


SMS: Final = Kind("sms", 660)
LINE: Final = Kind("line", 5000)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature that a gateway checks: HMAC-SHA256 over timestamp, dot, body."""
    content = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


class WebhookChannel:
    """One gateway, for SMS or LINE."""

    traits = Traits(Assurance.BEST_EFFORT, keeps_keys=True, announces=True)

    def __init__(
        self, kind: Kind, settings: Webhook, office: str, rendering: Rendering, clock: Clock
    ) -> None:
        self.name = kind.name
        self._kind, self._settings, self._office = kind, settings, office
        self._rendering, self._clock = rendering, clock
        self._server = Server(settings.url, settings.timeout_seconds, settings.ca_file)

    def send(self, parcel: Parcel) -> Handed:
        """Hand the text over; PermanentError("too_long") when it does not fit."""
        text = self._text(parcel)
        if len(text) > self._kind.longest:
            raise PermanentError("too_long")
        return self._post(parcel.key, parcel.address, text, parcel.purpose.value)

    def receipts(self, cursor: str) -> tuple[Sequence[Receipt], str]:
        """None: a gateway reports nothing."""
        return (), cursor

    def check(self) -> str:
        """A test text to the office's own number."""
        address = self._settings.check_address
        if not address:
            raise PermanentError("check_address_missing")
        key = f"check-{self._clock()}"
        return self._post(key, address, words.check_words(self._office), "check").reference

    def _text(self, parcel: Parcel) -> str:
        if parcel.purpose is not Purpose.MESSAGE:
            return words.announcement(parcel, self._office)
        return self._rendering.text(parcel.content, parcel.language)

    def _post(self, key: str, address: str, text: str, purpose: str) -> Handed:
        body = json.dumps(
            {"key": key, "to": address, "text": text, "purpose": purpose}, ensure_ascii=False
        ).encode()
        timestamp = str(self._clock() // 1_000_000)
        secret = read_secret(self._settings.secret_file)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            TIMESTAMP: timestamp,
            SIGNATURE: sign(secret, timestamp, body),
        }
        found = accepted(self._server.call("POST", "", headers, body), key)
        reference = found.get("reference")
        if found.get("key") != key or not isinstance(reference, str) or not reference:
            raise UnknownOutcomeError("answer_about_another")
        return Handed(reference)
