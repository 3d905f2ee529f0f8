"""A reading as `card read` shows it: one JSON object of fixed keys, or lines for people."""

import base64
from typing import Any

from drivers.card_reader.card_reading import CardReading, CounterWish, Want


def as_json(reading: CardReading, wish: CounterWish) -> dict[str, Any]:
    """The object of docs/cards.md. Parts not asked for or not reached are None.

    Photo and face-side pictures are for eyes only: that they were read and held shows in the
    outcome, never here.
    """
    signature = reading.signature
    return {
        "outcome": str(reading.outcome.code),
        "card": {
            "kind": None if reading.kind is None else str(reading.kind),
            "hierarchy": None if reading.hierarchy is None else str(reading.hierarchy),
        },
        "attributes": _attributes(reading),
        "authentication": _authentication(reading, wish),
        "signature": None
        if signature is None
        else {
            "certificate": _base64(signature.certificate),
            "signature": signature.signature.hex(),
            "result": str(signature.check.result),
        },
        "substituted": None
        if signature is None
        else {
            "name": list(signature.substituted.name),
            "address": list(signature.substituted.address),
        },
        "tries_left": dict(reading.tries_left),
        "message": {
            "ja": reading.outcome.message("ja"),
            "en": reading.outcome.message("en"),
        },
    }


def as_text(reading: CardReading, wish: CounterWish) -> str:
    """The same for people: a message first, then one line a fact."""
    shown = as_json(reading, wish)
    lines = [shown["message"]["ja"], shown["message"]["en"], f"outcome: {shown['outcome']}"]
    for part in ("card", "attributes", "tries_left"):
        values = shown[part] or {}
        lines += [f"{part}.{key}: {value}" for key, value in values.items() if value is not None]
    for part in ("authentication", "signature"):
        if shown[part] is not None:
            lines.append(f"{part}: {shown[part]['result']} (revocation is the hub's question)")
    for field, places in (shown["substituted"] or {}).items():
        lines.append(f"substituted.{field}: {', '.join(map(str, places)) or '-'}")
    if reading.face is not None and Want.PHOTO in wish.want:
        lines.append("photo: read and genuine; shown at the counter only")
    return "\n".join(lines) + "\n"


def _attributes(reading: CardReading) -> dict[str, str] | None:
    stated = reading.attributes
    if stated is None:
        return None
    return {
        "name": stated.name,
        "address": stated.address,
        "birth_date": stated.birth_date.isoformat(),
        "sex": stated.sex,
    }


def _authentication(reading: CardReading, wish: CounterWish) -> dict[str, str] | None:
    evidence = reading.evidence
    if evidence is None or evidence.authentication is None or reading.certificate is None:
        return None
    return {
        "certificate": _base64(evidence.authentication.certificate),
        "challenge": wish.challenge.hex(),
        "signature": evidence.authentication.signature.hex(),
        "result": str(reading.certificate.result),
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
