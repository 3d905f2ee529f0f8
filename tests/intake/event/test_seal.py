from __future__ import annotations

import hashlib
from dataclasses import replace

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cwt import VerifyError

from intake import canonical
from intake.canonical import Tagged
from intake.errors import DecodeError, IntakeError, SignatureError
from intake.event import signing
from intake.event.keys import FileSigner
from intake.event.seal import read_sealed, seal, verify
from intake.event.signing import ContentType
from tests.intake.event import foreign
from tests.intake.event.samples import UNIT, UNIT_READER, manifest

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SEALED = seal(manifest(), UNIT)


class RandomSigner:
    """Signs with a fresh random number each time, as a TPM does."""

    kid = UNIT.kid

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(UNIT.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def rebuilt(protected: bytes, outer: object, payload: object, signature: bytes) -> bytes:
    return canonical.encode(Tagged(18, [protected, outer, payload, signature]))


def test_what_was_sealed_is_read_and_verified() -> None:
    sealed = read_sealed(SEALED)
    assert verify(sealed, UNIT.public) == manifest()
    assert sealed.kid == UNIT.kid
    assert seal(manifest(), FileSigner(UNIT.to_pem())) == SEALED


def test_the_foreign_judge_agrees() -> None:
    assert foreign.verify(SEALED, UNIT.public) == read_sealed(SEALED).signed.payload
    with pytest.raises(VerifyError):
        foreign.verify(SEALED[:-1] + bytes([SEALED[-1] ^ 1]), UNIT.public)


def test_the_identity_is_the_hash_of_what_is_signed() -> None:
    protected, _, payload, _ = cbor2.loads(SEALED).value
    to_be_signed = cbor2.dumps(["Signature1", protected, b"", payload])
    assert read_sealed(SEALED).identity == hashlib.sha256(to_be_signed).digest()


def test_another_signature_over_the_same_manifest_is_the_same_event() -> None:
    again = seal(manifest(), RandomSigner())
    assert again != SEALED
    assert verify(read_sealed(again), UNIT.public) == manifest()
    assert read_sealed(again).identity == read_sealed(SEALED).identity


def test_a_malleated_signature_is_the_same_event() -> None:
    protected, outer, payload, signature = cbor2.loads(SEALED).value
    s = int.from_bytes(signature[32:], "big")
    malleated = rebuilt(protected, outer, payload, signature[:32] + (N - s).to_bytes(32, "big"))
    assert malleated != SEALED
    assert verify(read_sealed(malleated), UNIT.public) == manifest()
    assert read_sealed(malleated).identity == read_sealed(SEALED).identity
    assert hashlib.sha256(malleated).digest() != hashlib.sha256(SEALED).digest()


def test_every_changed_byte_is_refused() -> None:
    for at in range(len(SEALED)):
        for flip in (0x01, 0x80) if at % 8 == 0 else (0x01 << at % 8,):
            changed = SEALED[:at] + bytes([SEALED[at] ^ flip]) + SEALED[at + 1 :]
            with pytest.raises(IntakeError):
                verify(read_sealed(changed), UNIT.public)


def test_control_without_the_signature_check_changed_content_is_read() -> None:
    """What `verify` is for: some changed bytes still read as a manifest."""
    at = SEALED.find(b"move_in")
    changed = SEALED[:at] + b"move_iN".lower().replace(b"n", b"x") + SEALED[at + 7 :]
    assert read_sealed(changed).manifest.procedure == "move_ix"
    with pytest.raises(SignatureError):
        verify(read_sealed(changed), UNIT.public)


def test_every_cut_and_added_byte_is_refused() -> None:
    for length in range(len(SEALED)):
        with pytest.raises(DecodeError):
            read_sealed(SEALED[:length])
    with pytest.raises(DecodeError):
        read_sealed(SEALED + b"\0")


def test_another_key_is_refused() -> None:
    with pytest.raises(SignatureError):
        verify(read_sealed(SEALED), UNIT_READER.public)


def test_manifest_and_signer_must_name_one_key() -> None:
    other = manifest(kid=UNIT_READER.kid)
    with pytest.raises(DecodeError):
        seal(other, UNIT)
    payload = signing.read(SEALED, ContentType.EVENT, limit=99_999).payload
    forged = signing.sign(payload.replace(UNIT.kid, UNIT_READER.kid), ContentType.EVENT, UNIT)
    with pytest.raises(DecodeError, match="different keys"):
        read_sealed(forged)


def test_a_broken_manifest_is_not_sealed() -> None:
    with pytest.raises(DecodeError):
        seal(replace(manifest(), revision=2), UNIT)


def test_a_signature_on_one_kind_of_message_is_none_on_another() -> None:
    with pytest.raises(DecodeError):
        signing.read(SEALED, ContentType.RECEIPT, limit=99_999)


HEADER = {1: -7, 3: ContentType.EVENT.value, 4: UNIT.kid}


@pytest.mark.parametrize(
    "header",
    [
        {},
        [],
        {**HEADER, 1: -8},
        {**HEADER, 1: -7.0},
        {**HEADER, 2: [1]},
        {**HEADER, 4: "text"},
        {**HEADER, 4: UNIT.kid[:-1]},
        {1: -7, 4: UNIT.kid},
    ],
)
def test_foreign_protected_headers_are_refused(header: object) -> None:
    with pytest.raises(DecodeError):
        read_sealed(rebuilt(canonical.encode(header), {}, b"", bytes(64)))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        Tagged(18, None),
        Tagged(18, [canonical.encode(HEADER), {}, None, bytes(64)]),
        Tagged(18, [canonical.encode(HEADER), {4: b""}, b"", bytes(64)]),
        Tagged(18, [canonical.encode(HEADER), {}, b"", bytes(63)]),
        Tagged(18, [canonical.encode(HEADER), {}, b"", bytes(64), 0]),
        [canonical.encode(HEADER), {}, b"", bytes(64)],
    ],
)
def test_other_structures_are_refused(value: object) -> None:
    with pytest.raises(DecodeError):
        read_sealed(canonical.encode(value))
