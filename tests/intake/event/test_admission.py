"""The envelope and what a hub decides about it: one reason code for every kind of bad input."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from intake import canonical
from intake.errors import (
    ConflictError,
    DecodeError,
    IntakeError,
    OversizeError,
    PartMismatchError,
    UndecryptableError,
    VerificationError,
)
from intake.event import envelope as envelopes
from intake.event import signing
from intake.event.admission import Admitted, DeviceKey, admit
from intake.event.envelope import LIMIT, Envelope, UnknownVersion, identity_of
from intake.event.manifest import PartName
from intake.event.parts import open_part
from intake.event.quarantine import QuarantineReason, reason_of, sentence_of
from intake.event.receipt import sign_receipt, verify_receipt
from intake.event.seal import read_sealed, seal
from intake.event.signing import ContentType
from intake.event.topics import Topic, Up, parse, up
from intake.office.environment import Environment
from tests.intake.event.samples import (
    CONTENTS,
    DEMO,
    DEVICE,
    NOW,
    OFFICE,
    READERS,
    RECEIPT,
    UNIT,
    UNIT_READER,
    envelope,
    keyset,
    manifest,
    quarantined,
    signing_key,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = envelopes.encode(envelope())
TOPIC = parse(up(OFFICE, DEVICE, Up.INTAKE))
KEY = DeviceKey(UNIT.public, OFFICE, DEVICE, DEMO, not_before_us=NOW)
R = QuarantineReason


def admitted(data: bytes = DATA, topic: Topic = TOPIC, key: DeviceKey = KEY) -> Admitted:
    return admit(data, topic, {UNIT.kid: key}.get, now_us=NOW)


def refused(data: bytes = DATA, topic: Topic = TOPIC, key: DeviceKey = KEY) -> QuarantineReason:
    with pytest.raises((DecodeError, VerificationError)) as caught:
        admitted(data, topic, key)
    return reason_of(caught.value)


def test_a_good_event_is_admitted_and_opens() -> None:
    found = admitted()
    assert found == Admitted(read_sealed(envelope().sealed).identity, manifest(), envelope())
    for entry in found.manifest.parts:
        reader = READERS[entry.recipient_class]
        part = found.envelope.parts[entry.name]
        assert open_part(part, reader, entry) == CONTENTS[entry.name]


def test_every_changed_byte_is_refused() -> None:
    for at in range(len(DATA)):
        changed = DATA[:at] + bytes([DATA[at] ^ 1]) + DATA[at + 1 :]
        with pytest.raises(IntakeError):
            admitted(changed)


def test_control_without_the_parts_check_a_changed_part_passes() -> None:
    """The signature alone does not cover the parts: `check_parts` ties them to it."""
    part = envelope().parts[PartName.CARD_EVIDENCE]
    parts = {**envelope().parts, PartName.CARD_EVIDENCE: part[:-1] + bytes([part[-1] ^ 1])}
    changed = Envelope(envelope().sealed, parts)
    assert read_sealed(changed.sealed).manifest == manifest()
    with pytest.raises(PartMismatchError):
        envelopes.check_parts(manifest(), parts)
    assert refused(envelopes.encode(changed)) is R.PART_MISMATCH


def with_parts(parts: Mapping[PartName, bytes]) -> bytes:
    return envelopes.encode(Envelope(envelope().sealed, parts))


def test_parts_must_be_those_of_the_manifest() -> None:
    parts = dict(envelope().parts)
    first = parts.pop(PartName.NOTIFICATION)
    assert refused(with_parts(parts)) is R.PART_MISSING
    parts[PartName.NOTIFICATION] = first + b"\0"
    assert refused(with_parts(parts)) is R.PART_MISMATCH
    few = replace(manifest(), parts=manifest().parts[:-1])
    extra = envelopes.encode(Envelope(seal(few, UNIT), envelope().parts))
    assert refused(extra) is R.PART_MISMATCH


def test_origin_must_agree_everywhere() -> None:
    other = parse(up(OFFICE, "counter-02", Up.INTAKE))
    office = parse(up("011002", DEVICE, Up.INTAKE))
    assert refused(topic=other) is R.WRONG_TOPIC
    assert refused(topic=replace(TOPIC, channel=Up.ASK)) is R.WRONG_TOPIC
    assert refused(key=replace(KEY, device="counter-02")) is R.WRONG_TOPIC
    assert refused(topic=office) is R.WRONG_OFFICE
    assert refused(key=replace(KEY, office="011002")) is R.WRONG_OFFICE
    assert refused(key=replace(KEY, environment=Environment.PRODUCTION)) is R.WRONG_ENVIRONMENT
    both = replace(KEY, device="counter-02")
    assert refused(topic=other, key=both) is R.WRONG_TOPIC


def test_the_key_must_be_known_and_in_force() -> None:
    with pytest.raises(VerificationError) as caught:
        admit(DATA, TOPIC, lambda _: None, now_us=NOW)
    assert reason_of(caught.value) is R.UNKNOWN_KEY
    assert refused(key=replace(KEY, revoked=True)) is R.REVOKED_KEY
    assert refused(key=replace(KEY, not_before_us=NOW + 1)) is R.NOT_YET_VALID_KEY


def test_a_foreign_signature_is_refused_before_anything_else_is_believed() -> None:
    forger = signing_key("forger")
    forged = seal(manifest(kid=forger.kid), forger).replace(forger.kid, UNIT.kid)
    data = envelopes.encode(Envelope(forged, envelope().parts))
    assert refused(data) is R.BAD_SIGNATURE
    assert refused(data, key=replace(KEY, revoked=True)) is R.BAD_SIGNATURE


def newer(data: bytes) -> bytes:
    fields = cast("list[object]", canonical.decode(data, limit=LIMIT))
    return canonical.encode([2, *fields[1:]])


def test_a_newer_version_is_kept_as_bytes() -> None:
    later = canonical.encode([9, {"whatever": [1.5, None]}])
    assert envelopes.decode(later) == UnknownVersion(9, later)
    assert refused(later) is R.UNKNOWN_VERSION
    payload = read_sealed(envelope().sealed).signed.payload
    wire = cast("dict[str, object]", canonical.decode(payload, limit=LIMIT))
    payload = canonical.encode({**wire, "v": 2, "news": 1})
    sealed = signing.sign(payload, ContentType.EVENT, UNIT)
    assert refused(envelopes.encode(Envelope(sealed, {}))) is R.UNKNOWN_VERSION


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        [],
        [0, b"", {}],
        [True, b"", {}],
        [1.0, b"", {}],
        ["1", b"", {}],
        [1, "", {}],
        [1, b"", []],
        [1, b"", {}, 0],
        [1, b"", {"other": b""}],
        [1, b"", {"notification": "text"}],
        [1, b"", {1: b""}],
        [1, b"", {}],
    ],
)
def test_anything_else_is_garbled(value: object) -> None:
    assert refused(canonical.encode(value)) is R.GARBLED


def test_noise_and_excess_have_their_reasons() -> None:
    assert refused(b"") is R.GARBLED
    assert refused(b"\xff" * 100) is R.GARBLED
    assert refused(DATA[:-1]) is R.GARBLED
    assert refused(bytes(LIMIT + 1)) is R.OVERSIZE
    with pytest.raises(OversizeError):
        envelopes.encode(Envelope(bytes(LIMIT), {}))


def test_what_was_not_admitted_is_named_by_its_own_bytes() -> None:
    for data in (b"", b"\xff", bytes(LIMIT + 1), newer(DATA), DATA):
        assert identity_of(data) == hashlib.sha256(data).digest()


def test_bytes_changed_on_the_way_do_not_close_the_row_of_the_true_ones() -> None:
    """A broken signature leaves the claimed identity as it was: a receipt must not name that."""
    changed = DATA.replace(envelope().sealed, envelope().sealed[:-1] + b"?")
    assert refused(changed) is R.BAD_SIGNATURE
    claimed = read_sealed(envelopes_sealed(changed)).identity
    assert claimed == admitted().identity
    row = {"identity": admitted().identity, "digest": identity_of(DATA)}
    for named in (identity_of(changed), claimed):
        receipt = sign_receipt(quarantined(named, "bad_signature"), RECEIPT)
        with pytest.raises(ConflictError):
            verify_receipt(receipt, keyset(), **row)
    same = sign_receipt(quarantined(identity_of(DATA), "bad_signature"), RECEIPT)
    assert verify_receipt(same, keyset(), **row).reason == "bad_signature"  # control


def envelopes_sealed(data: bytes) -> bytes:
    found = envelopes.decode(data)
    assert isinstance(found, Envelope)
    return found.sealed


def test_an_event_that_cannot_be_opened_has_its_reason() -> None:
    entry = manifest().parts[0]
    with pytest.raises(UndecryptableError) as caught:
        open_part(envelope().parts[entry.name], UNIT_READER, entry)
    assert reason_of(caught.value) is R.UNDECRYPTABLE


@pytest.mark.parametrize("reason", list(QuarantineReason))
def test_every_reason_has_a_sentence_in_both_languages(reason: QuarantineReason) -> None:
    assert reason.ja.endswith("。")
    assert reason.en.endswith(".")
    assert sentence_of(reason.value, "ja") == reason.ja
    assert sentence_of("a_new_reason", "en") == "a_new_reason"


def every_code(root: type[DecodeError | VerificationError]) -> set[str]:
    return {root.code, *(code for child in root.__subclasses__() for code in every_code(child))}


def test_errors_and_reasons_name_each_other() -> None:
    codes = every_code(DecodeError) | every_code(VerificationError)
    assert {reason.value for reason in R} == codes - {"stale", "bad_proof"}
