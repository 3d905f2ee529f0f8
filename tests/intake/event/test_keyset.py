from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from intake import canonical
from intake.errors import (
    ConflictError,
    DecodeError,
    IntakeError,
    NotYetValidKeyError,
    RevokedKeyError,
    SignatureError,
    StaleError,
    UnknownKeyError,
    UnknownVersionError,
    WrongEnvironmentError,
    WrongOfficeError,
)
from intake.event import signing
from intake.event.keys import SigningKey
from intake.event.keyset import (
    HubKey,
    KeySet,
    KeyStatus,
    KeyUse,
    accept_keyset,
    read_keyset,
    sign_keyset,
)
from intake.event.signing import ContentType
from intake.office.environment import Environment
from tests.intake.event import foreign
from tests.intake.event.samples import (
    ANCHOR,
    DAY,
    DEMO,
    DOWNWARD,
    NOW,
    OFFICE,
    RECEIPT,
    RECEIPT_OLD,
    RECEIPT_REVOKED,
    UNIT,
    keyset,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Wire = dict[str, Any]
SIGNED = sign_keyset(keyset(), ANCHOR)


def accept(
    data: bytes = SIGNED,
    *,
    office: str = OFFICE,
    environment: Environment = DEMO,
    held: KeySet | None = None,
    now_us: int | None = NOW,
) -> KeySet:
    return accept_keyset(
        data, ANCHOR.public, office=office, environment=environment, held=held, now_us=now_us
    )


def test_a_signed_set_is_accepted_and_the_foreign_judge_agrees() -> None:
    assert accept() == keyset() == read_keyset(SIGNED, ANCHOR.public)
    assert foreign.verify(SIGNED, ANCHOR.public)


def test_every_changed_byte_is_refused() -> None:
    for at in range(len(SIGNED)):
        changed = SIGNED[:at] + bytes([SIGNED[at] ^ 1]) + SIGNED[at + 1 :]
        with pytest.raises(IntakeError):
            accept(changed)


def test_only_the_anchor_signs_it() -> None:
    with pytest.raises(SignatureError):
        accept(sign_keyset(keyset(), DOWNWARD))


def test_a_unit_that_slept_through_rotations_accepts_the_newest() -> None:
    """Nothing of version 9 was known in version 7, save the anchor."""
    fresh = SigningKey.generate()
    newest = replace(
        keyset(9),
        signing_keys=(HubKey(fresh.public, KeyUse.RECEIPT, KeyStatus.ACTIVE, NOW),),
    )
    found = accept(sign_keyset(newest, ANCHOR), held=keyset(7))
    assert found.signing_key(fresh.kid, KeyUse.RECEIPT, NOW) == fresh.public


def test_the_version_never_goes_back() -> None:
    with pytest.raises(StaleError):
        accept(sign_keyset(keyset(6), ANCHOR), held=keyset(7))
    assert accept(held=keyset(7)) == keyset(7)
    other = replace(keyset(7), expires_us=NOW + DAY)
    with pytest.raises(ConflictError):
        accept(sign_keyset(other, ANCHOR), held=keyset(7))


def test_an_expired_set_is_refused_where_the_clock_is_trusted() -> None:
    end = keyset().expires_us
    assert accept(now_us=end - 1)
    with pytest.raises(StaleError):
        accept(now_us=end)
    assert accept(now_us=None)
    assert (keyset().is_expired(end - 1), keyset().is_expired(end)) == (False, True)


def test_a_set_of_another_office_or_environment_is_refused() -> None:
    with pytest.raises(WrongOfficeError):
        accept(office="011002")
    with pytest.raises(WrongEnvironmentError):
        accept(environment=Environment.PRODUCTION)


@pytest.mark.parametrize(
    ("key", "use", "at_us", "error"),
    [
        (UNIT, KeyUse.RECEIPT, NOW, UnknownKeyError),
        (DOWNWARD, KeyUse.RECEIPT, NOW, UnknownKeyError),
        (RECEIPT, KeyUse.DOWNWARD, NOW, UnknownKeyError),
        (RECEIPT_REVOKED, KeyUse.RECEIPT, NOW, RevokedKeyError),
        (RECEIPT, KeyUse.RECEIPT, NOW - 2 * DAY, NotYetValidKeyError),
        (RECEIPT_OLD, KeyUse.RECEIPT, NOW, NotYetValidKeyError),
        (RECEIPT_OLD, KeyUse.RECEIPT, NOW - 100 * DAY, NotYetValidKeyError),
    ],
)
def test_a_key_counts_for_its_use_and_time(
    key: SigningKey, use: KeyUse, at_us: int, error: type[IntakeError]
) -> None:
    with pytest.raises(error):
        keyset().signing_key(key.kid, use, at_us)


def test_an_old_key_is_believed_for_its_own_time() -> None:
    at = NOW - 2 * DAY
    assert keyset().signing_key(RECEIPT_OLD.kid, KeyUse.RECEIPT, at) == RECEIPT_OLD.public


def key(wire: Wire, at: int) -> Wire:
    return cast("list[Wire]", wire["signing_keys"])[at]


CHANGES: list[Callable[[Wire], object]] = [
    lambda w: w.update(more=1),
    lambda w: w.pop("issued_us"),
    lambda w: w.update(version=0),
    lambda w: w.update(office="1310"),
    lambda w: w.update(expires_us=w["issued_us"]),
    lambda w: w.update(signing_keys=[key(w, 0)] * 2),
    lambda w: w.update(signing_keys=[key(w, 0)] * 65),
    lambda w: key(w, 0).update(more=1),
    lambda w: key(w, 0).update(kid=bytes(16)),
    lambda w: key(w, 0).update(use="anchor"),
    lambda w: key(w, 0).update(status="retired"),
    lambda w: key(w, 0).update(public=key(w, 0)["public"][:-1]),
    lambda w: key(w, 0).update(public=bytes(91)),
    lambda w: w["reader_keys"].pop("recovery"),
    lambda w: w["reader_keys"].update(other=w["reader_keys"]["hub"]),
    lambda w: w["reader_keys"].update(hub=b""),
]


@pytest.mark.parametrize("change", CHANGES)
def test_another_form_is_refused(change: Callable[[Wire], object]) -> None:
    payload = signing.read(SIGNED, ContentType.KEY_SET, limit=99_999).payload
    wire = cast("Wire", canonical.decode(payload, limit=99_999))
    assert canonical.encode(wire) == payload
    change(wire)
    changed = signing.sign(canonical.encode(wire), ContentType.KEY_SET, ANCHOR)
    with pytest.raises(DecodeError):
        accept(changed)


def test_a_newer_form_is_told_from_a_broken_one() -> None:
    newer = signing.sign(canonical.encode({"v": 2, "reader_keys": {}}), ContentType.KEY_SET, ANCHOR)
    with pytest.raises(UnknownVersionError):
        accept(newer)


def test_a_broken_set_is_not_signed() -> None:
    with pytest.raises(DecodeError):
        sign_keyset(replace(keyset(), version=0), ANCHOR)
