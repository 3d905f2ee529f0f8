"""The reviewer sees whether the notification says what the card says, and when it was read."""

import datetime as dt

import pytest

from hub.clock import now_us
from hub.review.card_holder import CardHolder, compare_holder
from hub.review.proof import DAY_US, CardProof, beside_receipt
from intake.certificates import evidence
from intake.certificates.evidence import CardEvidence, TextEvidence
from intake.certificates.tlv import write_tlv
from intake.characters import Character, NameText
from intake.event.manifest import PartName
from intake.notification import Address, Field, Notification, Source, Value
from intake.office.roster import Role
from tests.hub.conftest import Opened, staff
from tests.hub.counter_unit import OLD_ADDRESS, move_in, text_field
from tests.hub.test_review import filed

NAME, ADDRESS = "渡辺　花子", OLD_ADDRESS.one_line()
HER = "p2"


def card(
    name: str = NAME,
    address: str = ADDRESS,
    birth: str = "19820502",
    sex: str = "2",
    *,
    read_at_us: int = 0,
) -> bytes:
    """Evidence of 花子's card, unsigned: here only what it says counts."""
    values = zip((0xDF22, 0xDF23, 0xDF24, 0xDF25), (name, address, birth, sex), strict=True)
    fields = b"".join(write_tlv(tag, value.encode()) for tag, value in values)
    raw = write_tlv(0xFF20, write_tlv(0xDF21, bytes(8)) + fields)
    return with_text(TextEvidence(raw, b"", b"", b"", b""), read_at_us)


def with_text(text: TextEvidence | None, read_at_us: int = 0) -> bytes:
    return evidence.encode(CardEvidence(read_at_us or now_us(), "plastic", bytes(32), text=text))


def stated(place: str = "", value: Value | None = None) -> Notification:
    """The household's notification, made by 花子, with one of her fields changed."""
    notification = move_in()
    name = NameText.from_plain(NAME)
    notification = notification.with_field("notifier_name", Field(name, Source.CARD))
    notification = notification.with_field("name", Field(name, Source.CARD), person_id=HER)
    if value is None:
        return notification
    owner = None if place in {"old_address", "notifier_name"} else HER
    return notification.with_field(place, text_field(value), person_id=owner)


def compared(content: bytes, notification: Notification) -> tuple[CardHolder, dict[str, str]]:
    found = compare_holder(content, notification)
    assert found is not None
    return found, {row.place: row.result for row in found.attributes}


def test_a_notification_that_says_what_the_card_says_agrees():
    found, results = compared(card(), stated())
    assert (found.agrees, found.person) == (True, 2)
    assert results == dict.fromkeys(
        ("notifier_name", "p2-name", "p2-birth_date", "old_address", "p2-sex"), "same"
    )


@pytest.mark.parametrize(
    ("place", "value", "result"),
    [
        ("name", NameText.from_plain("渡辺　良子"), "differs"),
        ("notifier_name", NameText.from_plain("高橋　一"), "differs"),
        ("birth_date", dt.date(1982, 5, 3), "differs"),
        ("sex", "male", "differs"),
        ("old_address", Address("271004", "大阪府大阪市", "中之島二丁目", "3番1号"), "differs"),
    ],
)
def test_each_attribute_that_differs_is_told(place: str, value: Value, result: str):
    found, results = compared(card(), stated(place, value))
    assert not found.agrees
    where = place if place in results else f"p2-{place}"
    assert results.pop(where) == result
    assert set(results.values()) == {"same"}


@pytest.mark.parametrize("glyph", ["MJ026191", "MJ026193"])
def test_a_code_point_never_vouches_for_the_glyph_that_was_chosen(glyph: str):
    chosen = Character.mj(glyph)
    name = NameText.of([chosen, *NameText.from_plain("　花子")])
    found, results = compared(card(name=f"{chosen.text[0]}　花子"), stated("name", name))
    assert not found.agrees
    assert results["p2-name"] == "glyph"
    (pair,) = next(row.pairs for row in found.attributes if row.place == "p2-name")
    assert (pair.position, pair.card.repertoire, pair.stated.id) == (1, "ucs", glyph)


def test_a_card_of_nobody_in_the_notification_does_not_agree():
    content = card("鈴木　一", birth="19500101", sex="1")
    found, results = compared(content, stated())
    assert not found.agrees
    assert results["notifier_name"] == "differs"
    assert results["birth_date"] == "not_stated"
    assert found.person == 0


def test_a_sex_without_a_word_is_not_compared():
    found, results = compared(card(sex="9"), stated())
    assert found.agrees
    assert results["p2-sex"] == "not_coded"


def test_without_attributes_there_is_nothing_to_compare():
    garbled = TextEvidence(b"x", b"", b"", b"", b"")
    for content in (with_text(None), with_text(garbled), b"torn"):
        assert compare_holder(content, stated()) is None


@pytest.mark.parametrize(("apart", "far"), [(0, False), (DAY_US, False), (DAY_US + 1, True)])
def test_a_reading_far_from_the_receiving_is_told(apart: int, *, far: bool):
    now = now_us()
    for read_at_us in (now - apart, now + apart):
        proof = beside_receipt(CardProof("holds", read_at_us=read_at_us), now)
        assert proof.read_far is far
        assert proof.read_at


@pytest.mark.parametrize(("family", "days", "warned"), [("渡辺", 0, False), ("山田", 2, True)])
def test_the_review_page_warns_plainly(opened: Opened, family: str, days: int, *, warned: bool):
    staff(opened.desk, "s002", Role.REVIEWER)
    read_at_us = now_us() - days * DAY_US
    parts = {PartName.CARD_EVIDENCE: card(name=f"{family}　花子", read_at_us=read_at_us)}
    event = filed(opened.desk, stated(), parts=parts)
    path = f"/notifications/{event.manifest.notification_id}"
    page = opened.browser("s002").get(path).text
    assert ("カードの記載に、一致しないか" in page) is warned
    assert ("カードの記載と一致しています" in page) is not warned
    assert ("1日より離れています" in page) is warned
    view = opened.browser("s002").get(f"/api{path}").json()
    assert (view["card_holder"]["agrees"], view["card"]["read_far"]) == (not warned, warned)
