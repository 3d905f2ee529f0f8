"""Patterns of templates: none is taken that one line could keep busy for ever."""

import pytest

from hub.errors import TemplateError
from hub.messages.addressing.grouping import sights
from hub.messages.documents.glyph import Box
from hub.messages.documents.result import Line, Page
from hub.messages.notices.template import parse
from hub.messages.notices.values import ResidentNumber


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b",
        r"(a+|\\)+b",  # the group ends behind an escaped sign
        "(?x)(a+)# apart\n+b",
        "(?x:(a+)# apart\n+b)",
        "(a+)(?#apart)*b",
        "(?#apart)a",
        r"(a|a)" * 9 + "b",
        "a?" * 9,
        "a*" * 5,
    ],
)
def test_a_pattern_that_could_take_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(TemplateError, match="template own"):
        parse("own", {"kind": "x", "title": pattern})


def test_escaped_signs_and_choices_are_taken() -> None:
    for pattern in (r"\(税\)\*\+\?\*\+\*\+", "(納税|税額|課税).*通知書?", "(?:甲|乙)(丙)"):
        assert parse("own", {"kind": "x", "title": pattern}).title.pattern == pattern


@pytest.mark.parametrize(("apart", "goes_on"), [(0, True), (20, True), (100, False)])
def test_only_the_beginning_of_a_page_is_looked_at(apart: int, goes_on: bool) -> None:
    own = parse("own", {"kind": "x", "title": "x", "continues": "続き"})
    page = Page(600, 800, (Line("あ" * apart + "続き", Box(60, 60, 500, 72)),))
    (sight,) = sights([page], (own,), ResidentNumber())
    assert sight.goes_on is goes_on
