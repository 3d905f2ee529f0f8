"""The box in the style of Mynaportal. Unverified against the real interface, which is not public.

What it speaks is our own simulator's interface (docs/channels.md). It keeps keys and reports.
"""

import base64
import json
import urllib.parse
import uuid
from collections.abc import Sequence
from typing import Any, Final, cast

from hub.messages.channels.calling import Answer, Server, accepted, storable
from hub.messages.channels.channel import (
    Assurance,
    Handed,
    Parcel,
    PermanentError,
    Receipt,
    ReceiptKind,
    TemporaryError,
    Traits,
    UnknownOutcomeError,
)
from hub.messages.channels.configuration import Mynaportal
from hub.messages.channels.secrets import read_secret

REPORTS_AT_ONCE: Final = 1000
UNREADABLE: Final = Receipt("", ReceiptKind.REFUSED, 0)
"""A report that cannot be read: about nothing that was sent, so that an alarm says it came."""


class MynaportalChannel:
    """Hands messages to a box service over HTTP, by a token from a file."""

    name = "mynaportal"
    traits = Traits(Assurance.ASSURED, keeps_keys=True, reports=True)

    def __init__(self, settings: Mynaportal) -> None:
        self._settings = settings
        self._server = Server(settings.url, settings.timeout_seconds, settings.ca_file)

    def send(self, parcel: Parcel) -> Handed:
        """Put a message, an announcement or a reminder into the resident's box."""
        body = {
            "key": parcel.key,
            "message_id": parcel.message_id,
            "purpose": parcel.purpose.value,
            "box": parcel.address,
            "issuer": parcel.issuer,
            "title": parcel.title,
            "legal": parcel.legal,
            "language": parcel.language,
            "large_print": parcel.large_print,
            "content": base64.b64encode(parcel.content).decode(),
        }
        return self._post(body)

    def receipts(self, cursor: str) -> tuple[Sequence[Receipt], str]:
        """Reports after `cursor`; TemporaryError when they cannot be had or read."""
        query = urllib.parse.urlencode({"after": cursor})
        try:
            found = accepted(self._call("GET", f"/v1/reports?{query}"), any_text=True)
            rows = cast("list[object]", found["reports"])
            return [_receipt(row) for row in rows[:REPORTS_AT_ONCE]], storable(str(found["next"]))
        except (UnknownOutcomeError, KeyError, TypeError, ValueError) as error:
            raise TemporaryError("reports_unreadable") from error

    def check(self) -> str:
        """A test message into the office's own box."""
        if not self._settings.check_address:
            raise PermanentError("check_address_missing")
        key = f"check-{uuid.uuid4()}"
        body = {
            "key": key,
            "message_id": key,
            "purpose": "check",
            "box": self._settings.check_address,
            "issuer": "",
            "title": "check",
            "legal": False,
            "language": "ja",
            "large_print": False,
            "content": "",
        }
        return self._post(body).reference

    def _post(self, body: dict[str, Any]) -> Handed:
        data = json.dumps(body, ensure_ascii=False).encode()
        key = str(body["key"])
        found = accepted(self._call("POST", "/v1/messages", data, key), key)
        reference = found.get("reference")
        if found.get("key") != key or not isinstance(reference, str) or not reference:
            raise UnknownOutcomeError("answer_about_another")
        return Handed(reference)

    def _call(self, method: str, path: str, body: bytes | None = None, key: str = "") -> Answer:
        headers = {
            "Authorization": f"Bearer {read_secret(self._settings.token_file)}",
            "Accept": "application/json",
        }
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        return self._server.call(method, path, headers, body)


def _receipt(given: object) -> Receipt:
    """One report; a broken one keeps those behind it from nobody."""
    try:
        row = cast("dict[str, Any]", given)
        return Receipt(
            key=storable(str(row["key"])),
            kind=ReceiptKind(row["kind"]),
            time_us=int(row["time_us"]),
            reason=storable(str(row.get("reason", "")))[:64],
            suppress=row.get("suppress") is True,
        )
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return UNREADABLE
