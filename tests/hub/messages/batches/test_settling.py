"""What people decide about held pages, and what no decision can do."""

from dataclasses import replace
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from hub.messages.batches.finding import Concern, decode
from hub.messages.batches.fixes import (
    KINDS,
    Accepted,
    AcceptedForAll,
    BelongsTo,
    Fix,
    Released,
    SameName,
    TakenOut,
    Typed,
)
from hub.messages.batches.fixes import decode as fix_from
from hub.messages.batches.fixes import encode as kept
from hub.messages.batches.settling import ItemState
from hub.messages.batches.spelling import declared
from tests.hub.messages.batches.cases import Case, codes, front, loose

A, B, C, D = "0000000001", "0000000002", "0000000003", "0000000004"


@cache
def four() -> Case:
    """Two with an old character, a page of nobody between, a number twice, one without pages."""
    pages = [
        front(A, "髙橋　一郎"),
        loose(),
        front(B, "髙田　花子"),
        front(C, "佐藤　健"),
        front(C, "佐藤　健"),
    ]
    return Case(pages, [(A, "高橋　一郎"), (B, "高田　花子"), (C, "佐藤　健"), (D, "林　葉")])


def same(case: Case, number: int) -> SameName:
    item = case.settled()[number]
    assert item.person is not None
    (printed,) = item.examined.names
    plain = ("".join(item.person.name.split()), "".join(printed.split()))
    return SameName(number, declared(*plain))


def test_doubts_are_found_before_anybody_decides() -> None:
    items = four().settled()
    assert codes(items[1]) == ["name-differs", "page-without-owner"]
    assert codes(items[2])[0] == "no-number"
    assert codes(items[3]) == ["name-differs"]
    assert codes(items[4]) == codes(items[5]) == ["twice-in-document"]
    assert codes(items[9]) == ["no-pages"]
    assert {item.state for item in items.values()} == {ItemState.HELD}


def test_a_character_declared_once_counts_for_everybody_held_for_it() -> None:
    items = four().settled(same(four(), 3))
    assert items[3].state is ItemState.READY
    assert codes(items[1]) == ["page-without-owner"]


def test_a_name_that_differs_by_more_counts_for_that_pair_alone() -> None:
    case = Case(
        [front(A, "山田　一郎"), front(B, "山田　花子")], [(A, "鈴木　一郎"), (B, "鈴木　花子")]
    )
    items = case.settled(same(case, 1))
    assert (items[1].state, items[2].state) == (ItemState.READY, ItemState.HELD)


def test_pages_given_to_somebody_join_that_persons_own() -> None:
    fix = BelongsTo((2,), A, "高橋　一郎")
    items = four().settled(same(four(), 1), fix)
    assert 2 not in items
    assert (items[1].pages, items[1].state) == ((1, 2), ItemState.READY)
    assert items[1].acts == (1, 2)


def test_one_of_two_taken_out_leaves_the_other_alone_with_the_number() -> None:
    items = four().settled(TakenOut((5,)))
    assert (items[4].state, items[5].state) == (ItemState.READY, ItemState.OUT)


def test_pages_of_nobody_taken_out_no_longer_hold_those_before() -> None:
    items = four().settled(same(four(), 1), TakenOut((2,)))
    assert items[1].state is ItemState.READY


def test_a_person_without_pages_gets_nothing_only_when_somebody_said_so() -> None:
    items = four().settled(TakenOut((9,)))
    assert items[9].state is ItemState.OUT


def test_what_was_accepted_counts_only_for_the_pages_that_were_seen() -> None:
    accepted = Accepted(1, (1,), A, ("page-without-owner",))
    assert four().settled(same(four(), 1), accepted)[1].state is ItemState.READY
    joined = four().settled(same(four(), 1), accepted, BelongsTo((2,), A, "高橋　一郎"))
    assert joined[1].acts == (1, 3)  # the look at page 1 says nothing of pages 1 and 2


def test_a_number_given_by_a_person_is_used_once() -> None:
    items = four().settled(TakenOut((5,)), BelongsTo((2,), C, "佐藤　健"))
    assert items[4].pages == (2, 4)  # they join, they are not sent beside it
    items = four().settled(BelongsTo((3,), C, "佐藤　健"))
    assert not [one for one in items.values() if one.atena_no == C and one.state is ItemState.READY]


def test_a_protected_person_is_held_until_the_desk_lets_these_pages_go() -> None:
    fixes = (same(four(), 3),)
    held = four().settled(*fixes, protected=(B,))[3]
    assert (codes(held), held.protected) == (["protected"], True)
    let_go = four().settled(*fixes, Released(3, (3,), B), protected=(B,))[3]
    assert let_go.state is ItemState.READY
    other = four().settled(*fixes, Released(3, (3,), A), protected=(B,))[3]
    assert other.state is ItemState.HELD


def test_pages_that_name_a_protected_person_are_theirs_whoever_they_are_given_to() -> None:
    item = four().settled(BelongsTo((3,), D, "林　葉"), protected=(B,))[3]
    assert item.protected
    assert "protected" in codes(item)


def test_pages_without_a_number_that_may_be_a_protected_persons_are_treated_as_theirs() -> None:
    pages = [front(None, "佐藤　健"), front(A, "佐藤　健"), front(B, "林　葉"), loose(), loose("2")]
    case = Case(pages, [(A, "佐藤　健"), (B, "林　葉"), (C, "佐藤　健")])
    items = case.settled(protected=(B, C))
    marked = {number for number, item in items.items() if item.pages and item.protected}
    assert marked == {1, 3, 4, 5}  # the name, the number, and what lies behind; not A's own
    assert codes(items[4])[0] == "protected"
    items = case.settled(BelongsTo((4,), A, "佐藤　健"), TakenOut((5,)), protected=(B, C))
    assert items[2].pages == (2, 4)
    assert not items[2].protected


def test_pages_that_cannot_be_cut_out_stay_held_when_a_value_is_typed() -> None:
    case = Case([front(A, "佐藤　健")], [(A, "佐藤　健")])
    (finding,) = case.findings
    examined = replace(finding.examined, concerns=(Concern("cannot-cut"),))
    case.findings = [replace(finding, examined=examined)]
    assert codes(case.settled(Typed(1, "name", "佐藤　健"))[1]) == ["cannot-cut"]


def test_what_is_about_the_file_is_set_aside_for_everybody_after_one_look() -> None:
    case = Case([front(A, "佐藤　健"), front(B, "林　葉")], [(A, "佐藤　健"), (B, "林　葉")])
    acting = [replace(f.examined, concerns=(Concern("actions"),)) for f in case.findings]
    case.findings = [replace(f, examined=e) for f, e in zip(case.findings, acting, strict=True)]
    assert codes(case.settled()[2]) == ["actions"]
    items = case.settled(AcceptedForAll(1, ("actions",)))
    assert {item.state for item in items.values()} == {ItemState.READY}
    assert (items[1].acts, items[2].acts) == ((1,), ())


def test_a_typed_value_takes_the_place_of_what_was_missing() -> None:
    page = front(A, "佐藤　健").lines(60, 500, ["同じ内容"])
    page.marks = [mark for mark in page.marks if "発行日".encode("utf-16-be").hex() not in mark]
    case = Case([page], [(A, "佐藤　健")])
    item = case.settled(Typed(1, "issue_date", "2026-11-30"))[1]
    assert item.fields["issue_date"].value == "2026-11-30"
    assert item.fields["issue_date"].by_hand
    assert "due-before-issue:due_date" in codes(item)  # typed values are checked too


def test_twice_in_the_list_is_settled_by_picking_a_row() -> None:
    case = Case([front(A, "佐藤　健")], [(A, "佐藤　健"), (A, "佐藤　武")])
    assert codes(case.settled()[1]) == ["twice-in-list"]
    assert case.settled(BelongsTo((1,), A, "佐藤　健"))[1].state is ItemState.READY
    assert codes(case.settled(BelongsTo((1,), A, "佐藤　武"))[1]) == ["name-differs"]


def test_what_is_kept_comes_back_as_it_was() -> None:
    for finding in four().findings:
        read = decode(finding.number, finding.encode())
        assert decode(finding.number, read.encode()) == read  # boxes in tenths of a point
        assert read.examined.names == finding.examined.names
    for fix in (
        same(four(), 1),
        AcceptedForAll(1, ("actions",)),
        BelongsTo((2,), A, "x"),
        Released(3, (3,), B),
        TakenOut((1, 2)),
    ):
        assert fix_from(KINDS[type(fix)], kept(fix)) == fix


PEOPLE = [(A, "高橋　一郎"), (B, "高田　花子"), (C, "佐藤　健"), (D, "林　葉")]
PART = st.integers(1, 5)


def parts(high: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(st.integers(1, high))


@st.composite
def accepted(draw: st.DrawFn) -> Accepted:
    part = draw(PART)
    number = draw(st.sampled_from([None, A, B, C]))
    return Accepted(part, (part,), number, ("page-without-owner", "no-first-page"))


@st.composite
def released(draw: st.DrawFn) -> Released:
    part = draw(PART)
    return Released(part, (part,), draw(st.sampled_from([A, B, C])))


@st.composite
def assigned(draw: st.DrawFn) -> BelongsTo:
    number, name = draw(st.sampled_from(PEOPLE))
    return BelongsTo(draw(parts(5)), number, name)


@st.composite
def declarations(draw: st.DrawFn) -> SameName:
    return same(four(), draw(st.sampled_from([1, 3])))


FIXES = st.lists(
    st.one_of(declarations(), assigned(), st.builds(TakenOut, parts(9)), accepted(), released()),
    max_size=8,
)


@given(FIXES)
def test_whatever_is_decided_nobody_gets_what_nobody_gave_them(fixes: list[Fix]) -> None:
    case = four()
    items = case.settled(*fixes, protected=(B,)).values()
    pages = sorted(page for item in items for page in item.pages)
    assert pages == [1, 2, 3, 4, 5]
    ready = [item for item in items if item.state is ItemState.READY]
    assert len({item.atena_no for item in ready}) == len(ready)
    given_by_hand = {
        (part, fix.atena_no) for fix in fixes if isinstance(fix, BelongsTo) for part in fix.parts
    }
    let_go = {(fix.part, fix.atena_no) for fix in fixes if isinstance(fix, Released)}
    for item in ready:
        assert item.person is not None
        assert item.person.atena_no == item.atena_no
        for part in item.parts:
            printed = case.findings[part - 1].examined.numbers
            assert printed == (item.atena_no,) or (part, item.atena_no) in given_by_hand
        if item.protected:
            assert (item.number, item.atena_no) in let_go
