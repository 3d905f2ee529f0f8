"""e-Gov law XML: what a file holds is read; what is hostile or broken is refused in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from hub.precedents.article import Revision, Standing
from hub.precedents.collection import take
from hub.precedents.errors import SourceError
from hub.precedents.in_force import histories
from hub.precedents.rows import revisions
from hub.precedents.sources.files import read_files
from hub.precedents.sources.law_xml import read_law
from hub.precedents.store import Store
from tests.hub.precedents.small_town import TODAY

NAME = "405AC0000000999_20250616_504AC0000000068.xml"
LAW = """<?xml version="1.0" encoding="UTF-8"?>
<Law Era="Heisei" Lang="ja" LawType="Act" Num="999" Year="05" {attributes}>
<LawNum>平成五年法律第九百九十九号</LawNum><LawBody>
<LawTitle Abbrev="見本法">見本に関する法律</LawTitle>
<TOC><TOCLabel>目次</TOCLabel></TOC>
<MainProvision>
<Chapter Num="1"><ChapterTitle>第一章　総則</ChapterTitle>
<Section Num="1"><SectionTitle>第一節　届出</SectionTitle>
<Article Num="1"><ArticleCaption>（目的）</ArticleCaption><ArticleTitle>第一条</ArticleTitle>
<Paragraph Num="1"><ParagraphNum/><ParagraphSentence>
<Sentence>この法律は、<Ruby>見<Rt>み</Rt></Ruby>本とする。</Sentence>
<Sentence Function="proviso">ただし、この限りでない。</Sentence></ParagraphSentence>
<Item Num="1"><ItemTitle>一</ItemTitle><ItemSentence>
<Column Num="1"><Sentence>用語</Sentence></Column>
<Column Num="2"><Sentence>意味</Sentence></Column></ItemSentence>
<Subitem1 Num="1"><Subitem1Title>イ</Subitem1Title><Subitem1Sentence><Sentence>細目</Sentence>
</Subitem1Sentence></Subitem1></Item></Paragraph>
<Paragraph Num="2"><ParagraphNum>２</ParagraphNum><ParagraphSentence>
<Sentence>次の表による。</Sentence>
</ParagraphSentence><TableStruct><Table><TableRow><TableColumn><Sentence>甲</Sentence></TableColumn>
<TableColumn><Sentence>乙</Sentence></TableColumn></TableRow></Table></TableStruct></Paragraph></Article>
<Article Num="1_2"><ArticleTitle>第一条の二</ArticleTitle><Paragraph Num="1"><ParagraphNum/>
<ParagraphSentence><Sentence>削除</Sentence></ParagraphSentence></Paragraph></Article>
</Section></Chapter></MainProvision>
<SupplProvision><SupplProvisionLabel>附　則</SupplProvisionLabel>
<Paragraph Num="1"><ParagraphNum/>
<ParagraphSentence><Sentence>公布の日から施行する。</Sentence></ParagraphSentence></Paragraph></SupplProvision>
<SupplProvision AmendLawNum="令和四年法律第六八号">
<SupplProvisionLabel>附　則</SupplProvisionLabel>
<Article Num="1"><ArticleTitle>第一条</ArticleTitle><Paragraph Num="1"><ParagraphNum/>
<ParagraphSentence><Sentence>経過措置</Sentence></ParagraphSentence></Paragraph></Article></SupplProvision>
<AppdxTable><AppdxTableTitle>別表第一</AppdxTableTitle><TableStruct><Table><TableRow><TableColumn>
<Sentence>一</Sentence></TableColumn></TableRow></Table></TableStruct></AppdxTable>
</LawBody></Law>"""


def read(attributes: str = "", name: str = NAME) -> Revision:
    return read_law(name, LAW.format(attributes=attributes).encode())


def test_every_kind_of_element_is_read() -> None:
    law = read()
    assert [one.num for one in law.articles] == ["1", "1_2", "附1_0", "附2_1", "別1"]
    first = law.articles[0]
    assert (first.label, first.caption) == ("第一条", "目的")
    assert first.path == ("第一章　総則", "第一節　届出")
    assert first.paragraphs[0].text == "この法律は、見本とする。ただし、この限りでない。"
    (item,) = first.paragraphs[0].items
    assert (item.num, item.title) == ("1", "一")
    assert item.text.split() == ["用語", "意味", "イ", "細目"]
    assert first.paragraphs[1].text.split() == ["次の表による。", "甲", "乙"]
    assert law.articles[3].label == "附則（令和四年法律第六八号）第一条"
    assert law.abbreviation == "見本法"


def test_a_revision_is_what_its_file_says_else_what_its_name_says() -> None:
    assert read().law_id == "405AC0000000999"
    assert read().starts == dt.date(2025, 6, 16)
    dated = read('LawId="405AC0000000998" EnforcementDate="2023/04/01"')
    assert (dated.law_id, dated.starts) == ("405AC0000000998", dt.date(2023, 4, 1))
    coming = read('Status="UnEnforced" ScheduledEnforcementDate="2030/01/01"')
    assert (coming.starts, coming.standing) == (dt.date(2030, 1, 1), Standing.ENFORCED)
    assert read('Status="UnEnforced"', "law.xml").standing is Standing.UNENFORCED
    assert read('RepealType="Repeal"').standing is Standing.REPEALED
    assert read(name="law.xml").law_id.startswith("own-")


def test_a_law_without_a_day_counts_from_the_day_it_is_imported(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = LAW.format(attributes='LawId="405AC0000000999"')
    octets = [whole.replace("経過措置", text).encode() for text in ("甲", "乙", "丙")]
    days = [dt.date(2026, 11, 1), dt.date(2026, 11, 20)]
    snapshot = replace(read_law("a.xml", octets[0]), snapshot="2016-02")
    undated = [read_law("law.xml", one, day) for one, day in zip(octets[1:], days, strict=True)]
    assert [(one.starts, one.snapshot) for one in undated] == [(None, str(day)) for day in days]
    for one in (snapshot, *undated):
        take(store, [one], TODAY)
    with store.reading() as connection:
        history = histories(revisions(connection))["405AC0000000999"]
    asked = [dt.date(2020, 1, 1), dt.date(2026, 11, 19), TODAY]
    valid = [history.on(day) for day in asked]
    assert [one and one.revision.snapshot for one in valid] == ["2016-02", *map(str, days)]
    (tmp_path / "law.xml").write_bytes(octets[0])
    (found,) = read_files([tmp_path / "law.xml"])
    assert found.snapshot == str(dt.date.today())  # noqa: DTZ011 - the office's own day
    assert "1 law files name no day" in caplog.text


ARTICLE = (
    '<Article Num="1"><ArticleTitle>第一条</ArticleTitle><Paragraph Num="1"><ParagraphSentence>'
    "<Sentence>{text}</Sentence></ParagraphSentence></Paragraph></Article>"
)


def test_two_texts_for_one_article_are_refused() -> None:
    end = "</Section></Chapter></MainProvision>"
    text = LAW.format(attributes="")
    with pytest.raises(SourceError, match=r"第一条 .*two texts for one article"):
        read_law(NAME, text.replace(end, ARTICLE.format(text="別の文") + end).encode())
    below = "経過措置</Sentence></ParagraphSentence></Paragraph></Article>"
    twice = text.replace(below, below + ARTICLE.format(text="別の文"))
    with pytest.raises(SourceError, match=r"附則.*two texts for one article"):
        read_law(NAME, twice.encode())
    again = text.replace(below, below + ARTICLE.format(text="経過措置"))
    assert len(read_law(NAME, again.encode()).articles) == 5


def test_paragraphs_outside_of_articles_may_stand_in_several_chapters() -> None:
    loose = (
        '<Chapter Num="9"><ChapterTitle>章</ChapterTitle><Paragraph Num="1"><ParagraphSentence>'
        "<Sentence>文</Sentence></ParagraphSentence></Paragraph></Chapter>"
    )
    text = LAW.format(attributes="").replace("</MainProvision>", f"{loose * 2}</MainProvision>")
    nums = [one.num for one in read_law(NAME, text.encode()).articles]
    assert nums == ["1", "1_2", "0", "0_2", "附1_0", "附2_1", "別1"]


HOSTILE = {
    "doctype": '<!DOCTYPE Law [<!ENTITY a "aaaa">]><Law><LawBody>&a;</LawBody></Law>',
    "external": '<!DOCTYPE Law SYSTEM "http://localhost/x.dtd"><Law><LawBody/></Law>',
    "deep": "<Law>" + "<LawBody>" * 500 + "</LawBody>" * 500 + "</Law>",
    "cut off": LAW[:900],
    "another root": "<html><body/></html>",
    "no title": "<Law><LawBody/></Law>",
    "not XML": "PK\x03\x04",
    "empty": "",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_law_is_refused(kind: str) -> None:
    with pytest.raises(SourceError):
        read_law("x.xml", HOSTILE[kind].encode())


def test_another_encoding_is_read_and_an_unknown_one_refused() -> None:
    text = LAW.format(attributes="")
    assert (
        read_law(NAME, text.replace("UTF-8", "UTF-16").encode("utf-16")).title == "見本に関する法律"
    )
    with pytest.raises(SourceError, match="broken"):
        read_law(NAME, text.replace("UTF-8", "no-such-code").encode())


def test_the_response_of_the_law_api_is_read_too() -> None:
    inside = LAW.format(attributes="").split("?>", 1)[1]
    wrapped = f"<DataRoot><ApplData><LawFullText>{inside}</LawFullText></ApplData></DataRoot>"
    assert len(read_law(NAME, wrapped.encode()).articles) == 5
