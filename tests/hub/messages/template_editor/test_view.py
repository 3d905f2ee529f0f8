"""What the editor's trials say: also why a batch would hold the pages."""

from collections.abc import Sequence

import pytest

from hub.messages.template_editor.view import Outcome, outcome
from tests.hub.messages.pdf_maker import MadePage, made
from tests.hub.messages.samples import in_process

TOML = """kind = "犬の登録のお知らせ"
title = "犬の登録"
required = ["atena_no", "name"]

[fields.atena_no]
type = "resident_number"
"""
FIRST = TOML + "zone_mm = [1, 130, 15, 200, 30]\n"
SECOND = TOML + "zone_mm = [2, 130, 15, 200, 30]\n"


def front(number: str = "0000000001") -> MadePage:
    page = MadePage().text(60, 60, "佐藤　健　様").text(220, 150, "犬の登録のお知らせ", 14)
    return page.text(400, 60, number)


def back(text: str = "（裏面）納付場所") -> MadePage:
    return MadePage().text(60, 60, text)


def tried(toml: str, *pages: MadePage) -> Outcome:
    return outcome("dogs", toml, in_process(made(pages)))


def codes(found: Outcome) -> list[str]:
    return [str(doubt) for doubt in found.doubts]


@pytest.mark.parametrize("pages", [(front(),), (front(), back())])
def test_a_notice_whose_number_stands_in_its_place_goes(pages: Sequence[MadePage]):
    assert codes(tried(FIRST, *pages)) == []


def test_pages_that_a_batch_would_hold_are_held_in_a_trial():
    held = tried(FIRST, front(), back("銀行で納付できます"))
    assert held.notice.value("atena_no") == "0000000001"
    assert codes(held) == ["page-without-owner", "no-number", "no-first-page"]
    assert codes(tried(FIRST, front(), front())) == ["twice-in-document"]


def test_a_number_behind_the_first_page_is_read_and_yet_says_nobodys_page():
    found = tried(SECOND, front(""), back().text(400, 60, "0000000001"))
    assert found.notice.value("atena_no") == "0000000001"
    assert "no-number" in codes(found)


def test_each_doubt_is_said_once_and_every_missing_field():
    found = tried(TOML, MadePage().text(220, 150, "犬の登録のお知らせ", 14))
    assert codes(found) == ["missing:atena_no", "missing:name", "no-number"]
    both = front().lines(60, 300, ["宛名番号　0000000001", "整理番号　0000000002"])
    assert codes(tried(FIRST, both)) == ["several-numbers"]
