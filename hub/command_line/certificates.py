"""`certificate check`: judges certificates from JSON lines, as units and hub judge them.

It needs no office, no clock and no network: each line brings time, anchors and what was learnt
about revocation, and gets one line back. docs/certificates.md has both forms.
"""

import argparse
import base64
import binascii
import datetime as dt
import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, cast

from hub.command_line.options import Commands, command
from intake.certificates.anchors import AnchorSet, Hierarchy, Purpose, make_anchor_set
from intake.certificates.certificate import RevocationEvidence, check_certificate
from intake.certificates.outcome import CertificateCheck, CertificateReason
from intake.errors import IntakeError
from intake.office.environment import Environment

LONGEST_LINE: Final = 96 * 1024 * 1024
_ARCS: Final = {"prod": Hierarchy.PRODUCTION, "test": Hierarchy.TEST}
_NOT_UNDERSTOOD: Final = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
    IntakeError,
)
_BAD_REQUEST: Final = CertificateCheck(
    CertificateReason.BAD_REQUEST.result, CertificateReason.BAD_REQUEST
)


def add_to(group: Commands) -> None:
    """Add the command."""
    verbs = group.add_parser("certificate", help="residents' certificates").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    command(verbs, "check", _check, "judge certificates: JSON lines in, one answer a line out")


def answer_line(line: bytes) -> CertificateCheck:
    """The answer to one line; what cannot be understood is `invalid`, `bad_request`."""
    try:
        return _judge(json.loads(line))
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
        IntakeError,
    ):
        return _BAD_REQUEST


def _check(given: argparse.Namespace) -> None:
    for line in _lines(sys.stdin.buffer):
        found = _BAD_REQUEST if line is None else answer_line(line)
        if given.json:
            answer = {"result": found.result.value, "reason": found.reason.value}
            print(json.dumps(answer), flush=True)
        else:
            print(f"{found.result.value}: {found.reason.value}", flush=True)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines, None for one that is too long to be looked at."""
    while line := stream.readline(LONGEST_LINE):
        whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
        yield line if whole else None
        while not whole:
            rest = stream.readline(LONGEST_LINE)
            whole = rest.endswith(b"\n") or len(rest) < LONGEST_LINE


def _judge(asked: dict[str, Any]) -> CertificateCheck:
    nonce = asked.get("nonce")
    return check_certificate(
        _octets(asked["leaf"]),
        purpose=_purpose(asked["purpose"]),
        at=_instant(asked["at"]),
        anchors=_anchors(asked["anchors"]),
        accepted=frozenset({_ARCS[asked["arc"]]}),
        revocation=RevocationEvidence(
            crl=_evidence(asked.get("crl")),
            ocsp=_evidence(asked.get("ocsp")),
            nonce=None if nonce is None else bytes.fromhex(nonce),
        ),
    )


def _purpose(word: str) -> Purpose:
    purpose = Purpose(word)
    if purpose is Purpose.CV:
        raise ValueError("certificates are for sign or auth")
    return purpose


def _instant(text: str) -> dt.datetime:
    """The instant; a time that names no zone is UTC."""
    instant = dt.datetime.fromisoformat(text)
    return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant


def _anchors(given: dict[str, list[str]]) -> AnchorSet:
    """Anchors as a folder would hold them. Which hierarchy counts is the line's own word."""
    files = [
        (f"{purpose}_{number}.der", _octets(text))
        for purpose in (Purpose.SIGN, Purpose.AUTH)
        for number, text in enumerate(given.get(purpose) or [])
    ]
    return make_anchor_set(files, environment=Environment.DEMO)


def _octets(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _evidence(text: object) -> bytes | None:
    """What was learnt, None for nothing; text that is no base64 is evidence that says nothing."""
    if text is None:
        return None
    try:
        return _octets(cast("str", text))
    except (binascii.Error, ValueError, TypeError):
        return b""
