"""Content becomes a signed message and comes back the same; what would be refused is not made."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.messages.message.checking import check
from hub.messages.message.content import (
    Appointment,
    Content,
    Deadline,
    Document,
    File,
    MediaType,
    Paragraph,
    Payment,
    Table,
)
from hub.messages.message.errors import MessageRefusedError, Reason
from hub.messages.message.making import make
from intake.characters import NameText
from tests.hub.messages.message.message_samples import NOW, full, key, minimal, trusted


@pytest.mark.parametrize("content", [minimal(), full()], ids=["minimal", "full"])
def test_a_message_comes_back_as_it_was_made(content: Content):
    checked = check(make(content, key(), NOW), trusted())
    assert checked.content == content
    assert checked.content.recipient.name.plain() == content.recipient.name.plain()
    assert checked.signed_at == NOW
    assert checked.certificate == trusted()[0].der


LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zs", "Zl", "Zp", "Cn")),
    min_size=1,
    max_size=30,
)
CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Cn")), max_size=20
)


CELLS = st.lists(CELL, min_size=1, max_size=4)


@settings(max_examples=settings().max_examples // 3)  # each is signed and verified
@given(title=LINE, name=LINE, cells=CELLS, data=st.binary(min_size=3))
def test_any_text_and_any_bytes_survive(title: str, name: str, cells: list[str], data: bytes):
    sample = minimal()
    content = replace(
        sample,
        title=title,
        recipient=replace(sample.recipient, name=NameText.from_plain(name)),
        main=Document(title, (File("a.txt", MediaType.TEXT, data),), (Table((tuple(cells),)),)),
    )
    assert check(make(content, key(), NOW), trusted()).content == content


LATE = dt.date(2027, 1, 1)
DAY = dt.date(2026, 10, 31)
FULL = full()


def pdf(name: str, data: bytes) -> File:
    return File(name, MediaType.PDF, data)


@pytest.mark.parametrize(
    ("content", "reason", "detail"),
    [
        (replace(FULL, title=""), Reason.SCHEMA, "Title"),
        (replace(FULL, title="二\n行"), Reason.SCHEMA, "Title"),
        (replace(FULL, message_id="1"), Reason.SCHEMA, "MessageId"),
        (replace(FULL, kind="税"), Reason.SCHEMA, "Kind"),
        (replace(FULL, issued=dt.date(2018, 1, 1)), Reason.SCHEMA, "IssuedOn"),
        (replace(FULL, reply_by=DAY), Reason.RULE, "before-issue"),
        (replace(FULL, actions=(Deadline("期限", DAY),)), Reason.RULE, "before-issue"),
        (replace(FULL, actions=(Payment("納付", 1, DAY),)), Reason.RULE, "before-issue"),
        (replace(FULL, actions=(Payment("納付", 0, NOW.date()),)), Reason.SCHEMA, "Yen"),
        (
            replace(FULL, not_before=LATE),
            Reason.RULE,
            "held-past-deadline",
        ),
        (replace(FULL, main=Document("空")), Reason.RULE, "empty-document"),
        (
            replace(FULL, technical=(pdf("notice.pdf", b"%PDF-"),)),
            Reason.RULE,
            "file-name-twice",
        ),
        (
            replace(FULL, technical=(pdf("a.pdf", b""),)),
            Reason.SCHEMA,
            "File",
        ),
        (
            replace(FULL, technical=(pdf("a.pdf", b"MZ.."),)),
            Reason.VALUE,
            "another-kind",
        ),
        (
            replace(FULL, technical=(pdf("../a", b"%PDF-"),)),
            Reason.SCHEMA,
            "File",
        ),
        (replace(FULL, title="a\u202eb"), Reason.VALUE, "unseen-character"),
        (replace(FULL, title="a\x00b"), Reason.VALUE, "XML cannot write"),
    ],
)
def test_nothing_is_signed_that_would_be_refused(content: Content, reason: Reason, detail: str):
    with pytest.raises(MessageRefusedError) as caught:
        make(content, key(), NOW)
    assert caught.value.problems[0].reason is reason
    assert detail in caught.value.problems[0].detail


def test_tables_have_rows_of_one_length():
    text = (Table((("a", "b"), ("c",))),)
    with pytest.raises(MessageRefusedError, match="row-length"):
        make(replace(minimal(), main=Document("表", text=text)), key(), NOW)


def test_an_appointment_ends_after_it_starts():
    found = full().actions[2]
    assert isinstance(found, Appointment)
    turned = replace(found, start=found.end, end=found.start)
    with pytest.raises(MessageRefusedError, match="ends-before-start"):
        make(replace(full(), actions=(turned,)), key(), NOW)


def test_a_refusal_quotes_no_value_of_the_resident():
    with pytest.raises(MessageRefusedError) as caught:
        make(replace(full(), main=Document("山田\t太郎", text=(Paragraph("x"),))), key(), NOW)
    assert "山田" not in str(caught.value)
    assert str(caught.value) == (
        "the message is refused: schema (Title: value); see docs/message-format.md"
    )


def test_many_threads_make_and_check_at_once():
    known = trusted()

    def comes_back(number: int) -> bool:
        content = replace(minimal(), title=f"{number}")
        return check(make(content, key(), NOW), known).content == content

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(comes_back, range(60)))
