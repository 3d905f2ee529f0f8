"""e-Gov law XML: what a file holds is read; what is hostile or broken is refused in words."""

from __future__ import annotations

import datetime as dt

import pytest

from hub.precedents.article import Revision, Standing
from hub.precedents.errors import SourceError
from hub.precedents.sources.law_xml import read_law

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
