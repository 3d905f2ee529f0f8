"""The child that parses XML from outside: one order and one message in, one line of JSON out.

What it says is checked again by `outside`, since a parser that was taken over may say anything.
"""

import base64
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, Final

from cryptography import x509
from lxml import etree

from hub.keys.message_key import TrustedCertificate
from hub.messages.message import checking, imported, schema
from hub.messages.message.errors import MessageRefusedError, MessageSignatureError, Problem, Reason
from hub.messages.message.signature_form import DS
from hub.messages.message.to_xml import Element
from hub.messages.message.wire import Json, to_json
from hub.messages.sandbox.child_limits import limit

LINE: Final = 1 << 20
CANONICAL: Final = "c14n"


def answer(order: Json, data: bytes) -> Json:
    """What the message says, or its problems."""
    trusted = [_certificate(one) for one in order["trusted"]]
    try:
        if order["import"]:
            found = imported.read(data, trusted)
            return {"content": to_json(found)}
        checked = checking.check(data, trusted)
        return {"content": to_json(checked.content), **_proof(checking.message_root(data))}
    except MessageRefusedError as error:
        signature = isinstance(error, MessageSignatureError)
        return {"signature": signature, "problems": _problems(error.problems)}
    except (MemoryError, RecursionError):
        return {"signature": False, "problems": _problems((Problem(0, Reason.CRASHED),))}


def _proof(root: Element) -> Json:
    """The signed information and properties in canonical form, so that nobody need believe us.

    The signature has its one form already: its last part holds the properties.
    """
    signature = root[-1]
    properties = signature[-1][0][0]
    alone = etree.fromstring(etree.tostring(signature))
    info = alone[0]
    return {
        "info": base64.b64encode(etree.tostring(info, method=CANONICAL)).decode(),
        "properties": base64.b64encode(etree.tostring(properties, method=CANONICAL)).decode(),
        "value": "".join((alone.findtext(f"{DS}SignatureValue") or "").split()),
        "certificate": "".join((alone.findtext(f".//{DS}X509Certificate") or "").split()),
    }


def _problems(problems: Sequence[Problem]) -> list[list[Any]]:
    return [[one.line, one.reason.value, one.detail] for one in problems]


def _certificate(found: Json) -> TrustedCertificate:
    certificate = x509.load_der_x509_certificate(base64.b64decode(found["der"]))
    return TrustedCertificate(certificate, found["not_before_us"], found["not_after_us"])


def serve(said: Callable[[Json, BinaryIO], object], longest: int) -> None:
    """Say that all is imported, then answer one order, whose line has `longest` bytes at most.

    said: what to answer, given the order and what follows it.
    """
    schema.compile_all()
    limit()
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a parser prints is no answer
    answers.write(b"\n")
    given = sys.stdin.buffer
    line = given.readline(longest)
    if not line:
        return
    rest = memoryview(json.dumps(said(json.loads(line), given)).encode() + b"\n")
    while rest:
        rest = rest[answers.write(rest) or 0 :]
    os._exit(0)  # nothing of a hostile message is tidied up


if __name__ == "__main__":
    serve(lambda order, given: answer(order, given.read(order["size"])), LINE)
