"""The digest of revocations: one form, bounded, and no answer where it knows nothing."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.certificates.outcome import CertificateCheck, CertificateReason, CheckResult
from intake.errors import DecodeError
from intake.event.downward import BODY_LIMIT
from intake.office import revocation
from intake.office.revocation import MAX_MARKS, Cover, RevocationDigest, make_digest
from tests.intake.event.test_golden import conforms

OFFICE = "131016"
NOW_US, UNTIL_US = 1_764_000_000_000_000, 1_764_086_400_000_000
ANCHOR, OTHER = (hashlib.sha256(word).digest() for word in (b"anchor", b"other"))
COVER = Cover(ANCHOR, UNTIL_US)
WAITING = CertificateCheck(
    CheckResult.UNKNOWN, CertificateReason.REVOCATION_NOT_ASKED, anchor_sha256=ANCHOR.hex()
)
DIGEST = make_digest(OFFICE, 1, [(COVER, [5, 2**150, 7])])

digests = st.lists(
    st.tuples(
        st.builds(Cover, st.binary(min_size=32, max_size=32), st.integers(1, 2**60)),
        st.sets(st.integers(1, 2**160), max_size=8),
    ),
    max_size=4,
).map(lambda covers: make_digest(OFFICE, 3, covers))


@given(digests)
def test_a_digest_comes_back_as_it_was(digest: RevocationDigest) -> None:
    encoded = revocation.encode(digest)
    assert revocation.decode(encoded) == digest
    assert conforms(encoded, "revocation-digest")


@given(st.binary(max_size=300))
def test_garbage_is_refused_and_nothing_else_happens(data: bytes) -> None:
    with pytest.raises(DecodeError):
        revocation.decode(data)


@pytest.mark.parametrize("marks", [(b"bbbbbb", b"aaaaaa"), (b"aaaaaa", b"aaaaaa"), (b"aaaaa",)])
def test_marks_have_one_form(marks: tuple[bytes, ...]) -> None:
    with pytest.raises(DecodeError):
        revocation.encode(replace(DIGEST, marks=marks))


@pytest.mark.parametrize(
    ("serial", "reason"),
    [
        (5, CertificateReason.REVOKED),
        (2**150, CertificateReason.REVOKED),
        (6, CertificateReason.NOT_REVOKED),
    ],
)
def test_what_waits_for_revocation_is_completed(serial: int, reason: CertificateReason) -> None:
    found = DIGEST.judge(WAITING, serial, NOW_US)
    assert (found.reason, found.result) == (reason, reason.result)
    assert found.holds_until is not None
    assert found.anchor_sha256 == WAITING.anchor_sha256


@pytest.mark.parametrize(
    ("check", "now_us"),
    [
        (WAITING, None),
        (WAITING, UNTIL_US + 1),
        (replace(WAITING, anchor_sha256=OTHER.hex()), NOW_US),
        (replace(WAITING, anchor_sha256=None), NOW_US),
        (CertificateCheck(CheckResult.INVALID, CertificateReason.EXPIRED), NOW_US),
    ],
)
def test_where_it_knows_nothing_the_check_stays_as_it_is(
    check: CertificateCheck, now_us: int | None
) -> None:
    for serial in (5, 6):
        assert DIGEST.judge(check, serial, now_us) == check


def test_an_issuer_with_too_many_is_left_out_and_so_unknown() -> None:
    digest = make_digest(OFFICE, 1, [(COVER, range(MAX_MARKS + 1)), (Cover(OTHER, UNTIL_US), [9])])
    assert [cover.anchor for cover in digest.covers] == [OTHER]
    assert DIGEST.judge(WAITING, 6, NOW_US) != WAITING
    assert digest.judge(WAITING, 6, NOW_US) == WAITING


def test_the_largest_fits_into_one_message() -> None:
    digest = make_digest(OFFICE, 1, [(COVER, range(1, MAX_MARKS + 1))])
    assert len(revocation.encode(digest)) < BODY_LIMIT


def test_equal_content_has_equal_bytes_and_no_serial_stands_in_it() -> None:
    again = make_digest(OFFICE, 1, [(COVER, [7, 5, 2**150])])
    encoded = revocation.encode(again)
    assert encoded == revocation.encode(DIGEST)
    assert (2**150).to_bytes(19, "big") not in encoded
