from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from intake import canonical
from intake.errors import (
    ConflictError,
    DecodeError,
    IntakeError,
    NotYetValidKeyError,
    ProofError,
    RevokedKeyError,
    SignatureError,
    UnknownKeyError,
    UnknownVersionError,
    WrongEnvironmentError,
    WrongOfficeError,
)
from intake.event import merkle, signing
from intake.event.checkpoint import check_extends, sign_checkpoint, verify_checkpoint
from intake.event.receipt import receipt_identity, sign_receipt, verify_receipt
from intake.event.signing import ContentType
from intake.office.environment import Environment
from tests.intake.event import foreign
from tests.intake.event.samples import (
    DAY,
    DOWNWARD,
    NOW,
    RECEIPT,
    RECEIPT_OLD,
    RECEIPT_REVOKED,
    UNIT,
    checkpoint_of,
    journalled,
    keyset,
    log_of,
    quarantined,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.event.keys import SigningKey

Wire = dict[str, Any]
IDENTITY = b"I" * 32
DIGEST = b"D" * 32
SIGNED = sign_receipt(journalled(IDENTITY), RECEIPT)
SET_ASIDE = sign_receipt(quarantined(DIGEST), RECEIPT)
TREE = log_of(IDENTITY)


def test_a_receipt_ends_the_resending_of_its_event() -> None:
    assert verify_receipt(SIGNED, keyset(), IDENTITY) == journalled(IDENTITY)
    aside = verify_receipt(SET_ASIDE, keyset(), IDENTITY, digest=DIGEST)
    assert aside == quarantined(DIGEST)
    conflict = sign_receipt(quarantined(IDENTITY, "conflict"), RECEIPT)
    assert verify_receipt(conflict, keyset(), IDENTITY, digest=DIGEST).reason == "conflict"
    assert receipt_identity(SIGNED) == IDENTITY
    for data in (SIGNED, SET_ASIDE):
        assert foreign.verify(data, RECEIPT.public)


def test_a_receipt_for_other_bytes_closes_nothing() -> None:
    for data in (SIGNED, SET_ASIDE):
        with pytest.raises(ConflictError):
            verify_receipt(data, keyset(), b"O" * 32, digest=b"P" * 32)
    with pytest.raises(ConflictError):
        verify_receipt(SET_ASIDE, keyset(), IDENTITY)


def test_bytes_name_a_quarantine_and_an_identity_a_place_in_the_log() -> None:
    unproven = sign_receipt(quarantined(IDENTITY, "bad_signature"), RECEIPT)
    with pytest.raises(ConflictError):
        verify_receipt(unproven, keyset(), IDENTITY, digest=DIGEST)
    placed = sign_receipt(journalled(DIGEST), RECEIPT)
    with pytest.raises(ConflictError):
        verify_receipt(placed, keyset(), IDENTITY, digest=DIGEST)


@pytest.mark.parametrize("data", [SIGNED, SET_ASIDE])
def test_every_changed_byte_is_refused(data: bytes) -> None:
    for at in range(len(data)):
        for flip in (0x01, 0x80):
            changed = data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :]
            with pytest.raises(IntakeError):
                verify_receipt(changed, keyset(), IDENTITY, digest=DIGEST)


@pytest.mark.parametrize(
    ("signer", "error"),
    [
        (UNIT, UnknownKeyError),
        (DOWNWARD, UnknownKeyError),
        (RECEIPT_REVOKED, RevokedKeyError),
        (RECEIPT_OLD, NotYetValidKeyError),
    ],
)
def test_only_a_receipt_key_in_use_signs(signer: SigningKey, error: type[IntakeError]) -> None:
    with pytest.raises(error):
        verify_receipt(sign_receipt(journalled(IDENTITY), signer), keyset(), IDENTITY)


def test_a_receipt_from_before_a_rotation_still_counts() -> None:
    then = NOW - 3 * DAY
    checkpoint = sign_checkpoint(checkpoint_of(TREE, time_us=then), RECEIPT_OLD)
    old = journalled(IDENTITY, hub_time_us=then, checkpoint=checkpoint)
    assert verify_receipt(sign_receipt(old, RECEIPT_OLD), keyset(), IDENTITY) == old


def test_a_forged_signature_of_a_known_key_is_refused() -> None:
    protected_kid = sign_receipt(journalled(IDENTITY), UNIT).replace(UNIT.kid, RECEIPT.kid)
    with pytest.raises(SignatureError):
        verify_receipt(protected_kid, keyset(), IDENTITY)


def test_another_office_or_environment_is_refused() -> None:
    for change, error in (
        ({"office": "011002"}, WrongOfficeError),
        ({"environment": Environment.TRAINING}, WrongEnvironmentError),
    ):
        with pytest.raises(error):
            verify_receipt(
                sign_receipt(journalled(IDENTITY, **change), RECEIPT), keyset(), IDENTITY
            )
        foreign_log = sign_checkpoint(checkpoint_of(TREE, **change), RECEIPT)
        receipt = journalled(IDENTITY, checkpoint=foreign_log)
        with pytest.raises(error):
            verify_receipt(sign_receipt(receipt, RECEIPT), keyset(), IDENTITY)


def test_the_event_must_stand_in_the_log() -> None:
    without = log_of(b"X" * 32)
    checkpoint = sign_checkpoint(checkpoint_of(without), RECEIPT)
    for receipt in (
        journalled(IDENTITY, checkpoint=checkpoint),
        journalled(IDENTITY, index=4),
        journalled(IDENTITY, index=7),
        journalled(IDENTITY, proof=()),
    ):
        with pytest.raises(ProofError):
            verify_receipt(sign_receipt(receipt, RECEIPT), keyset(), IDENTITY)


def wire() -> Wire:
    payload = signing.read(SIGNED, ContentType.RECEIPT, limit=99_999).payload
    return cast("Wire", canonical.decode(payload, limit=99_999))


CHANGES: list[Callable[[Wire], object]] = [
    lambda w: w.update(more=1),
    lambda w: w.pop("identity"),
    lambda w: w.update(identity=bytes(31)),
    lambda w: w.update(status="lost"),
    lambda w: w.update(reason="garbled"),
    lambda w: w.update(status="quarantined"),
    lambda w: w.update(status="quarantined", reason="garbled"),
    lambda w: w.update(status="quarantined", reason="garbled", index=None),
    lambda w: w.update(index=None),
    lambda w: w.update(proof=None),
    lambda w: w.update(checkpoint=None),
    lambda w: w.update(checkpoint=bytes(2000)),
    lambda w: w.update(proof=[bytes(32)] * 64),
    lambda w: w.update(hub_time_us=-1),
]


@pytest.mark.parametrize("change", CHANGES)
def test_another_form_is_refused(change: Callable[[Wire], object]) -> None:
    fields = wire()
    change(fields)
    changed = signing.sign(canonical.encode(fields), ContentType.RECEIPT, RECEIPT)
    with pytest.raises(DecodeError):
        verify_receipt(changed, keyset(), IDENTITY)


@pytest.mark.parametrize("proof", [[b""], ["x" * 32], [bytes(33)]])
def test_a_proof_is_a_list_of_hashes(proof: object) -> None:
    changed = canonical.encode({**wire(), "proof": proof})
    with pytest.raises(ProofError):
        verify_receipt(signing.sign(changed, ContentType.RECEIPT, RECEIPT), keyset(), IDENTITY)


def test_a_newer_form_is_told_from_a_broken_one() -> None:
    newer = signing.sign(canonical.encode({"v": 2}), ContentType.RECEIPT, RECEIPT)
    with pytest.raises(UnknownVersionError):
        verify_receipt(newer, keyset(), IDENTITY)


def test_a_reason_of_a_newer_hub_is_kept() -> None:
    data = sign_receipt(quarantined(DIGEST, "a_new_reason"), RECEIPT)
    assert verify_receipt(data, keyset(), IDENTITY, digest=DIGEST).reason == "a_new_reason"


def test_a_unit_is_witness_that_the_log_only_grows() -> None:
    older = verify_checkpoint(sign_checkpoint(checkpoint_of(TREE), RECEIPT), keyset())
    size = TREE.size
    grown = log_of(IDENTITY)
    for n in range(9):
        grown.append(bytes([n]) * 32)
    newer = checkpoint_of(grown)
    check_extends(older, newer, merkle.consistency_proof(grown, size, grown.size))
    check_extends(older, older, ())
    check_extends(checkpoint_of(log_of(), size=0), newer, ())
    rewritten = log_of(b"R" * 32)
    for n in range(9):
        rewritten.append(bytes([n]) * 32)
    proof = merkle.consistency_proof(rewritten, size, rewritten.size)
    with pytest.raises(ProofError):
        check_extends(older, checkpoint_of(rewritten), proof)
    with pytest.raises(ProofError):
        check_extends(newer, older, ())
    with pytest.raises(ProofError, match="epoch"):
        check_extends(older, checkpoint_of(grown, epoch=2), ())


def test_a_broken_checkpoint_is_neither_signed_nor_believed() -> None:
    with pytest.raises(DecodeError):
        sign_checkpoint(checkpoint_of(TREE, epoch=0), RECEIPT)
    with pytest.raises(DecodeError):
        verify_checkpoint(SIGNED, keyset())
