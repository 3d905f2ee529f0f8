from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from intake import canonical
from intake.canonical import Tagged
from intake.errors import (
    DecodeError,
    EncodeError,
    IntakeError,
    OversizeError,
    PartMismatchError,
    UndecryptableError,
)
from intake.event import encryption
from intake.event.keys import ReaderKey
from intake.event.manifest import PartEntry, PartName, RecipientClass
from intake.event.parts import CONTENT_LIMIT, SealedPart, open_part, seal_part
from intake.event.signing import ContentType
from tests.intake.event import foreign
from tests.intake.event.samples import CONTENTS, READERS, UNIT_READER, FixedRandom, keyset

PART = seal_part(PartName.NOTIFICATION, b"content", keyset(), random=FixedRandom("test"))
HUB = READERS[RecipientClass.HUB]
RECOVERY = READERS[RecipientClass.RECOVERY]


def entry_for(data: bytes, digest: bytes = PART.entry.digest) -> PartEntry:
    sha = hashlib.sha256(data).digest()
    return replace(PART.entry, digest=digest, sealed_sha256=sha, size=len(data))


def opened(data: bytes) -> bytes:
    """As if the manifest had named these bytes: only the encryption itself can refuse them."""
    return open_part(data, HUB, entry_for(data))


@pytest.mark.parametrize("name", list(PartName))
def test_a_part_opens_for_its_class_and_for_recovery_and_for_nobody_else(name: PartName) -> None:
    part = seal_part(name, CONTENTS[name], keyset())
    may = {name.recipient_class, RecipientClass.RECOVERY}
    for reader_class, key in READERS.items():
        if reader_class in may:
            assert open_part(part.data, key, part.entry) == CONTENTS[name]
            assert foreign.decrypt(part.data, key).endswith(CONTENTS[name])
        else:
            with pytest.raises(UndecryptableError):
                open_part(part.data, key, part.entry)


def test_the_same_content_never_looks_the_same() -> None:
    first, second = (seal_part(PartName.INDIVIDUAL_NUMBER, b"1", keyset()) for _ in range(2))
    assert first.entry.digest != second.entry.digest
    assert first.entry.sealed_sha256 != second.entry.sealed_sha256


def test_the_digest_is_over_the_salted_plaintext() -> None:
    plaintext = foreign.decrypt(PART.data, HUB)
    assert hashlib.sha256(plaintext).digest() == PART.entry.digest
    assert plaintext == canonical.encode([FixedRandom("test")(32), b"content"])


def test_every_changed_byte_is_refused_by_the_manifest() -> None:
    for at in range(len(PART.data)):
        changed = PART.data[:at] + bytes([PART.data[at] ^ 1]) + PART.data[at + 1 :]
        with pytest.raises(PartMismatchError):
            open_part(changed, HUB, PART.entry)


def ranges_of_the_other_recipient() -> range:
    start = PART.data.find(RECOVERY.kid)
    return range(PART.data.rfind(b"\x83", 0, start), len(PART.data))


def test_every_changed_byte_is_refused_by_the_encryption_itself() -> None:
    """Even where a manifest names the changed bytes; the other recipient's share is not ours."""
    others = ranges_of_the_other_recipient()
    for at in range(len(PART.data)):
        if at not in others:
            changed = PART.data[:at] + bytes([PART.data[at] ^ 1]) + PART.data[at + 1 :]
            with pytest.raises(IntakeError):
                opened(changed)


def test_control_a_change_in_the_other_share_is_seen_by_its_reader_and_the_manifest_only() -> None:
    at = len(PART.data) - 1
    changed = PART.data[:at] + bytes([PART.data[at] ^ 1])
    assert opened(changed) == b"content"
    with pytest.raises(UndecryptableError):
        open_part(changed, RECOVERY, entry_for(changed))


def test_a_part_is_not_another_part() -> None:
    entry = replace(PART.entry, name=PartName.NAME_INK)
    with pytest.raises(DecodeError):
        open_part(PART.data, HUB, entry)


def test_the_content_must_be_the_one_of_the_manifest() -> None:
    with pytest.raises(PartMismatchError):
        open_part(PART.data, HUB, entry_for(PART.data, digest=bytes(32)))


@pytest.mark.parametrize(
    "plaintext",
    [b"", b"\x00", canonical.encode([bytes(31), b""]), canonical.encode([bytes(32), "text"])],
)
def test_a_part_without_salt_is_refused(plaintext: bytes) -> None:
    data = encryption.encrypt(plaintext, ContentType.NOTIFICATION, [HUB.public])
    with pytest.raises(DecodeError):
        open_part(data, HUB, entry_for(data, hashlib.sha256(plaintext).digest()))


def test_the_size_is_bounded() -> None:
    largest = seal_part(PartName.NOTIFICATION, bytes(CONTENT_LIMIT), keyset())
    assert open_part(largest.data, HUB, largest.entry) == bytes(CONTENT_LIMIT)
    with pytest.raises(OversizeError):
        seal_part(PartName.NOTIFICATION, bytes(CONTENT_LIMIT + 1), keyset())


@pytest.mark.parametrize("count", [0, 5])
def test_a_message_has_recipients_but_not_any_number(count: int) -> None:
    with pytest.raises(EncodeError):
        encryption.encrypt(b"", ContentType.BODY, [HUB.public] * count)


def test_every_recipient_can_open() -> None:
    readers = [ReaderKey.generate() for _ in range(4)]
    data = encryption.encrypt(b"x", ContentType.BODY, [reader.public for reader in readers])
    for reader in readers:
        assert encryption.decrypt(data, ContentType.BODY, reader, limit=2000) == b"x"
        assert foreign.decrypt(data, reader) == b"x"
    with pytest.raises(UndecryptableError):
        encryption.decrypt(data, ContentType.BODY, UNIT_READER, limit=2000)


def off_the_curve() -> bytes:
    x = 5
    while True:
        try:
            ec.EllipticCurvePublicNumbers(x, 7, ec.SECP256R1()).public_key()
        except ValueError:
            return x.to_bytes(32, "big")
        x += 1  # pragma: no cover - the first one is off the curve already


HEADER = canonical.encode({1: 3, 3: ContentType.NOTIFICATION.value})
WRAP = canonical.encode({1: -31})
OUTER = {5: bytes(12)}
POINT = HUB.public.key.public_numbers()
X, Y = POINT.x.to_bytes(32, "big"), POINT.y.to_bytes(32, "big")
COSE_KEY: dict[object, object] = {1: 2, -1: 1, -2: X, -3: Y}
SHARE = {4: HUB.kid, -1: COSE_KEY}
RECIPIENT = [WRAP, SHARE, bytes(40)]


def whole(recipient: object = RECIPIENT, outer: object = OUTER, header: bytes = HEADER) -> object:
    return Tagged(96, [header, outer, bytes(16), [recipient]])


def with_point(**changes: object) -> object:
    names = {"kty": 1, "crv": -1, "x": -2, "y": -3, "more": -4}
    point = {**COSE_KEY, **{names[name]: value for name, value in changes.items()}}
    return whole([WRAP, {**SHARE, -1: point}, bytes(40)])


def test_control_the_hand_made_form_is_known() -> None:
    with pytest.raises(UndecryptableError):
        opened(canonical.encode(whole()))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [HEADER, OUTER, bytes(16), [RECIPIENT]],
        Tagged(96, [HEADER, OUTER, None, [RECIPIENT]]),
        Tagged(96, [HEADER, OUTER, bytes(16), []]),
        Tagged(96, [HEADER, OUTER, bytes(16), [RECIPIENT] * 5]),
        whole(header=canonical.encode({1: 3})),
        whole(header=canonical.encode({1: 1, 3: ContentType.NOTIFICATION.value})),
        whole(header=canonical.encode({1: 3, 3: ContentType.NAME_INK.value})),
        whole(outer={}),
        whole(outer={5: bytes(11)}),
        whole(outer={5: bytes(12), 6: b""}),
        whole(outer={5: "text"}),
        whole(None),
        whole([WRAP, SHARE, bytes(41)]),
        whole([WRAP, SHARE, None]),
        whole([WRAP, SHARE, bytes(40), []]),
        whole([canonical.encode({1: -29}), SHARE, bytes(40)]),
        whole([WRAP, {4: HUB.kid}, bytes(40)]),
        whole([WRAP, {-1: COSE_KEY}, bytes(40)]),
        whole([WRAP, {**SHARE, -20: b"salt"}, bytes(40)]),
        whole([WRAP, {**SHARE, 4: HUB.kid[:8]}, bytes(40)]),
        whole([WRAP, {**SHARE, -1: {}}, bytes(40)]),
        with_point(kty=1),
        with_point(kty=2.0),
        with_point(crv=True),
        with_point(crv=2),
        with_point(x=bytes(31)),
        with_point(y=True),
        with_point(y=bytes(33)),
        with_point(more=b"d"),
        with_point(x=off_the_curve(), y=(7).to_bytes(32, "big")),
    ],
)
def test_other_structures_are_refused(value: object) -> None:
    with pytest.raises(DecodeError):
        opened(canonical.encode(value))


def test_a_sealed_part_says_what_the_manifest_needs() -> None:
    assert SealedPart(PartName.NOTIFICATION, PART.data, entry_for(PART.data)) == PART
