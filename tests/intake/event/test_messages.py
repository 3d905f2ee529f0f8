"""Downward messages and upward questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from intake import canonical
from intake.errors import (
    DecodeError,
    EncodeError,
    IntakeError,
    NotYetValidKeyError,
    SignatureError,
    StaleError,
    UndecryptableError,
    UnknownKeyError,
    UnknownVersionError,
    WrongEnvironmentError,
    WrongOfficeError,
    WrongTopicError,
)
from intake.event import signing, upward
from intake.event.downward import (
    BODY_LIMIT,
    Audience,
    Downward,
    DownwardKind,
    open_downward,
    seal_downward,
)
from intake.event.signing import ContentType
from intake.event.upward import Answer, Ask, AskKind, read_ask, sign_ask, verify_ask
from intake.office.environment import Environment
from tests.intake.event import foreign
from tests.intake.event.samples import (
    DAY,
    DEMO,
    DEVICE,
    DOWNWARD,
    NOW,
    OFFICE,
    RECEIPT,
    UNIT,
    UNIT_READER,
    downward,
    keyset,
    reader_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Wire = dict[str, Any]
HERE = Audience(OFFICE, DEMO, DEVICE)
ROSTER = DownwardKind.ROSTER
DECISION = DownwardKind.DECISION


def sealed(message: Downward) -> bytes:
    return seal_downward(message, DOWNWARD, UNIT_READER.public if message.kind.encrypted else None)


def opened(
    data: bytes,
    kind: DownwardKind = ROSTER,
    audience: Audience = HERE,
    now_us: int | None = NOW,
    held_version: int | None = None,
) -> Downward:
    return open_downward(
        data,
        kind,
        keyset(),
        audience,
        now_us=now_us,
        held_version=held_version,
        reader=UNIT_READER,
    )


@pytest.mark.parametrize("kind", list(DownwardKind))
def test_every_kind_of_message_arrives(kind: DownwardKind) -> None:
    message = downward(kind, b"the content")
    data = sealed(message)
    assert opened(data, kind) == message
    assert (b"the content" in foreign.verify(data, DOWNWARD.public)) != kind.encrypted


def test_what_concerns_a_resident_is_encrypted_to_one_unit() -> None:
    data = sealed(downward(DECISION, b"about a resident"))
    assert b"about a resident" not in data
    for reader, error in ((None, UndecryptableError), (reader_key("other"), UndecryptableError)):
        with pytest.raises(error):
            open_downward(data, DECISION, keyset(), HERE, now_us=NOW, reader=reader)
    with pytest.raises(DecodeError):
        seal_downward(downward(DECISION), DOWNWARD)
    with pytest.raises(DecodeError):
        seal_downward(downward(ROSTER), DOWNWARD, UNIT_READER.public)


@pytest.mark.parametrize("kind", [ROSTER, DECISION])
def test_every_changed_byte_is_refused(kind: DownwardKind) -> None:
    data = sealed(downward(kind))
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(IntakeError):
            opened(changed, kind)


def test_expired_messages_are_refused_where_the_clock_is_trusted() -> None:
    data = sealed(downward(ROSTER))
    assert opened(data, now_us=NOW + DAY - 1)
    with pytest.raises(StaleError):
        opened(data, now_us=NOW + DAY)
    assert opened(data, now_us=None)


def test_older_messages_are_refused_and_the_same_one_again_is_not() -> None:
    data = sealed(downward(ROSTER))
    assert opened(data, held_version=NOW - 1)
    assert opened(data, held_version=NOW)
    with pytest.raises(StaleError):
        opened(data, held_version=NOW + 1)


def test_messages_for_others_are_refused() -> None:
    decision = sealed(downward(DECISION))
    for audience, error in (
        (Audience("011002", DEMO, DEVICE), WrongOfficeError),
        (Audience(OFFICE, Environment.PRODUCTION, DEVICE), WrongEnvironmentError),
        (Audience(OFFICE, DEMO, "counter-02"), WrongTopicError),
    ):
        with pytest.raises(error):
            opened(decision, DECISION, audience)
    with pytest.raises(WrongTopicError):
        opened(decision, DownwardKind.ANSWER)


def test_only_a_downward_key_in_use_signs() -> None:
    with pytest.raises(UnknownKeyError):
        opened(seal_downward(downward(ROSTER), RECEIPT))
    with pytest.raises(NotYetValidKeyError):
        opened(sealed(downward(ROSTER, issued_us=NOW - 9 * DAY)))


CHANGES: list[Callable[[Wire], object]] = [
    lambda w: w.update(more=1),
    lambda w: w.pop("body"),
    lambda w: w.update(kind="other"),
    lambda w: w.update(device=DEVICE),
    lambda w: w.update(kind="decision"),
    lambda w: w.update(version=0),
    lambda w: w.update(expires_us=NOW),
    lambda w: w.update(body="text"),
    lambda w: w.update(body=bytes(BODY_LIMIT + 1)),
]


@pytest.mark.parametrize("change", CHANGES)
def test_another_form_is_refused(change: Callable[[Wire], object]) -> None:
    payload = signing.read(sealed(downward(ROSTER)), ContentType.DOWNWARD, limit=9999).payload
    wire = cast("Wire", canonical.decode(payload, limit=9999))
    change(wire)
    with pytest.raises(DecodeError):
        opened(signing.sign(canonical.encode(wire), ContentType.DOWNWARD, DOWNWARD))


def test_a_newer_form_is_told_from_a_broken_one() -> None:
    newer = signing.sign(canonical.encode({"v": 2}), ContentType.DOWNWARD, DOWNWARD)
    with pytest.raises(UnknownVersionError):
        opened(newer)


ASK = Ask(upward.new_ask_id(), AskKind.RETURNED, OFFICE, DEMO, DEVICE, NOW)


def test_a_question_is_signed_by_the_unit() -> None:
    data = sign_ask(ASK, UNIT)
    found = read_ask(data)
    assert (found.kid, verify_ask(found, UNIT.public)) == (UNIT.kid, ASK)
    assert foreign.verify(data, UNIT.public)
    with pytest.raises(SignatureError):
        verify_ask(found, RECEIPT.public)
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(IntakeError):
            verify_ask(read_ask(changed), UNIT.public)


def test_another_form_of_question_is_refused() -> None:
    payload = signing.read(sign_ask(ASK, UNIT), ContentType.ASK, limit=9999).payload
    wire = cast("Wire", canonical.decode(payload, limit=9999))
    for change in ({"more": 1}, {"kind": "other"}, {"device": "X"}, {"ask_id": "1"}, {"v": 2}):
        changed = canonical.encode({**wire, **change})
        with pytest.raises(DecodeError):
            read_ask(signing.sign(changed, ContentType.ASK, UNIT))


def test_an_answer_names_its_question() -> None:
    answer = Answer(ASK.ask_id, AskKind.RETURNED, b"list", more=True)
    data = upward.encode_answer(answer)
    assert upward.decode_answer(data) == answer
    with pytest.raises(DecodeError):
        upward.decode_answer(canonical.encode({**answer.__dict__, "v": 1, "more": 0}))
    with pytest.raises(DecodeError):
        upward.decode_answer(canonical.encode({**answer.__dict__, "v": 1, "other": 0}))


def test_lists_of_hashes() -> None:
    hashes = (bytes(32), b"x" * 32)
    assert upward.decode_hashes(upward.encode_hashes(hashes)) == hashes
    assert upward.decode_hashes(upward.encode_hashes(())) == ()
    for wrong in ([bytes(31)], [bytes(32)] * 1001):
        with pytest.raises(EncodeError):
            upward.encode_hashes(wrong)
        with pytest.raises(DecodeError):
            upward.decode_hashes(canonical.encode(wrong))
    for other in ({}, ["x" * 32]):
        with pytest.raises(DecodeError):
            upward.decode_hashes(canonical.encode(other))


def test_pairs_of_sizes() -> None:
    assert upward.decode_sizes(upward.encode_sizes(3, 9)) == (3, 9)
    for wrong in ([0, 1], [2, 1], [True, 2], [1], [1, "2"], [1, 2, 3], {}):
        with pytest.raises(DecodeError):
            upward.decode_sizes(canonical.encode(wrong))
