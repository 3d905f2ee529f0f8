"""Word documents: every word that is shown is read, nothing else is, and doubt is said."""

import pytest

from hub.messages.documents.docx import read
from hub.messages.documents.part import together
from hub.messages.documents.result import Page, WarningCode
from tests.hub.messages.documents.test_hostile_docx import OFFICE, WORD, word

MORE = (
    f'{WORD} xmlns:mc="{OFFICE}markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    f'xmlns:m="{OFFICE}officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)


def page(body: str, **more: str) -> tuple[Page, set[WarningCode]]:
    """What is read of a body, put together as the hub does it."""
    data = word(f"<w:document {MORE}><w:body>{body}</w:body></w:document>".encode(), **more)
    reading = together([read(data)], 100)
    assert reading.error is None
    return reading.pages[0], set(reading.codes())


def p(runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: list[str], properties: str = "") -> str:
    """A table; each cell is the markup inside it."""
    made = "".join("<w:tr>" + "".join(f"<w:tc>{c}</w:tc>" for c in row) + "</w:tr>" for row in rows)
    return f"<w:tbl>{properties}{made}</w:tbl>"


def texts(found: Page) -> list[str]:
    return [line.text for line in found.lines]


def field(code: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="%s"/></w:r>'
    return mark % "begin" + code + mark % "separate" + result + mark % "end"


RUBY = (
    "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>やまだ</w:t></w:r></w:rt>"
    "<w:rubyBase><w:r><w:t>山田</w:t></w:r></w:rubyBase></w:ruby></w:r>"
)


def test_the_text_below_a_reading_is_read_and_the_reading_stands_apart() -> None:
    found, codes = page(p(r("氏名　") + RUBY + r("　様")))
    assert texts(found) == ["氏名　山田　様"]
    assert [line.text for line in found.ruby] == ["やまだ"]
    assert codes == set()


@pytest.mark.parametrize(
    "runs",
    [
        '<w:fldSimple w:instr="MERGEFIELD a">' + r("123456") + "</w:fldSimple>",
        field("<w:r><w:instrText>MERGEFIELD a</w:instrText></w:r>", r("123456")),
        # what a field asks about is not shown
        field("<w:r><w:instrText>IF </w:instrText></w:r>" + r("9"), r("123456")),
        "<w:ins>" + r("123456") + "</w:ins>" + "<w:del>" + r("9") + "</w:del>",
        "<w:moveTo>" + r("123456") + "</w:moveTo>" + "<w:moveFrom>" + r("9") + "</w:moveFrom>",
        r("123") + "<w:r><w:softHyphen/></w:r>" + r("456"),
    ],
)
def test_of_fields_and_changes_what_is_shown_is_read(runs: str) -> None:
    found, codes = page(p(r("番号") + runs))
    assert (texts(found), codes) == (["番号123456"], set())


def test_a_field_that_never_ends_is_doubtful() -> None:
    _, codes = page(p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("123456")))
    assert codes == {WarningCode.READERS_DISAGREE}


@pytest.mark.parametrize(
    ("symbol", "text", "codes"),
    [
        ('w:font="GAIJI" w:char="E001"', "高\ue001", {WarningCode.PUA}),
        ('w:font="GAIJI" w:char="F0A5"', "高\uf0a5", {WarningCode.PUA}),
        ('w:font="GAIJI" w:char="41"', "高\uf041", {WarningCode.PUA}),
        ('w:font="GAIJI" w:char="D800"', "高\uf8ff", {WarningCode.PUA}),
        ('w:font="Wingdings" w:char="F0FC"', "高✓", set()),
    ],
)
def test_symbols_are_characters(symbol: str, text: str, codes: set[WarningCode]) -> None:
    found, warned = page(p(r("高") + f"<w:r><w:sym {symbol}/></w:r>"))
    assert (texts(found), warned) == ([text], codes)


STYLES = (
    f"<w:styles {WORD}>"
    '<w:style w:type="paragraph" w:styleId="base"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="own"><w:basedOn w:val="base"/></w:style>'
    '<w:style w:type="character" w:styleId="pale"><w:rPr><w:color w:val="fefefe"/></w:rPr>'
    "</w:style></w:styles>"
)
DARK = '<w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>'


@pytest.mark.parametrize(
    "hidden",
    [
        p(r("9,999円", "<w:vanish/>")),
        p(r("9,999円", '<w:color w:val="FFFFFF"/>')),
        p(r("9,999円", '<w:sz w:val="2"/>')),
        p(r("9,999円", '<w:color w:val="FF0000"/><w:highlight w:val="red"/>')),
        p(r("9,999円", "<w14:textFill><w14:noFill/></w14:textFill>")),
        p(r("9,999円", '<w:rStyle w:val="pale"/>')),
        p(r("9,999円"), '<w:pStyle w:val="own"/>'),
        p('<w:fldSimple w:instr="x">' + r("9,999円", "<w:vanish/>") + "</w:fldSimple>"),
        table([p(r("9,999円", "<w:vanish/>"))]),
        "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>" + p(r("9,999円")) + "</w:tc></w:tr>"
        "</w:tbl>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_hidden_text_stands_apart_and_is_warned_of(hidden: str, encoding: str) -> None:
    body = p(r("税額")) + hidden
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    whole = f"{head}<w:document {MORE}><w:body>{body}</w:body></w:document>"
    reading = together([read(word(whole.encode(encoding), **{"word/styles.xml": STYLES}))], 1)
    found = reading.pages[0]
    assert "".join(texts(found)).strip() == "税額"
    assert [line.text for line in found.hidden] == ["9,999円"]
    assert reading.codes() == {WarningCode.HIDDEN_TEXT}


@pytest.mark.parametrize(
    "shown",
    [
        p(r("9,999円", '<w:vanish w:val="0"/>'), '<w:pStyle w:val="own"/>'),
        p(r("9,999円", '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>')),
        p(r("9,999円", '<w:color w:val="auto"/><w:shd w:val="clear" w:fill="auto"/>')),
        p(
            r("9,999円", '<w:color w:val="FFFFFF"/>'),
            '<w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/>',
        ),
        table([DARK + p(r("9,999円", '<w:color w:val="FFFFFF"/>'))]),
    ],
)
def test_what_is_seen_stays(shown: str) -> None:
    found, codes = page(shown, **{"word/styles.xml": STYLES})
    assert (texts(found), codes) == (["9,999円"], set())


@pytest.mark.parametrize(
    "gap",
    ["<w:r><w:br/></w:r>", "<w:r><w:cr/></w:r>", '<w:r><w:br w:type="page"/></w:r>', "</w:p><w:p>"],
)
@pytest.mark.parametrize(("one", "two"), [("1", "2,000円"), ("１", "２，０００円")])
def test_a_broken_line_in_a_cell_puts_no_numbers_together(gap: str, one: str, two: str) -> None:
    found, codes = page(
        table([p(r("期別")), p(r("税額"))], [p(r("1期")), p(r(one) + gap + r(two))])
    )
    assert found.tables[0].rows[1] == ("1期", f"{one} {two}")
    assert codes == set()
    assert texts(page(p(r(one) + gap + r(two)))[0]) == [one, two]


def test_cells_of_a_table_inside_a_cell_stay_apart() -> None:
    inner = table([p(r("納期限")), p(r("令和8年6月1日"))], [p(r("税額")), p(r("1,000円"))])
    rows = ["納期限\t令和8年6月1日", "税額\t1,000円"]
    form, _ = page(table([p(r("番号")), p(r("1"))], [p(r("内訳")), inner + p(r("以上"))]))
    assert texts(form) == ["番号\t1", "内訳\t以上", *rows]
    assert [len(one.rows) for one in form.tables] == [2, 2]
    layout, _ = page(table([p(r("左")) + inner + p(r("左の下")), p(r("右"))]))
    assert texts(layout) == ["左", *rows, "左の下", "右"]


def test_running_lines_are_read_and_numbers_of_the_body_stay_in_it() -> None:
    header = f"<w:hdr {WORD}>{p(r('架空市') + '<w:r><w:br/></w:r>' + r('税務課'))}</w:hdr>"
    gaiji = f"<w:ftr {WORD}>{p(r(chr(0xE001)) + r('9', '<w:vanish/>'))}</w:ftr>"
    found, codes = page(p(r("12")) + p(r("あ")), **{"word/header1.xml": header})
    assert (texts(found), codes) == (["12", "あ"], set())
    assert [line.text for line in found.header] == ["架空市", "税務課"]
    found, codes = page(p(r("あ")), **{"word/footer1.xml": gaiji})
    assert [line.text for line in found.footer] == ["\ue001"]
    assert codes == {WarningCode.PUA, WarningCode.HIDDEN_TEXT}


BOX = "<w:txbxContent>%s</w:txbxContent>"
CHOICE = '<mc:Choice Requires="wps"><w:drawing><wps:txbx>%s</wps:txbx></w:drawing></mc:Choice>'
FALLBACK = "<mc:Fallback><w:pict><v:textbox>%s</v:textbox></w:pict></mc:Fallback>"


@pytest.mark.parametrize("fallback", ["", FALLBACK % (BOX % p(r("1,000円")))])
def test_a_text_box_is_read_once_as_word_shows_it(fallback: str) -> None:
    boxed = "<w:r><mc:AlternateContent>" + CHOICE % (BOX % p(r("5,000円"))) + fallback
    found, codes = page(p(r("税額") + boxed + "</mc:AlternateContent></w:r>"))
    assert (texts(found), codes) == (["税額", "5,000円"], set())


@pytest.mark.parametrize(
    "lost",
    [
        p("<m:oMath><m:r><m:t>1,000</m:t></m:r></m:oMath>"),
        p("<w:unknown>" + r("1,000円") + "</w:unknown>"),
        '<w:altChunk r:id="x" xmlns:r="y"/>',
        p(r("1"), "<w:rPr><w:vanish/></w:rPr>") + p(r("000円")),
    ],
)
def test_what_is_not_read_or_not_certain_is_said(lost: str) -> None:
    _, codes = page(p(r("あ")) + lost)
    assert codes == {WarningCode.READERS_DISAGREE}


def test_a_box_to_tick_keeps_its_character() -> None:
    box = "<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent>%s</w:sdtContent></w:sdt>"
    found, codes = page(p(box % r("☑") + r("口座振替")))
    assert (texts(found), codes) == (["☑口座振替"], set())


def test_a_strict_document_is_read_as_any_other() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<w:document xmlns:w="{strict}"><w:body>' + p(RUBY + r("9", "<w:vanish/>"))
    found = read(word((body + "</w:body></w:document>").encode()))
    assert texts(found.pages[0]) == ["山田"]
    assert [warning.code for warning in found.warnings] == [WarningCode.HIDDEN_TEXT]
