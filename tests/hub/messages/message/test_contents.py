"""Whatever stands on the pages of a notice, a message can be made of it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.messages.addressing.addressees import Addressee
from hub.messages.addressing.prepare import Prepared
from hub.messages.documents.glyph import Box
from hub.messages.documents.result import Line, Page
from hub.messages.message.content import Deadline, Document, Paragraph, Payment, Table
from hub.messages.message.contents import Handling, from_notice, from_text, recipient
from hub.messages.message.making import make
from hub.messages.message.page_text import blocks
from hub.messages.notices.extract import FoundField, Notice
from hub.messages.notices.values import Value
from intake.characters import NameText
from tests.hub.messages.message.message_samples import ISSUER, NOW, PDF, key, minimal

BOX = Box(0, 0, 1, 1)
TEXT = st.text(st.characters(), max_size=60)
LINES = st.lists(st.lists(TEXT, min_size=1, max_size=4).map("\t".join), max_size=12)


def page(*lines: str) -> Page:
    return Page(595, 842, tuple(Line(line, BOX) for line in lines))


def prepared(**fields: Value) -> Prepared:
    found = {name: FoundField(value, 1, BOX) for name, value in fields.items()}
    return Prepared(Addressee("000000123456789", "渡邉花子"), (1,), Notice(None, found), PDF)


@settings(max_examples=settings().max_examples // 3)  # each is signed
@given(pages=st.lists(LINES, max_size=3))
def test_any_page_can_be_sent(pages: list[list[str]]):
    text = blocks([page(*lines) for lines in pages]) or (Paragraph("x"),)
    assert make(replace(minimal(), main=Document("文書", text=text)), key(), NOW)


@pytest.mark.parametrize(
    "lines",
    [
        ["あ" * 30_000],
        ["い" * 500] * 300,
        ["\t".join("a" * 60)] * 3,
        ["a\t" + "b" * 3000] * 2,
        ["a\tb"] * 4500,
        ["x"] * 20_000,
    ],
    ids=["long line", "many lines", "many columns", "long cell", "many rows", "many paragraphs"],
)
def test_no_page_is_too_large(lines: list[str]):
    document = Document("文書", text=blocks([page(*lines)]))
    assert make(replace(minimal(), main=document), key(), NOW)


def test_rows_become_tables_and_the_rest_paragraphs():
    found = blocks(
        [page("固定資産税", "期別\t税額", "第1期\t12,000円", "一\u00ad行\u202e目", "a\tb")]
    )
    assert found == (
        Paragraph("固定資産税"),
        Table((("期別", "税額"), ("第1期", "12,000円"))),
        Paragraph("一行目"),
        Paragraph("a　b"),
    )


def test_a_notice_gives_way_to_what_stands_on_it():
    notice = prepared(
        title="納税\n通知書",
        doc_no="第1号",
        amount_yen=5,
        due_date="2026-12-25",
        section="資産税課",
    )
    content = from_notice(notice, ISSUER, handling=Handling(created=NOW), pages=[page("本文")])
    assert (content.title, content.issuer.section) == ("納税 通知書", "資産税課")
    assert content.issuer.telephone == ISSUER.telephone
    assert content.main.text == (Paragraph("本文"),)
    (action,) = content.actions
    assert isinstance(action, Payment)
    assert action.reference == "第1号"
    named = from_notice(replace(notice), ISSUER, name=NameText.from_plain("渡邊花子"))
    assert named.recipient.name.plain() == "渡邊花子"


def test_an_allowance_is_no_payment():
    content = from_notice(prepared(title="通知", amount_yen=10_000), ISSUER)
    assert content.actions == ()
    content = from_notice(prepared(title="通知", amount_yen=0, due_date="2026-12-25"), ISSUER)
    assert [type(one) for one in content.actions] == [Deadline]


def test_a_decision_is_a_message_of_text():
    to = recipient("000000123456789", NameText.from_plain("𠮷田"), "ヨシダ")
    content = from_text(
        issuer=ISSUER,
        to=to,
        kind="decision",
        title=" 受理 ",
        paragraphs=["受け付けました。", "次の\r\n手続"],
    )
    assert content.title == "受理"
    assert content.main.text[1] == Paragraph("次の\n手続")
    assert content.recipient.jis == "吉田"
    assert make(content, key(), NOW)
