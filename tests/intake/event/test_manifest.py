from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import canonical
from intake.errors import DecodeError, OversizeError, UnknownVersionError
from intake.event import manifest as manifests
from intake.event.manifest import Clock, EventKind, Manifest, PartName, Staff
from tests.intake.event.samples import manifest, sealed_parts

if TYPE_CHECKING:
    from collections.abc import Callable

Wire = dict[str, Any]
MANIFEST = manifest()
HASH = bytes(32)


def wire() -> Wire:
    return cast("Wire", canonical.decode(manifests.encode(MANIFEST), limit=99_999))


def part(fields: Wire, at: int) -> Wire:
    return cast("list[Wire]", fields["parts"])[at]


times = st.integers(0, 2**63 - 1)
tokens = st.from_regex(manifests.TOKEN, fullmatch=True)
clocks = st.builds(Clock, tokens, st.none() | times, st.none() | times)
made = st.builds(
    manifest,
    procedure=tokens,
    wall_time_us=times,
    monotonic_us=times,
    clock=clocks,
    staff=st.builds(Staff, tokens, tokens),
    software=st.dictionaries(tokens, st.text(min_size=1, max_size=64), max_size=16),
)


@given(made)
def test_a_manifest_is_read_back_and_has_one_form(value: Manifest) -> None:
    data = manifests.encode(value)
    assert manifests.decode(data) == value
    assert manifests.encode(manifests.decode(data)) == data


@pytest.mark.parametrize("name", sorted(wire()))
def test_every_field_is_needed_and_typed(name: str) -> None:
    missing = {key: value for key, value in wire().items() if key != name}
    with pytest.raises(DecodeError):
        manifests.decode(canonical.encode(missing))
    for wrong in (1.5, [[]], {"x": 1}, b"\0", -1, "", "\n", False):
        with pytest.raises(DecodeError):
            manifests.decode(canonical.encode({**wire(), name: wrong}))


def changed(change: Callable[[Wire], object]) -> bytes:
    fields = wire()
    change(fields)
    return canonical.encode(fields)


CHANGES: list[Callable[[Wire], object]] = [
    lambda w: w.update(resident="name"),
    lambda w: w["clock"].update(more=1),
    lambda w: w["staff"].update(name="a person"),
    lambda w: part(w, 0).update(more=1),
    lambda w: part(w, 0).update(recipient_class="number_store"),
    lambda w: part(w, 3).update(recipient_class="hub"),
    lambda w: part(w, 2).update(recipient_class="recovery"),
    lambda w: part(w, 0).update(size=0),
    lambda w: part(w, 0).update(size=2**21),
    lambda w: part(w, 0).update(digest=bytes(31)),
    lambda w: w["parts"].reverse(),
    lambda w: w["parts"].append(part(w, 4)),
    lambda w: w["parts"].insert(0, part(w, 0)),
    lambda w: w["parts"].pop(0),
    lambda w: w.update(parts=[]),
    lambda w: w.update(revision=2),
    lambda w: w.update(revision=0),
    lambda w: w.update(supersedes=HASH),
    lambda w: w.update(kind="amended"),
    lambda w: w.update(kind="amended", revision=2),
    lambda w: w.update(kind="amended", supersedes=HASH),
    lambda w: w.update(kind="withdrawn"),
    lambda w: w.update(sequence=2),
    lambda w: w.update(sequence=0),
    lambda w: w.update(previous=HASH),
    lambda w: w.update(previous=b""),
    lambda w: w.update(reception_number="012-261123-0042-77"),
    lambda w: w.update(reception_number="012261123004278"),
    lambda w: w.update(event_id=w["event_id"].upper()),
    lambda w: w.update(office="13101"),
    lambda w: w.update(device="Counter"),
    lambda w: w.update(device="ab"),
    lambda w: w.update(environment="test"),
    lambda w: w.update(kid=bytes(15)),
    lambda w: w.update(software={f"s{n}": "1" for n in range(17)}),
    lambda w: w.update(wall_time_us=2**63),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_breaks_a_rule_is_refused(change: Callable[[Wire], object]) -> None:
    assert changed(dict.copy) == manifests.encode(MANIFEST)
    with pytest.raises(DecodeError):
        manifests.decode(changed(change))


def test_amendment_and_withdrawal_name_what_they_replace() -> None:
    amended = manifest(kind=EventKind.AMENDED, revision=2, supersedes=HASH)
    withdrawn = manifest(kind=EventKind.WITHDRAWN, revision=3, supersedes=HASH, parts=())
    later = manifest(sequence=2, previous=HASH)
    for value in (amended, withdrawn, later):
        assert manifests.decode(manifests.encode(value)) == value


def test_a_newer_version_is_told_from_a_broken_one() -> None:
    with pytest.raises(UnknownVersionError):
        manifests.decode(canonical.encode({**wire(), "v": 2, "news": "of it"}))
    with pytest.raises(UnknownVersionError):
        manifests.decode(canonical.encode({"v": 2}))


def test_the_size_is_bounded() -> None:
    with pytest.raises(OversizeError):
        manifests.decode(bytes(manifests.LIMIT + 1))


def test_nothing_personal_has_a_place() -> None:
    """The keys of the wire form are exactly these; a new one needs a new version."""
    assert set(wire()) == {
        "v",
        "kind",
        "event_id",
        "notification_id",
        "reception_number",
        "revision",
        "supersedes",
        "procedure",
        "office",
        "device",
        "environment",
        "kid",
        "sequence",
        "previous",
        "boot_id",
        "wall_time_us",
        "clock",
        "monotonic_us",
        "staff",
        "software",
        "parts",
    }


def test_every_part_has_its_class_of_reader() -> None:
    assert {name.value: name.recipient_class.value for name in PartName} == {
        "notification": "hub",
        "name_ink": "hub",
        "signature_ink": "evidence_escrow",
        "individual_number": "number_store",
        "card_evidence": "hub",
    }
    assert [entry.name for entry in MANIFEST.parts] == list(PartName)
    assert len({item.entry.digest for item in sealed_parts()}) == len(PartName)
