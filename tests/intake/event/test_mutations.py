"""Whatever stands where in a message: a reader gives a value or an IntakeError, nothing else."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import canonical
from intake.canonical import Tagged
from intake.errors import IntakeError, UndecryptableError
from intake.event import encryption, presence, upward
from intake.event import envelope as envelopes
from intake.event import manifest as manifests
from intake.event.downward import Audience, DownwardKind, open_downward, seal_downward
from intake.event.keyset import accept_keyset, sign_keyset
from intake.event.receipt import sign_receipt, verify_receipt
from intake.event.seal import read_sealed, seal
from intake.event.signing import ContentType, read, sign
from intake.office import decision, glyphs, roster
from tests.intake.event import samples as s
from tests.intake.event.golden_events import messages

if TYPE_CHECKING:
    from collections.abc import Callable

TAGS = frozenset({18, 96})
HERE = Audience(s.OFFICE, s.DEMO, s.DEVICE)
HUB = s.READERS[manifests.RecipientClass.HUB]
ENCRYPTED = encryption.encrypt(b"x", ContentType.BODY, [HUB.public], random=s.FixedRandom("m"))
SAMPLE = cast("dict[str, list[dict[str, object]]]", messages())
BODIES = [cast("s.Downward", item["message"]).body for item in SAMPLE["downward"]]
PRESENCE = presence.Presence(presence.UnitState.ONLINE, s.BOOT, s.NOW)


def payload(data: bytes, kind: ContentType) -> bytes:
    return read(data, kind, limit=1 << 20).payload


def keyset_of(data: bytes) -> object:
    signed = sign(data, ContentType.KEY_SET, s.ANCHOR)
    return accept_keyset(
        signed, s.ANCHOR.public, office=s.OFFICE, environment=s.DEMO, held=None, now_us=s.NOW
    )


def receipt_of(data: bytes) -> object:
    return verify_receipt(sign(data, ContentType.RECEIPT, s.RECEIPT), s.keyset(), b"I" * 32)


def downward_of(data: bytes) -> object:
    signed = sign(data, ContentType.DOWNWARD, s.DOWNWARD)
    kind = DownwardKind.DECISION
    return open_downward(signed, kind, s.keyset(), HERE, now_us=s.NOW, reader=s.UNIT_READER)


def decrypted(data: bytes) -> object:
    return encryption.decrypt(data, ContentType.BODY, HUB, limit=9999)


def decision_message() -> bytes:
    message = s.downward(DownwardKind.DECISION)
    return seal_downward(message, s.DOWNWARD, s.UNIT_READER.public)


READERS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "envelope": (envelopes.encode(s.envelope()), envelopes.decode),
    "manifest": (manifests.encode(s.manifest()), manifests.decode),
    "sealed": (seal(s.manifest(), s.UNIT), read_sealed),
    "encrypted": (ENCRYPTED, decrypted),
    "keyset": (payload(sign_keyset(s.keyset(), s.ANCHOR), ContentType.KEY_SET), keyset_of),
    "receipt": (
        payload(sign_receipt(s.journalled(b"I" * 32), s.RECEIPT), ContentType.RECEIPT),
        receipt_of,
    ),
    "downward": (payload(decision_message(), ContentType.DOWNWARD), downward_of),
    "roster": (BODIES[0], roster.decode),
    "decision": (BODIES[1], decision.decode),
    "decisions": (canonical.encode([BODIES[1]]), decision.decode_list),
    "answer": (BODIES[2], upward.decode_answer),
    "office glyphs": (BODIES[3], glyphs.decode),
    "presence": (presence.encode_presence(PRESENCE), presence.decode_presence),
}
others = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**64), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.binary(max_size=100),
    st.just([]),
    st.just({}),
)


def places(value: object, at: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The path of every value inside `value`."""
    found = [at]
    if isinstance(value, dict):
        for key, item in cast("dict[object, object]", value).items():
            found += places(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            found += places(item, (*at, index))
    elif isinstance(value, Tagged):
        found += places(value.value, (*at, "tag"))
    return found


def put(value: object, at: tuple[object, ...], new: object) -> object:
    """`value` with another value at `at`."""
    if not at:
        return new
    if isinstance(value, Tagged):
        return Tagged(value.tag, put(value.value, at[1:], new))
    if isinstance(value, dict):
        fields = cast("dict[object, object]", value)
        return {**fields, at[0]: put(fields[at[0]], at[1:], new)}
    items = list(cast("list[object]", value))
    index = cast("int", at[0])
    items[index] = put(items[index], at[1:], new)
    return items


@pytest.mark.parametrize("name", sorted(READERS))
@given(data=st.data())
def test_any_value_at_any_place(name: str, data: st.DataObject) -> None:
    good, reader = READERS[name]
    value = canonical.decode(good, limit=1 << 20, tags=TAGS)
    for _ in range(data.draw(st.integers(1, 2))):
        value = put(value, data.draw(st.sampled_from(places(value))), data.draw(others))
    with suppress(IntakeError):
        reader(canonical.encode(value))


@pytest.mark.parametrize("name", sorted(READERS))
def test_control_the_unchanged_message_is_read(name: str) -> None:
    good, reader = READERS[name]
    if name == "encrypted":
        assert reader(good) == b"x"
    else:
        assert reader(good)


@pytest.mark.parametrize("length", range(17))
def test_a_ciphertext_shorter_than_its_tag_is_refused(length: int) -> None:
    value = cast("Tagged", canonical.decode(ENCRYPTED, limit=9999, tags=TAGS))
    short = put(value, ("tag", 2), bytes(length))
    with pytest.raises(UndecryptableError):
        decrypted(canonical.encode(short))
