"""Order out of places alone: glyphs laid down by hand, in any order of drawing."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest

from hub.messages.documents import margins
from hub.messages.documents.composition import compose
from hub.messages.documents.glyph import Area, Box, DrawnPage, Glyph, Hidden, Rule, turned
from hub.messages.documents.result import Line, Page
from hub.messages.documents.visibility import by_areas

EM = 10.0


def across(text: str, x: float, y: float, em: float = EM) -> list[Glyph]:
    """A horizontal line from (x, y), full-width characters one em apart."""
    return [Glyph(c, Box(x + n * em, y, x + (n + 1) * em, y + em), em) for n, c in enumerate(text)]


def down(text: str, x: float, y: float, em: float = EM) -> list[Glyph]:
    """A vertical line from (x, y)."""
    return [Glyph(c, Box(x, y + n * em, x + em, y + (n + 1) * em), em) for n, c in enumerate(text)]


def page(glyphs: Iterable[Glyph], rules: tuple[Rule, ...] = ()) -> DrawnPage:
    return DrawnPage(595, 842, tuple(glyphs), rules)


def texts(drawn: DrawnPage) -> list[str]:
    return [line.text for line in compose(drawn).lines]


def stacked(lines: list[str], x: float, y: float, step: float = 15) -> list[Glyph]:
    return [g for n, line in enumerate(lines) for g in across(line, x, y + n * step)]


def shuffled_words(glyphs: list[Glyph]) -> list[Glyph]:
    words = [glyphs[n : n + 3] for n in range(0, len(glyphs), 3)]
    random.Random(7).shuffle(words)  # noqa: S311 an order, no secret
    return [glyph for word in words for glyph in word]


ADDRESS = ["〒二〇六", "架空市一丁目", "山本　翔　様"]
OFFICE = ["文書番号", "令和八年四月", "架空市長"]


def test_blocks_side_by_side_are_read_one_after_the_other() -> None:
    glyphs = [*stacked(ADDRESS, 60, 60), *stacked(OFFICE, 380, 63)]
    assert texts(page(glyphs)) == [*ADDRESS, *OFFICE]


def test_the_order_of_drawing_does_not_matter() -> None:
    glyphs = [*stacked(ADDRESS, 60, 60), *stacked(OFFICE, 380, 63), *across("題" * 30, 100, 160)]
    assert texts(page(shuffled_words(glyphs))) == texts(page(glyphs))


def test_a_date_above_an_address_comes_first() -> None:
    glyphs = [
        *across("令和八年四月", 400, 40),
        *stacked(ADDRESS, 60, 60),
        *across("市長", 400, 140),
    ]
    assert texts(page(glyphs))[0] == "令和八年四月"


def test_labels_stay_with_their_values() -> None:
    labels, values = ["氏名", "住所", "電話番号"], ["山本　翔", "架空市一丁目", "〇四二"]
    glyphs = [*stacked(labels, 60, 100), *stacked(values, 200, 100)]
    assert texts(page(glyphs)) == [f"{a}\t{b}" for a, b in zip(labels, values, strict=True)]


def test_vertical_lines_are_read_from_the_right_with_figures_side_by_side() -> None:
    pair = [Glyph("2", Box(400, 120, 405, 130), EM), Glyph("4", Box(405, 120, 410, 130), EM)]
    glyphs = [
        *down("電話は", 400, 90),
        *pair,
        *down("時間", 400, 130),
        *down("受け付けます", 380, 90),
    ]
    assert texts(page(glyphs)) == ["電話は24時間", "受け付けます"]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_reads_as_the_upright_one(angle: int) -> None:
    glyphs = [*stacked(ADDRESS, 60, 60), *stacked(OFFICE, 380, 63)]
    back = turned(page(glyphs), angle)
    seen = replace(back, glyphs=tuple(replace(g, angle=360 - angle) for g in back.glyphs))
    assert texts(seen) == texts(page(glyphs))


def test_a_table_without_lines_keeps_empty_cells() -> None:
    rows = [("期別", "納期限", "税額"), ("一期", "五月", "百円"), ("合計", "", "百円")]
    glyphs = [
        g
        for n, row in enumerate(rows)
        for column, cell in enumerate(row)
        for g in across(cell, 60 + 120 * column, 100 + 16 * n)
    ]
    found = compose(page(glyphs))
    assert found.tables[0].rows == tuple(rows)
    assert not found.tables[0].ruled


def box(left: float, top: float, right: float, bottom: float) -> tuple[Rule, ...]:
    return (
        *(Rule(Box(left, y, right, y), horizontal=True) for y in (top, bottom)),
        *(Rule(Box(x, top, x, bottom), horizontal=False) for x in (left, right)),
    )


def test_a_merged_cell_speaks_once() -> None:
    rules = (*box(50, 100, 150, 120), *box(150, 100, 250, 120), *box(50, 120, 250, 140))
    glyphs = [*across("左", 55, 105), *across("右", 155, 105), *across("両方", 55, 125)]
    assert compose(page(glyphs, rules)).tables[0].rows == (("左", "右"), ("両方", ""))


def test_a_reading_stands_apart_from_its_line() -> None:
    glyphs = [*across("提出が必要です", 60, 100), *across("ていしゅつ", 60, 94, 4)]
    found = compose(page(glyphs))
    assert ([line.text for line in found.lines], [line.text for line in found.ruby]) == (
        ["提出が必要です"],
        ["ていしゅつ"],
    )


def test_white_print_is_hidden_on_paper_and_seen_on_a_dark_area() -> None:
    white = [replace(g, hidden=Hidden.NO_CONTRAST) for g in across("白文字", 60, 100)]
    dark = Area(Box(50, 90, 200, 120), 0.1, 0)
    assert {g.hidden for g in by_areas(white, [])} == {Hidden.NO_CONTRAST}
    assert {g.hidden for g in by_areas(white, [dark])} == {None}
    assert {g.hidden for g in by_areas(white, [dark, replace(dark, lightness=1.0)])} == {None}


def test_print_under_a_later_area_is_hidden() -> None:
    glyphs = across("下の文字", 60, 100)
    lid = Area(Box(50, 90, 200, 120), 1.0, len(glyphs))
    assert {g.hidden for g in by_areas(glyphs, [lid])} == {Hidden.COVERED}
    assert {g.hidden for g in by_areas(glyphs, [replace(lid, after=0)])} == {None}


def test_the_postal_code_of_every_letter_is_no_running_header() -> None:
    def letter(first: str) -> Page:
        lines = (Line(first, Box(60, 30, 160, 40)), Line("本文", Box(60, 200, 300, 210)))
        return Page(595, 842, lines)

    assert all(p.lines[0].text == "〒206-0011" for p in margins.parted([letter("〒206-0011")] * 3))
    assert all(p.header for p in margins.parted([letter("架空市　通知")] * 3))
    assert not margins.parted([letter("架空市　通知")])[0].header


def test_the_rest_of_a_broken_line_stays_where_it_stands() -> None:
    """A lone character above the next line is no column of its own."""
    lines = ["〒〇六四", "北海道札幌市中央区旭ケ丘六丁目十六番九", "号", "林　翔太　様"]
    assert texts(page(stacked(lines, 60, 60))) == lines


def test_a_line_that_comes_close_to_the_next_column_is_parted_from_it() -> None:
    left = ["〒〇六四", "北海道札幌市中央区旭ケ丘七丁目十二番号", "髙橋　陽子　様"]
    right = ["文書番号の一二", "令和八年四月二日", "架空市長"]
    glyphs = [*stacked(left, 60, 60), *stacked(right, 60 + 19 * EM + 8, 60)]
    assert texts(page(glyphs)) == [*left, *right]
