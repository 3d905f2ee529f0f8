"""Finds a secret in whatever was written, in the forms in which secrets leak."""

import base64
import re

_WORD = rb"(?<![0-9A-Za-z])%s(?![0-9A-Za-z])"


def traces(data: bytes, secret: str) -> list[str]:
    """The forms of `secret` that stand in `data`.

    Plain digits count where they are a word of their own (every long hexadecimal text holds any
    four digits); as bytes of a command, in hexadecimal, as a list of numbers, in UTF-16 and in
    base64 they count anywhere.
    """
    raw = secret.encode("ascii")
    spaced = " ".join(f"{octet:02x}" for octet in raw).encode()
    listed = ", ".join(str(octet) for octet in raw).encode()
    wire = bytes([0x00, 0x20, 0x00, 0x80, len(raw)]) + raw
    lowered = data.lower()
    found = {
        "plain": re.search(_WORD % re.escape(raw), data) is not None,
        "command": wire in data,
        "hex": raw.hex().encode() in lowered,
        "spaced hex": spaced in lowered,
        "numbers": listed in data,
        "utf-16": secret.encode("utf-16-le") in data,
        "base64": any(form in data for form in _in_base64(raw)),
    }
    return [form for form, there in found.items() if there]


def _in_base64(raw: bytes) -> list[bytes]:
    """What base64 makes of the secret at each of the three places it can begin at."""
    forms = (base64.b64encode(bytes(lead) + raw + b"\0\0") for lead in range(3))
    inner = [form[4 if lead else 0 : -4] for lead, form in enumerate(forms)]
    return [form for form in inner if len(form) >= 8]
