"""XML from outside, parsed in a child that is shut in; what the child says is checked in turn.

A child that a hostile message took over may claim anything. So the hub writes the claimed content
as XML itself, and believes it when the office's signature, over the signed information that the
child hands out, holds its digest.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from lxml import etree

from hub.keys.message_key import TrustedCertificate
from hub.messages.message.checking import Checked
from hub.messages.message.content import Content
from hub.messages.message.errors import (
    MessageRefusedError,
    MessageSignatureError,
    Problem,
    Reason,
)
from hub.messages.message.parsing import BYTES, parse, refused
from hub.messages.message.signature import in_use
from hub.messages.message.signature_form import DS, XADES, distrusted
from hub.messages.message.to_xml import tree
from hub.messages.message.wire import GarbledError, Json, from_json
from hub.messages.sandbox.confinement import Confinement, command, confinement
from hub.messages.sandbox.exchange import end, exchange, start
from intake.errors import IntakeError
from intake.event.keys import PublicKey

CHILD = ("-I", "-m", "hub.messages.message.child")


def check(
    data: bytes, trusted: Sequence[TrustedCertificate], kind: Confinement | None = None
) -> Checked:
    """As `checking.check`, for a message that comes from outside."""
    return believed(_asked(data, trusted, kind, is_import=False), trusted)


def read(
    data: bytes, systems: Sequence[TrustedCertificate] = (), kind: Confinement | None = None
) -> Content:
    """As `imported.read`: what a core system hands in, or MessageRefusedError with lines."""
    return claimed(_asked(data, systems, kind, is_import=True))


def believed(answer: Json, trusted: Sequence[TrustedCertificate]) -> Checked:
    """The content of a child's answer if the office signed it; MessageSignatureError otherwise."""
    content = claimed(answer)
    try:
        known, signed_at = _proven(answer, content, trusted)
    except (LookupError, TypeError, ValueError, StopIteration, IntakeError):
        raise distrusted(0, Reason.SIGNATURE) from None
    if not in_use(known, signed_at):
        raise distrusted(0, Reason.SIGNATURE_TIME)
    return Checked(content, signed_at, known.der)


def claimed(answer: Json) -> Content:
    """The content that a child's answer holds; MessageRefusedError with what it found wrong."""
    try:
        if "content" in answer:
            return from_json(answer["content"])
        problems = tuple(_problem(one) for one in answer["problems"])
        distrust = answer["signature"] is True
    except (GarbledError, LookupError, TypeError, ValueError):
        raise refused(0, Reason.CRASHED) from None
    if not problems:
        raise refused(0, Reason.CRASHED)
    raise MessageSignatureError(problems) if distrust else MessageRefusedError(problems)


def _proven(
    answer: Json, content: Content, trusted: Sequence[TrustedCertificate]
) -> tuple[TrustedCertificate, datetime]:
    """Whose signature holds the content's digest, and since when; any error when none does."""
    der, value, info, properties = (
        base64.b64decode(answer[name], validate=True)
        for name in ("certificate", "value", "info", "properties")
    )
    known = next(one for one in trusted if one.der == der)
    PublicKey.from_certificate(known.certificate).verify(value, info)
    digests = [one.text for one in parse(info).iter(f"{DS}DigestValue")]
    canonical = etree.tostring(tree(content), method="c14n")
    if digests[:2] != [_digest(canonical), _digest(properties)]:
        raise ValueError
    signing_time = parse(properties).findtext(f".//{XADES}SigningTime", "")
    return known, datetime.fromisoformat(signing_time)


def _asked(
    data: bytes, trusted: Sequence[TrustedCertificate], kind: Confinement | None, *, is_import: bool
) -> Json:
    """A child's answer; a child that dies or takes too long is an answer too."""
    if len(data) > BYTES:
        raise refused(0, Reason.TOO_LARGE)
    certificates = [
        {
            "der": base64.b64encode(one.der).decode(),
            "not_before_us": one.not_before_us,
            "not_after_us": one.not_after_us,
        }
        for one in trusted
    ]
    order = {"size": len(data), "import": is_import, "trusted": certificates}
    child = start(command(kind or confinement(), CHILD))
    try:
        answer = json.loads(exchange(child, json.dumps(order).encode() + b"\n" + data))
    except TimeoutError:
        raise refused(0, Reason.TIME_LIMIT) from None
    except (ConnectionError, ValueError, RecursionError):
        raise refused(0, Reason.CRASHED) from None
    finally:
        end(child)
    if not isinstance(answer, dict):
        raise refused(0, Reason.CRASHED)
    return cast("Json", answer)


def _problem(found: Any) -> Problem:  # noqa: ANN401 - parsed JSON
    line, reason, detail = found
    return Problem(int(line), Reason(reason), str(detail)[:200])


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
