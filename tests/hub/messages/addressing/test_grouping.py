"""Which pages go together: names by label, titles on back pages, numbers by place."""

from collections.abc import Sequence

import pytest

from hub.messages.addressing.grouping import Group, Sight, groups, sights
from hub.messages.notices.template import Template, load_all, together
from hub.messages.notices.values import ResidentNumber
from tests.hub.messages.batches.cases import front, labelled, titled
from tests.hub.messages.pdf_maker import MadePage, made
from tests.hub.messages.samples import in_process, notice

A, B = "0000000001", "0000000002"
BUILT_IN = load_all()


def seen(pages: Sequence[MadePage], templates: Sequence[Template] = BUILT_IN) -> list[Sight]:
    return sights(in_process(made(pages)).pages, templates, ResidentNumber(10, 10))


def grouped(*pages: MadePage, templates: Sequence[Template] = BUILT_IN) -> list[Group]:
    return groups(seen(pages, templates))


def said(found: Sequence[Group]) -> list[tuple[tuple[int, ...], list[str]]]:
    return [(group.pages, [doubt.value for doubt in group.doubts]) for group in found]


def back(number: str | None, *lines: str) -> MadePage:
    page = MadePage().lines(60, 60, ["（裏面）納付の記録", *lines])
    return page if number is None else page.text(60, 300, f"宛名番号　{number}")


def test_another_persons_notice_with_the_same_number_does_not_join_by_label():
    found = grouped(labelled(A, "佐藤　健"), labelled(A, "鈴木　花"))
    assert said(found) == [((1,), ["twice-in-document"]), ((2,), ["twice-in-document"])]


def test_a_duplicate_without_an_honorific_is_found_twice():
    found = grouped(labelled(A, "佐藤　健"), labelled(A, "佐藤　健"), labelled(B, "林　葉"))
    assert said(found)[0] == ((1,), ["twice-in-document"])
    assert said(found)[2] == ((3,), [])


def test_a_back_page_that_names_another_is_a_doubt():
    found = grouped(front(A, "佐藤　健"), back(A, "氏名　鈴木　花"))
    assert said(found) == [((1, 2), ["several-names"])]
    assert said(grouped(front(A, "佐藤　健"), back(A, "氏名　佐藤 健"))) == [((1, 2), [])]


def test_a_back_page_without_a_number_that_names_another_holds_the_person_before():
    found = said(grouped(front(A, "佐藤　健"), back(None, "氏名　鈴木　花"), front(B, "鈴木　花")))
    assert found[0] == ((1,), ["page-without-owner"])
    assert found[1][1][0] == "no-number"
    assert found[2] == ((3,), [])
    assert said(grouped(front(A, "佐藤　健"), back(None, "氏名　佐藤　健"))) == [((1, 2), [])]


@pytest.mark.parametrize("heading", ["口座振替のご案内", "減免について", "納税のお知らせ"])
def test_a_title_like_line_on_a_page_without_a_number_does_not_part_it(heading: str):
    found = grouped(front(A, "佐藤　健"), titled(heading), front(B, "鈴木　花"))
    assert said(found) == [((1,), ["page-without-owner"]), ((2,), ["no-number"]), ((3,), [])]


def test_a_page_with_an_honorific_and_no_kind_of_notice_may_be_the_person_befores():
    other = titled().text(60, 200, "鈴木　花　様")
    assert said(grouped(front(A, "佐藤　健"), other))[0] == ((1,), ["page-without-owner"])


def test_a_first_page_of_another_without_a_number_leaves_the_person_before_alone():
    for first in (front(None, "鈴木　花"), labelled("", "鈴木　花")):
        found = grouped(front(A, "佐藤　健"), first)
        assert said(found) == [((1,), []), ((2,), ["no-number"])]


def test_a_title_that_runs_over_every_page_of_a_letter_keeps_it_together():
    reading = notice("lo-04-multipage.pdf")
    found = groups(sights(reading.pages, BUILT_IN, ResidentNumber()))
    assert said(found) == [((1, 2, 3), [])]
    second = labelled(A, "佐藤　健").text(280, 800, "2/2")
    assert said(grouped(labelled(A, "佐藤　健").text(280, 800, "1/2"), second)) == [((1, 2), [])]


def names(*rows: list[str], lines: Sequence[str] = (), to: str | None = None) -> tuple[str, ...]:
    page = MadePage().text(150, 40, "令和8年度　固定資産税　納税通知書", 14)
    page.lines(60, 80, [] if to is None else [f"{to}　様"]).lines(60, 120, lines)
    if rows:
        page.table(60, 400, list(rows), width=480 / len(rows[0]))
    return seen([page])[0].names


@pytest.mark.parametrize("label", ["氏名", "氏　名", "【お名前】", "納税義務者：", "受給者氏名"])
def test_a_label_names_the_person(label: str):
    assert names(lines=[f"{label}　鈴木　花"]) == ("鈴木　花",)
    assert names([label.strip("：【】"), "鈴木　花"], ["住所", "関戸1-2"]) == ("鈴木　花",)


def test_a_name_is_found_in_a_form_and_beside_a_number():
    assert names(["宛名番号", A, "氏名", "鈴木　花"]) == ("鈴木　花",)
    assert names(["宛名番号", "氏名"], [A, "鈴木　花"]) == ("鈴木　花",)
    assert names(["本人", "氏名", "鈴木　花"], ["", "住所", "関戸1-2"]) == ("鈴木　花",)


def test_two_names_by_labels_are_both_seen():
    assert set(names(lines=["氏名　鈴木　花"], to="佐藤　健")) == {"佐藤　健", "鈴木　花"}
    assert set(names(lines=["氏名　鈴木　花", "", "氏名　佐藤　健"])) == {"佐藤　健", "鈴木　花"}


def test_others_who_are_rightly_named_are_no_second_name():
    assert names(lines=["世帯主　佐藤　武"], to="佐藤　健") == ("佐藤　健",)
    assert names(lines=["氏名　佐藤　健", "世帯主　佐藤　武"]) == ("佐藤　健",)
    assert names(lines=["対象者氏名　佐藤　葉"], to="佐藤　健") == ("佐藤　健",)
    assert names(lines=["担当者氏名　係　太郎"], to="佐藤　健") == ("佐藤　健",)
    household = (["氏名", "生年月日", "続柄"], ["佐藤　葉", "平成2年1月1日", "妻"])
    assert names(*household, to="佐藤　健") == ("佐藤　健",)
    assert names(["氏名", "続柄"], ["佐藤　葉", "妻"], ["佐藤　実", "子"], to="佐藤　健") == (
        "佐藤　健",
    )


def test_words_that_begin_like_a_label_are_no_names():
    for line in (
        "氏名変更届",
        "氏名が変わった方は届け出てください",
        "氏名　を記入",
        "世帯主の方へ",
        "氏名　（自署）",
        "氏名　　　　　　　印",
        "お名前・住所",
    ):
        assert names(lines=[line], to="佐藤　健") == ("佐藤　健",), line


def test_a_template_that_puts_one_label_first_says_whose_the_bare_one_is():
    page = MadePage().text(150, 40, "児童手当　現況届", 14)
    page.lines(60, 100, ["受給者氏名　佐藤　健", "児童", "氏名　佐藤　葉"])
    assert seen([page])[0].names == ("佐藤　健",)


BY_PLACE = """kind = "犬の登録のお知らせ"
title = "犬の登録"
required = ["atena_no", "name"]

[fields.atena_no]
type = "resident_number"
"""
ZONE = BY_PLACE + "zone_mm = [1, 130, 15, 200, 30]\n"
COLUMN = BY_PLACE + 'column = "登録者"\n'


def dog(number: str, name: str, *, table: bool) -> MadePage:
    page = MadePage().text(60, 60, f"{name}　様").text(220, 150, "犬の登録のお知らせ", 14)
    if table:
        return page.table(60, 300, [["登録者", "手数料", "区分"], [number, "3,000円", "新規"]])
    return page.text(400, 60, number)


@pytest.mark.parametrize("toml", [ZONE, COLUMN])
def test_a_number_that_the_template_finds_by_its_place_is_the_pages(toml: str):
    own = together({"dogs": toml})
    pages = [dog(n, name, table=toml == COLUMN) for n, name in ((A, "佐藤　健"), (B, "鈴木　花"))]
    found = grouped(pages[0], back(None), pages[1], templates=own)
    assert [(group.pages, group.atena_no) for group in found] == [((1, 2), A), ((3,), B)]
    assert [group.doubts for group in found] == [(), ()]
    assert said(grouped(*pages))[0][1][0] == "no-number"


def test_the_place_of_a_number_is_nothing_on_the_page_of_another_kind():
    own = together({"dogs": ZONE})
    other = front(None, "鈴木　花").text(450, 60, A)
    assert seen([other], own)[0].atena == ()
