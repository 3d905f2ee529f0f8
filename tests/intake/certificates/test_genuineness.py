import hashlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.card_reader.simulated_card.demo_pki import DemoPki, make_pki, new_key, sign
from intake.certificates.anchors import AnchorSet, Hierarchy, make_anchor_set
from intake.certificates.card_key import write_card_key
from intake.certificates.genuineness import (
    GenuinenessReason,
    TextFiles,
    check_genuineness,
)
from intake.certificates.text_record import (
    parse_attributes,
    parse_integrity_record,
    parse_signed_key,
)
from intake.certificates.tlv import write_tlv
from intake.office.environment import Environment
from tests.intake.certificates.conftest import NOW, Reading

BOTH = frozenset(Hierarchy)


def reason(reading: Reading, anchors: AnchorSet, files: TextFiles) -> GenuinenessReason:
    return check_genuineness(
        files,
        challenge=reading.challenge,
        signature=reading.card_answer,
        anchors=anchors,
        accepted=BOTH,
    ).reason


def changed(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


def test_a_good_reading_is_genuine_and_names_its_anchor(reading: Reading, anchors: AnchorSet):
    result = check_genuineness(
        reading.files,
        challenge=reading.challenge,
        signature=reading.card_answer,
        anchors=anchors,
        accepted=BOTH,
    )
    assert result.genuine
    assert result.hierarchy is Hierarchy.PRODUCTION
    assert result.anchor_sha256 in {anchor.sha256 for anchor in anchors.anchors}


def test_each_changed_file_fails_for_its_own_reason(reading: Reading, anchors: AnchorSet):
    files = reading.files
    name_at = files.attributes.index("健一".encode()) + 2
    assert files.number is not None
    cases = {
        GenuinenessReason.ATTRIBUTES_CHANGED: replace(
            files, attributes=files.attributes.replace("健一".encode(), "健二".encode())
        ),
        GenuinenessReason.NUMBER_CHANGED: replace(files, number=changed(files.number, 5)),
        GenuinenessReason.RECORD_SIGNATURE: replace(
            files, integrity=changed(files.integrity, len(files.integrity) - 1)
        ),
        GenuinenessReason.UNKNOWN_ISSUER: replace(
            files, certificate=changed(files.certificate, len(files.certificate) - 1)
        ),
        GenuinenessReason.CARD_KEY_SIGNATURE: replace(
            files, signed_key=changed(files.signed_key, len(files.signed_key) - 1)
        ),
        GenuinenessReason.MALFORMED: replace(
            files, attributes=changed(files.attributes, name_at)[:40]
        ),
    }
    for expected, bent in cases.items():
        assert reason(reading, anchors, bent) is expected


def test_the_filler_of_the_number_file_is_covered(reading: Reading, anchors: AnchorSet):
    assert reading.files.number is not None
    bent = replace(reading.files, number=reading.files.number[:-1])
    assert reason(reading, anchors, bent) is GenuinenessReason.NUMBER_CHANGED


def test_only_this_cards_answer_to_this_challenge_counts(reading: Reading, anchors: AnchorSet):
    for challenge, answer in (
        (reading.challenge, sign(new_key(), reading.challenge)),
        (bytes(32), reading.card_answer),
        (b"", reading.card_answer),
        (reading.challenge, b""),
    ):
        result = check_genuineness(
            reading.files, challenge=challenge, signature=answer, anchors=anchors, accepted=BOTH
        )
        assert result.reason is GenuinenessReason.CHALLENGE_SIGNATURE


def test_a_key_of_the_attackers_choice_is_not_taken_for_the_cards(
    reading: Reading, anchors: AnchorSet
):
    own = new_key()
    public = write_tlv(0xDF51, write_card_key(own.public_key()))
    forged = write_tlv(0xFF50, public + write_tlv(0xDF52, sign(own, public)))
    result = check_genuineness(
        replace(reading.files, signed_key=forged),
        challenge=reading.challenge,
        signature=sign(own, reading.challenge),
        anchors=anchors,
        accepted=BOTH,
    )
    assert result.reason is GenuinenessReason.CARD_KEY_SIGNATURE


def test_a_test_card_is_refused_where_only_production_is_accepted(
    pki: DemoPki, anchors: AnchorSet, reading: Reading
):
    certificate = pki.records[Hierarchy.TEST].certificate
    result = check_genuineness(
        replace(reading.files, certificate=certificate),
        challenge=reading.challenge,
        signature=reading.card_answer,
        anchors=anchors,
        accepted=frozenset({Hierarchy.PRODUCTION}),
    )
    assert result.reason is GenuinenessReason.TEST_CARD


def test_no_anchor_and_a_foreign_anchor_vouch_for_nothing(reading: Reading):
    foreign = make_anchor_set(make_pki(NOW).anchors(), environment=Environment.DEMO)
    for anchors in (AnchorSet(()), foreign):
        assert reason(reading, anchors, reading.files) is GenuinenessReason.UNKNOWN_ISSUER


@pytest.mark.parametrize("name", ["attributes", "integrity", "certificate", "signed_key"])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(1, 255))
def test_no_changed_byte_passes_where_it_counts(
    name: str, place: float, value: int, reading: Reading, anchors: AnchorSet
):
    """Any change either fails or lies where nothing is taken from (length forms, offset table)."""
    data = bytearray(getattr(reading.files, name))
    position = int(place * len(data))
    data[position] ^= value
    bent = replace(reading.files, **{name: bytes(data)})
    if reason(reading, anchors, bent) is GenuinenessReason.GENUINE:
        assert name == "attributes"
        assert position < 14


def test_a_key_put_behind_the_issuers_signature_is_not_taken_for_the_cards(
    reading: Reading, anchors: AnchorSet
):
    """The issuer's signature over another file of a card does not lend itself to a foreign key."""
    own, record = new_key(), parse_integrity_record(reading.files.integrity)
    forged = write_tlv(
        0xFF50,
        record.covered
        + write_tlv(0xDF52, record.signature)
        + write_tlv(0xDF51, write_card_key(own.public_key())),
    )
    result = check_genuineness(
        replace(reading.files, signed_key=forged),
        challenge=reading.challenge,
        signature=sign(own, reading.challenge),
        anchors=anchors,
        accepted=BOTH,
    )
    assert result.reason is GenuinenessReason.MALFORMED


def test_attributes_put_behind_the_issuers_signature_are_not_vouched_for(
    reading: Reading, anchors: AnchorSet
):
    """Nor to other attributes: whoever holds one genuine card would be anybody."""
    card = parse_signed_key(reading.files.signed_key)
    attributes = reading.files.attributes.replace("健一".encode(), "健二".encode())
    digest = hashlib.sha256(parse_attributes(attributes).covered).digest()
    forged = write_tlv(
        0xFF30,
        card.covered
        + write_tlv(0xDF33, card.signature)
        + write_tlv(0xDF31, bytes(32))
        + write_tlv(0xDF32, digest),
    )
    bent = replace(reading.files, attributes=attributes, integrity=forged, number=None)
    assert reason(reading, anchors, bent) is GenuinenessReason.MALFORMED
