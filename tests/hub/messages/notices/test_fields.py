"""Fields of notices: of the samples, of other towns' layouts, and every doubt that holds one."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub.errors import TemplateError
from hub.messages.documents.glyph import Box
from hub.messages.documents.result import Line, Page, Reading
from hub.messages.notices.checks import reasons
from hub.messages.notices.extract import Notice, extract
from hub.messages.notices.postal_codes import places
from hub.messages.notices.template import load_all, parse
from hub.messages.notices.values import ResidentNumber
from tests.hub.messages.pdf_maker import MadePage, made
from tests.hub.messages.samples import in_process, manifest, notice

TEMPLATES = load_all()
READABLE = [
    name
    for name, document in manifest().items()
    if document["expect"]["open"] == "ok" and not document["expect"]["needs_ocr"]
]
WAITS_FOR_A_PERSON = {
    "lo-03-vertical": {"missing:atena_no"},
    "lo-06-two-columns": {"missing:atena_no", "missing:name"},
    "rl-02-cid-v": {"missing:atena_no"},
    "rl-06-pua-gaiji": {"pua"},
    "hid-01-hidden-text": {"hidden-text"},
    "scn-02-hidden-ocr-layer": {"ocr-layer"},
    "ch-03-vertical": {"missing:atena_no"},
}


def parts(name: str) -> list[tuple[dict[str, Any], Sequence[Page], range]]:
    """Fields, pages and page numbers of each message of a sample."""
    document = manifest()[name]
    pages = notice(f"{name}.pdf").pages
    messages = document["expect"].get("messages")
    if messages is None:
        return [(document["fields"], pages, range(1, len(pages) + 1))]
    return [
        (m["fields"], [pages[n - 1] for n in m["pages"]], range(m["pages"][0], m["pages"][-1] + 1))
        for m in messages
    ]


@pytest.mark.parametrize("name", READABLE)
def test_every_field_of_the_samples_is_exact_and_clean_ones_pass(name: str) -> None:
    for expected, pages, numbers in parts(name):
        found = extract(pages, TEMPLATES, ResidentNumber(), numbers.start)
        assert {key: found.value(key) for key in expected} == expected
        held = {str(r) for r in reasons(notice(f"{name}.pdf"), found, pages, numbers)}
        assert held == WAITS_FOR_A_PERSON.get(name, set())


def of(page: MadePage) -> tuple[Reading, Notice, set[str]]:
    reading = in_process(made([page]))
    found = extract(reading.pages, TEMPLATES, ResidentNumber())
    held = {str(reason) for reason in reasons(reading, found, reading.pages, range(1, 2))}
    return reading, found, held


def town_a() -> MadePage:
    """Address on the right, values in a ruled table of labels."""
    return (
        MadePage()
        .lines(400, 40, ["通知年月日：令和８年６月１日", "通知書番号　市税第１２３号"])
        .lines(320, 120, ["〒206-0011", "東京都多摩市関戸三丁目２番５号", "第２ひかり荘 103号室"])
        .text(320, 168, "山田　太郎　様")
        .text(60, 120, "架空市長　佐藤　次郎")
        .text(150, 240, "令和8年度　固定資産税　納税通知書", 16)
        .table(60, 330, [["住民コード", "123456789012"], ["納付期限", "令和8年6月30日"]], 150)
        .table(60, 400, [["年税額", "￥45,600"], ["担当課", "税務課資産税係"]], 150)
        .text(60, 460, "TEL　042-123-4567")
    )


def town_b() -> MadePage:
    """Labels before the parts of the address, another honorific, a table with a total."""
    rows = [["期別", "納期限", "税額"], ["1期", "令和8年7月31日", "10,000円"]]
    rows += [["2期", "令和8年8月31日", "12,000円"], ["合計", "", "22,000円"]]
    labelled = ["郵便番号　460-0001", "住所　愛知県名古屋市中区三の丸1丁目2番3号"]
    labelled += ["氏名　鈴木　花子　殿", "フリガナ　スズキ　ハナコ", "整理番号　0012345678"]
    return (
        MadePage()
        .lines(60, 50, labelled)
        .lines(380, 50, ["文書番号　健保第45号", "発送日　R8.7.15", "架空町長"])
        .text(180, 170, "国民健康保険税納税通知書", 14)
        .table(60, 260, rows, 120)
        .lines(60, 380, ["問合せ先", "架空町役場　住民課", "電話　0422(12)3456"])
    )


def town_c() -> MadePage:
    """Values below their headings, the address at the foot, the common year."""
    return (
        MadePage()
        .text(200, 40, "介護保険料額決定通知書", 14)
        .table(60, 80, [["宛名コード", "氏名"], ["00098765", "田中　一郎"]], 140)
        .table(60, 140, [["合計金額", "納付期限"], ["78,900円", "令和8年9月30日"]], 140)
        .lines(60, 230, ["〒900-0022", "沖縄県那覇市樋川1丁目1番1号", "田中　一郎　様"])
        .lines(350, 230, ["発行年月日　2026年8月20日", "架空市長", "お問い合わせ先：高齢福祉課"])
    )


OTHER_TOWNS = {
    "a": (
        town_a(),
        {
            "atena_no": "123456789012",
            "name": "山田　太郎",
            "postal": "206-0011",
            "address": "東京都多摩市関戸三丁目２番５号",
            "building": "第２ひかり荘 103号室",
            "kind": "固定資産税納税通知書",
            "doc_no": "市税第１２３号",
            "sender": "架空市長",
            "issue_date": "2026-06-01",
            "due_date": "2026-06-30",
            "amount_yen": 45600,
            "tel": "042-123-4567",
        },
    ),
    "b": (
        town_b(),
        {
            "atena_no": "0012345678",
            "name": "鈴木　花子",
            "kana": "スズキ　ハナコ",
            "postal": "460-0001",
            "address": "愛知県名古屋市中区三の丸1丁目2番3号",
            "doc_no": "健保第45号",
            "sender": "架空町長",
            "section": "住民課",
            "issue_date": "2026-07-15",
            "due_date": "2026-07-31",
            "amount_yen": 22000,
            "tel": "0422-12-3456",
        },
    ),
    "c": (
        town_c(),
        {
            "atena_no": "00098765",
            "name": "田中　一郎",
            "postal": "900-0022",
            "kind": "介護保険料額決定通知書",
            "issue_date": "2026-08-20",
            "due_date": "2026-09-30",
            "amount_yen": 78900,
            "section": "高齢福祉課",
        },
    ),
}


@pytest.mark.parametrize("town", OTHER_TOWNS)
def test_other_towns_use_other_labels_and_places(town: str) -> None:
    page, expected = OTHER_TOWNS[town]
    _, found, held = of(page)
    assert {key: found.value(key) for key in expected} == expected
    assert held == set()


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        (("住民コード", "住民符号"), "missing:atena_no"),
        (("206-0011", "206-0012"), "postal-mismatch:postal"),
        (("206-0011", "999-9999"), "postal-unknown:postal"),
        (("令和8年6月30日", "令和8年5月30日"), "due-before-issue:due_date"),
        (("納税通知書", "納税のしおり"), "no-template"),
    ],
)
def test_each_doubt_holds_the_notice(change: tuple[str, str], doubt: str) -> None:
    page = MadePage([_exchanged(mark, *change) for mark in town_a().marks])
    assert doubt in of(page)[2]


def _exchanged(mark: str, old: str, new: str) -> str:
    return mark.replace(old.encode("utf-16-be").hex(), new.encode("utf-16-be").hex())


def test_a_table_that_does_not_come_to_its_total_holds_the_notice() -> None:
    page = MadePage([_exchanged(mark, "12,000", "13,000") for mark in town_b().marks])
    assert of(page)[2] == {"sum-differs:amount_yen"}


def test_a_declared_character_of_private_use_passes() -> None:
    reading = notice("rl-06-pua-gaiji.pdf")
    found = extract(reading.pages, TEMPLATES, ResidentNumber())
    held = reasons(reading, found, reading.pages, range(1, 2), {"\ue001": "𠮷"})
    assert held == []
    assert reasons(reading, found, reading.pages, range(1, 2), {"\ue002": "𠮷"})


@pytest.mark.parametrize("place", ["header", "footer", "ruby"])
def test_a_character_of_private_use_outside_the_body_holds_the_notice(place: str) -> None:
    reading = notice("rl-06-pua-gaiji.pdf")
    found = extract(reading.pages, TEMPLATES, ResidentNumber())
    line = Line("\ue002", Box(0, 0, 9, 9))
    known = {"\ue001": "𠮷"}
    body = [replace(page, **{place: (line,)}) for page in reading.pages]
    assert {str(one) for one in reasons(reading, found, body, range(1, 2), known)} == {"pua"}
    # declared or not, it must be among what was read
    without = [replace(page, lines=()) for page in reading.pages]
    assert "pua" in {str(one) for one in reasons(reading, found, without, range(1, 2), known)}


def test_two_numbers_on_one_notice_hold_it() -> None:
    page = town_a().text(60, 500, "宛名番号　999999999999")
    assert "several-numbers:atena_no" in of(page)[2]


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"kind": "x", "title": "("},
        {"kind": "x", "title": "x", "required": "name"},
        {"kind": "x", "title": "x", "required": ["nothing"]},
        {"kind": "x", "title": "x", "fields": {"name": {"type": "unknown"}}},
        {
            "kind": "x",
            "title": "x",
            "fields": {"name": {"type": "name", "zone_mm": [1, 9, 9, 1, 2]}},
        },
    ],
)
def test_a_wrong_template_is_named(table: dict[str, Any]) -> None:
    with pytest.raises(TemplateError, match="template own"):
        parse("own", table)


def test_an_own_template_reads_by_zone_and_column(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'kind = "架空通知"\ntitle = "架空通知"\nrequired = ["atena_no"]\n'
        '[fields.atena_no]\ntype = "resident_number"\nzone_mm = [1, 20, 20, 120, 30]\n'
        '[fields.due_date]\ntype = "date"\ncolumn = "期日"\n',
        encoding="utf-8",
    )
    page = MadePage().text(60, 60, "00123456").text(60, 120, "架空通知")
    page.table(60, 200, [["回", "期日", "額"], ["1", "令和8年6月1日", "5円"]])
    reading = in_process(made([page]))
    found = extract(reading.pages, load_all(tmp_path), ResidentNumber())
    assert (found.value("atena_no"), found.value("due_date")) == ("00123456", "2026-06-01")


def test_any_thread_may_ask_what_a_postal_code_stands_for():
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(places, code) for code in ("206-0011", "999-9999")]
    assert [future.result() for future in asked] == [(("東京都", "多摩市", "関戸"),), ()]


def test_a_lot_number_that_was_broken_is_put_together_and_a_broken_name_is_not_guessed():
    broken = MadePage().lines(
        60,
        60,
        [
            "〒064-0941",
            "北海道札幌市中央区旭ケ丘6丁目16番9",
            "号",
            "コーポ青葉 20",
            "3号",
            "林　翔太　様",
        ],
    )
    broken.text(220, 200, "予防接種のお知らせ", 14)
    found = extract(in_process(made([broken])).pages, TEMPLATES, ResidentNumber())
    assert found.value("address") == "北海道札幌市中央区旭ケ丘6丁目16番9号"
    assert found.value("building") == "コーポ青葉 203号"
    name = MadePage().lines(
        60, 60, ["〒064-0941", "札幌市中央区旭ケ丘6-1", "宇都宮　真理", "子　様"]
    )
    name.text(220, 200, "予防接種のお知らせ", 14)
    found = extract(in_process(made([name])).pages, TEMPLATES, ResidentNumber())
    assert found.value("name") is None


def test_a_date_beside_another_label_is_not_the_date_of_issue():
    page = MadePage().text(220, 60, "予防接種のお知らせ", 14)
    page.table(60, 120, [["納期限", "令和8年11月17日"], ["金額", "1,000円"]])
    found = extract(in_process(made([page])).pages, TEMPLATES, ResidentNumber())
    assert found.value("due_date") == "2026-11-17"
    assert found.value("issue_date") is None
