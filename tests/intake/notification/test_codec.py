"""Notifications keep every value, source and change through one canonical form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake import canonical
from intake.characters import Character, NameText
from intake.errors import DecodeError, OversizeError, UnknownVersionError
from intake.notification import (
    Address,
    Change,
    Field,
    IdentityProof,
    Notification,
    NotificationError,
    PartialDate,
    Person,
    Procedure,
    Signature,
    Source,
    TransferCertificate,
    Value,
    content_digest,
    decode,
    encode,
)
from intake.notification.codec import SIZE_LIMIT
from intake.notification.fields import FIELDS, FieldSpec, FieldType, Level
from tests.intake.notification import samples

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
PARTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WORDS = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
DIGESTS = st.binary(min_size=32, max_size=32)
CHARACTERS = st.one_of(
    st.characters(exclude_categories=["Cs"]).map(Character.ucs),
    st.sampled_from(["MJ000001", "MJ026191", "MJ040579"]).map(Character.mj),
    st.integers(0, 99).map(lambda n: Character.unresolved(f"name_ink/{n}")),
    st.integers(1, 999).map(lambda n: Character("office:131016", f"G{n}", "〓")),
    st.integers(1, 999).map(lambda n: Character("mj+", f"X{n}", "〓")),
)
VALUES: dict[FieldType, st.SearchStrategy[Value]] = {
    FieldType.TEXT: TEXTS,
    FieldType.CODE: st.from_regex(r"[0-9A-Za-z]{1,32}", fullmatch=True),
    FieldType.FLAG: st.booleans(),
    FieldType.DATE: st.dates(),
    FieldType.BIRTH_DATE: st.one_of(
        st.dates(),
        st.builds(PartialDate, st.integers(1, 9999), st.none() | st.integers(1, 12)),
    ),
    FieldType.NAME: st.lists(CHARACTERS, min_size=1, max_size=8).map(NameText.of),
    FieldType.ADDRESS: st.builds(
        Address, st.sampled_from(["", "131016"]), PARTS, PARTS, PARTS, PARTS, PARTS
    ),
    FieldType.IDENTITY_PROOF: st.builds(
        IdentityProof, WORDS, WORDS, st.lists(WORDS, max_size=3).map(tuple)
    ),
    FieldType.TRANSFER_CERTIFICATE: st.builds(
        TransferCertificate, WORDS, st.none() | st.dates(), st.none() | st.dates()
    ),
    FieldType.SIGNATURE: st.builds(Signature, DIGESTS, DIGESTS),
}


def values(spec: FieldSpec) -> st.SearchStrategy[Value]:
    if spec.type == FieldType.CHOICE:
        return st.sampled_from(sorted(spec.choices))
    return VALUES[spec.type]


def fields(level: Level) -> st.SearchStrategy[dict[str, Field]]:
    def field(spec: FieldSpec) -> st.SearchStrategy[Field]:
        change = st.builds(
            Change,
            values(spec),
            st.sampled_from(Source),
            st.sampled_from(["resident", "s-014"]),
            st.integers(0, 2**63 - 1),
            TEXTS,
        )
        history = st.lists(change, max_size=2).map(tuple)
        return st.builds(Field, values(spec), st.sampled_from(Source), history)

    return st.fixed_dictionaries(
        {}, optional={name: field(s) for name, s in FIELDS.items() if s.level == level}
    )


@st.composite
def notifications(draw: st.DrawFn) -> Notification:
    count = draw(st.integers(0, 3))
    persons = tuple(Person(f"p{n}", draw(fields(Level.PERSON))) for n in range(count))
    return Notification(
        str(draw(st.uuids(version=4))),
        draw(st.sampled_from(Procedure)),
        draw(fields(Level.NOTIFICATION)),
        persons,
        tuple(sorted(draw(st.sets(st.sampled_from(["s-001", "s-014"]))))),
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(notifications())
def test_decode_gives_back_what_was_encoded(notification: Notification) -> None:
    data = encode(notification)
    assert decode(data) == notification
    assert encode(decode(data)) == data


def texts_of(notification: Notification) -> list[str]:
    names = [p.value("name") for p in decode(encode(notification)).persons]
    return [c.text for name in names if isinstance(name, NameText) for c in name]


def test_text_that_equality_ignores_survives_too() -> None:
    assert texts_of(samples.MOVE_IN) == [
        c.text
        for p in samples.MOVE_IN.persons
        if isinstance(name := p.value("name"), NameText)
        for c in name
    ]


def test_names_are_never_normalised() -> None:
    compatibility = NameText.from_plain("\ufa19\u304b\u3099葛\U000e0100")
    changed = samples.MOVE_IN.with_field("name", Field(compatibility, Source.CARD), person_id="p1")
    kept = decode(encode(changed)).person("p1").value("name")
    assert isinstance(kept, NameText)
    assert kept.plain() == "\ufa19\u304b\u3099葛\U000e0100"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("moved_on", "2026-04-01"),
        ("contact", ""),
        ("contact", "\ud800"),
        ("notifier_relation", "neighbour"),
        ("notifier_authority", 1),
        ("new_household_head", NameText(())),
        ("new_address", Address("1310", "", "", "")),
        ("signature", Signature(b"short", b"\0" * 32)),
        ("identity_proof", IdentityProof("My Number", "confirmed")),
        ("transfer_certificate", TransferCertificate("紙")),
        ("name", NameText.from_plain("x")),
        ("unheard_of", "x"),
    ],
)
def test_values_outside_the_table_are_refused(name: str, value: Value) -> None:
    wrong = samples.MOVE_IN.with_field(name, Field(value, Source.CLERK))
    with pytest.raises(NotificationError):
        encode(wrong)


def test_errors_show_no_value() -> None:
    wrong = samples.MOVE_IN.with_field("notifier_relation", Field("渡邉太郎", Source.CLERK))
    with pytest.raises(NotificationError) as caught:
        encode(wrong)
    assert "渡邉" not in str(caught.value)


def test_two_persons_with_one_id_are_refused() -> None:
    with pytest.raises(NotificationError):
        encode(replace(samples.MOVE_IN, persons=(samples.HEAD, samples.HEAD)))


@pytest.mark.parametrize("staff", [("s2", "s1"), ("s1", "s1"), ("",), ("佐藤",)])
def test_those_who_entered_something_stand_once_and_in_order(staff: tuple[str, ...]) -> None:
    with pytest.raises(NotificationError):
        encode(replace(samples.MOVE_IN, entered_by=staff))
    assert encode(replace(samples.MOVE_IN, entered_by=("s1", "s2")))


def wire(notification: Notification = samples.MOVE_IN) -> dict[str, object]:
    value = canonical.decode(encode(notification), limit=SIZE_LIMIT)
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    "change",
    [
        {"procedure": "moving"},
        {"notification_id": "1"},
        {"fields": []},
        {"fields": {"moved_on": ["2026-04-01", "clerk"]}},
        {"fields": {"moved_on": ["2026-02-30", "clerk", []]}},
        {"fields": {"moved_on": ["2026-04-01", "rumour", []]}},
        {"fields": {"moved_on": ["2026-04-01", "clerk", [["2026-04-01", "clerk", "s", 1]]]}},
        {"fields": {"moved_on": ["2026-04-01", "clerk", [["2026-04-01", "pen", "s", True, "x"]]]}},
        {"fields": {"moved_on": ["2026-04-01", "clerk", [["2026-04-01", "pen", "", 1, "x"]]]}},
        {"fields": {"moved_on": ["2026-04-01", "clerk", [["2026-04-01", "pen", "s", 1, 1]]]}},
        {"fields": {"moved_on": ["2026-04-01", "clerk", [[None] * 5] * 201]}},
        {"fields": {"name": [[["ucs", "U+3042", "あ"]], "pen", []]}},
        {"fields": {"notifier_name": [[["ucs", "U+3042", "い"]], "pen", []]}},
        {"fields": {"notifier_name": [[["mj", "MJ1", "い"]], "pen", []]}},
        {"fields": {"notifier_name": ["い", "pen", []]}},
        {"fields": {"notifier_name": [[[1, 2, 3]], "pen", []]}},
        {"fields": {"contact": [1, "pen", []]}},
        {"fields": {"notifier_authority": ["yes", "pen", []]}},
        {"fields": {"new_address": [["131016", "", ""], "pen", []]}},
        {"fields": {"transfer_certificate": [["paper", "soon", None], "pen", []]}},
        {"persons": [{"person_id": "p1"}]},
        {"persons": [{"person_id": "p1", "fields": {"birth_date": ["1989-13", "pen", []]}}]},
        {"persons": [{"person_id": "p1", "fields": {"birth_date": ["89", "pen", []]}}]},
        {"persons": [{"person_id": "p1", "fields": {"resident_code": ["1 2", "pen", []]}}]},
        {"surprise": 1},
    ],
)
def test_other_forms_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(DecodeError):
        decode(canonical.encode({**wire(), **change}))


def test_a_newer_version_is_told_apart_and_size_is_bounded() -> None:
    with pytest.raises(UnknownVersionError):
        decode(canonical.encode({**wire(), "v": 2}))
    with pytest.raises(OversizeError):
        decode(b"\0" * (SIZE_LIMIT + 1))


def test_a_correction_keeps_what_it_replaced() -> None:
    once = samples.MOVE_IN.corrected(
        "moved_on", date(2026, 4, 2), Source.CLERK, who="s-014", when_us=5, why="聞き違い"
    )
    field = once.fields["moved_on"]
    assert field.value == date(2026, 4, 2)
    assert field.history == (Change(date(2026, 4, 1), Source.PEN, "s-014", 5, "聞き違い"),)
    first = once.corrected("remarks", "夜間", Source.CLERK, who="s-014", when_us=6, why="追記")
    assert first.fields["remarks"] == Field("夜間", Source.CLERK)
    assert samples.MOVE_IN.value("moved_on") == date(2026, 4, 1)


def test_a_person_who_is_not_there_is_refused() -> None:
    with pytest.raises(NotificationError):
        samples.MOVE_IN.person("p9")


def test_the_digest_follows_statements_only() -> None:
    digest = content_digest(samples.MOVE_IN)
    staff = samples.MOVE_IN.with_field("remarks", Field("夜間", Source.CLERK))
    source = samples.MOVE_IN.with_field("moved_on", Field(date(2026, 4, 1), Source.CLERK))
    stated = samples.MOVE_IN.with_field("contact", Field("090-0000-0000", Source.PEN))
    glyph = samples.MOVE_IN.with_field(
        "name", Field(NameText.from_plain("渡邉\u3000太郎"), Source.CARD), person_id="p1"
    )
    assert content_digest(staff) == content_digest(source) == digest
    assert content_digest(stated) != digest
    assert content_digest(glyph) != digest
