"""A signature holds for one document, by a signing certificate that is vouched for."""

import datetime as dt
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

from intake.certificates import evidence
from intake.certificates.anchors import AnchorSet, Purpose, make_anchor_set
from intake.certificates.certificate import CheckResult
from intake.certificates.document_signature import (
    DocumentSignature,
    DocumentSignatureCheck,
    check_document_signature,
)
from intake.certificates.evidence import CardEvidence
from intake.office.environment import Environment
from tests.intake.certificates.authority import NOW, Authority

DOCUMENT = b"this is what is notified"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority(Purpose.SIGN)


@pytest.fixture(scope="module")
def anchors(authority: Authority) -> AnchorSet:
    return make_anchor_set([("sign_ours.der", authority.der)], environment=Environment.DEMO)


@pytest.fixture(scope="module")
def signed(authority: Authority) -> DocumentSignature:
    certificate = authority.leaf().public_bytes(Encoding.DER)
    signature = authority.holder.sign(DOCUMENT, padding.PKCS1v15(), hashes.SHA256())
    return DocumentSignature(certificate, signature)


def check(
    found: DocumentSignature,
    anchors: AnchorSet,
    document: bytes = DOCUMENT,
    at: dt.datetime = NOW,
) -> DocumentSignatureCheck:
    return check_document_signature(
        found, document, at=at, anchors=anchors, environment=Environment.DEMO
    )


def test_it_holds_for_its_document_alone(signed: DocumentSignature, anchors: AnchorSet):
    assert check(signed, anchors).holds
    assert not check(signed, anchors, DOCUMENT + b".").signature
    assert not check(replace(signed, signature=bytes(256)), anchors).holds
    assert not check(replace(signed, signature=b""), anchors).holds


def test_an_expired_certificate_does_not_hold_though_the_signature_does(
    signed: DocumentSignature, anchors: AnchorSet
):
    found = check(signed, anchors, at=NOW + dt.timedelta(days=400))
    assert (found.holds, found.signature) == (False, True)
    assert found.certificate.result is CheckResult.INVALID


def test_nobody_vouches_for_a_foreign_authority(signed: DocumentSignature):
    assert not check(signed, AnchorSet(())).holds


def test_a_certificate_for_authentication_signs_no_document(anchors: AnchorSet):
    other = Authority(Purpose.AUTH)
    certificate = other.leaf().public_bytes(Encoding.DER)
    signature = other.holder.sign(DOCUMENT, padding.PKCS1v15(), hashes.SHA256())
    assert not check(DocumentSignature(certificate, signature), anchors).holds


@pytest.mark.parametrize("garbage", [b"", b"\x30\x00", bytes(40_000)])
def test_garbage_is_no_certificate(signed: DocumentSignature, anchors: AnchorSet, garbage: bytes):
    assert not check(replace(signed, certificate=garbage), anchors).holds


def test_it_travels_in_the_evidence_and_is_left_out_when_there_is_none(signed: DocumentSignature):
    plain = CardEvidence(1, "plastic", bytes(32))
    both = replace(plain, signature=signed)
    assert evidence.decode(evidence.encode(both)) == both
    assert evidence.decode(evidence.encode(plain)) == plain
    assert b"signature" not in evidence.encode(plain)
    assert signed.signature.hex() not in repr(both)
