"""Fields as a technician writes them: right ones become a message, wrong ones are named."""

import json
from typing import Any

import pytest

from hub.errors import DocumentError
from hub.messages.message.content import Deadline, Paragraph, Payment
from hub.messages.message.fields_file import read
from hub.messages.message.making import make
from tests.hub.messages.message.message_samples import ISSUER, NOW, PDF, key

FIELDS: dict[str, Any] = {
    "atena_no": "000000123456789",
    "name": "渡邉花子",
    "kana": "ワタナベ ハナコ",
    "title": "固定資産税\n納税通知書",
    "template": "property_tax",
    "doc_no": "多市税第1234号",
    "issue_date": "2026-11-01",
    "due_date": "2026-12-25",
    "amount_yen": 12000,
    "section": "資産税課",
    "tel": "042-375-8111",
    "address": "多摩市関戸六丁目12-1",
    "legal": True,
    "reply_by": "2026-12-25",
}


def encoded(**changes: object) -> bytes:
    found = {**FIELDS, **changes}
    return json.dumps({k: v for k, v in found.items() if v is not ...}).encode()


def test_fields_and_a_pdf_are_a_message():
    content = read(encoded(), ISSUER, PDF)
    assert content.kind == "property_tax"
    assert content.title == "固定資産税 納税通知書"
    assert content.issuer.section == "資産税課"
    assert content.recipient.jis == "渡邉花子"
    assert content.actions == (
        Payment("納付", 12000, content.reply_by or NOW.date(), "多市税第1234号"),
    )
    assert content.legal
    assert content.main.files[0].data == PDF
    assert make(content, key(), NOW)


def test_without_an_amount_the_day_is_a_deadline():
    (action,) = read(encoded(amount_yen=...), ISSUER, PDF).actions
    assert isinstance(action, Deadline)
    assert read(encoded(due_date=...), ISSUER, PDF).actions == ()


def test_a_message_without_pdf_says_its_title_or_its_text():
    assert read(encoded(), ISSUER, None).main.text == (Paragraph("固定資産税 納税通知書"),)
    assert read(encoded(text=["一", "二"]), ISSUER, None).main.text[1] == Paragraph("二")


def test_a_name_may_be_told_by_its_characters():
    content = read(encoded(name=[["mj", "MJ026191", "邉"], ["ucs", "U+5B50", "子"]]), ISSUER, PDF)
    assert [one.id for one in content.recipient.name] == ["MJ026191", "U+5B50"]
    assert content.recipient.jis == "邉子"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no JSON object"),
        (encoded(atena_no=...), "lack atena_no"),
        (encoded(name=""), "lack name"),
        (encoded(atenano="1"), "did you mean atena_no"),
        (encoded(due_date="R8.12.25"), "a field is wrong"),
        (encoded(name=[["mj", "X", "邉"]]), "a field is wrong"),
        (encoded(name=[1]), "a field is wrong"),
        (encoded(reply_by="soon"), "a field is wrong"),
    ],
)
def test_what_is_wrong_is_named(data: bytes, words: str):
    with pytest.raises(DocumentError, match=words):
        read(data, ISSUER, PDF)
