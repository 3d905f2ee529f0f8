"""Finding a character by drawing: what can be aimed at, offered and picked."""

from dataclasses import replace

import pytest

from edge.errors import FieldError
from edge.session import naming
from edge.session.draft import Draft, decode, encode
from edge.session.form import Hand, Place, fill_in
from edge.session.glyph_card import related
from edge.session.states import State
from intake.characters.search import Filter
from intake.ink import AxisRange, Ink, PenSample, TabletDescription
from intake.notification import Notification, Person, Procedure, Source
from models.recogniser import Candidate, Milliseconds, Recognition, Variant

NAME = "persons/p1/name"
PEN = Hand("resident", Source.PEN, 5, "drawn")
CLERK = Hand("sato", Source.CLERK, 4, "asked")
TABLET = TabletDescription("t", "t", AxisRange(0, 99), AxisRange(0, 99), AxisRange(0, 9))
INK = Ink(TABLET, (PenSample(1, 2, 3, 4, contact=True),))
FOUND = Recognition(
    (
        Candidate("MJ026191", "邉", "U+9089", 0.6, (Variant("MJ026192", "邉", 0.2),)),
        Candidate("MJ006428", "辺", "U+8FBA", 0.2, ()),
    ),
    None,
    Milliseconds(),
)


@pytest.fixture
def draft() -> Draft:
    empty = Notification(
        "00000000-0000-4000-8000-000000000000", Procedure.MOVE_IN, {}, (Person("p1"),)
    )
    return Draft(State.NAMES, fill_in(empty, {"persons/p1/name": "渡〓子"}, CLERK))


def name(draft: Draft) -> list[str]:
    return [c.id for c in naming.present_name(draft, Place("name", "p1"))]


def test_a_picked_variant_takes_the_place_and_the_history_keeps_the_rest(draft: Draft) -> None:
    offered = naming.offer(naming.aim(draft, "persons/p1/name", 1), FOUND)
    assert offered.offered == (("MJ026191", "MJ026192"), ("MJ006428",))
    picked = naming.pick(offered, "MJ026192", INK, PEN)
    assert name(picked) == ["U+6E21", "MJ026192", "U+5B50"]
    field = picked.notification.person("p1").fields["name"]
    assert field.source is Source.PEN
    assert field.history[0].old_source is Source.CLERK
    assert picked.drawings[0].offered == ("MJ026191", "MJ026192", "MJ006428")
    assert picked.target is None
    assert decode(encode(picked)) == picked


def test_the_place_after_the_last_character_appends(draft: Draft) -> None:
    offered = naming.offer(naming.aim(draft, "persons/p1/name", 3), FOUND)
    assert len(name(naming.pick(offered, "MJ006428", INK, PEN))) == 4


def test_what_does_not_fit_stays_unresolved_and_points_to_its_ink(draft: Draft) -> None:
    for index in (0, 1):
        draft = naming.offer(naming.aim(draft, "persons/p1/name", index), FOUND)
        draft = naming.pick(draft, None, INK, PEN)
    assert name(draft)[:2] == ["name_ink/0", "name_ink/1"]
    assert [d.position for d in draft.drawings] == [0, 1]


@pytest.mark.parametrize(
    ("where", "position"),
    [("persons/p1/name", 4), ("persons/p1/name", -1), ("contact", 0), ("nothing", 0)],
)
def test_only_a_character_of_a_name_can_be_aimed_at(
    draft: Draft, where: str, position: int
) -> None:
    with pytest.raises(FieldError):
        naming.aim(draft, where, position)


def test_nothing_is_picked_that_was_not_aimed_at_offered_and_drawn(draft: Draft) -> None:
    with pytest.raises(FieldError):
        naming.pick(draft, None, INK, PEN)
    aimed = naming.aim(draft, "persons/p1/name", 1)
    with pytest.raises(FieldError):
        naming.pick(aimed, "MJ026191", INK, PEN)
    with pytest.raises(FieldError):
        naming.pick(naming.offer(aimed, FOUND), "MJ026191", None, PEN)


def test_so_much_ink_that_it_could_not_be_filed_is_told_at_once(
    draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "MOST_INK", 10)
    offered = naming.offer(naming.aim(draft, "persons/p1/name", 1), FOUND)
    with pytest.raises(FieldError, match="ink"):
        naming.pick(offered, "MJ026191", INK, PEN)


def test_one_of_the_same_origin_may_be_picked_and_is_among_what_was_offered(draft: Draft) -> None:
    offered = naming.offer(naming.aim(draft, "persons/p1/name", 1), FOUND)
    near = related("MJ026191")[1]
    assert near not in {"MJ026191", "MJ026192", "MJ006428"}
    assert naming.may_pick(offered, near)
    picked = naming.pick(offered, near, INK, PEN)
    assert name(picked)[1] == near
    assert picked.drawings[0].offered[-1] == near
    assert not naming.may_pick(offered, "MJ000001")


def test_what_conditions_alone_found_is_picked_without_ink_and_the_history_says_so(
    draft: Draft,
) -> None:
    offered = naming.offer(naming.aim(draft, "persons/p1/name", 1), FOUND)
    asked = replace(offered, asked=Filter(reading="あたり*"))
    picked = naming.pick(asked, "MJ026191", None, PEN)
    assert name(picked)[1] == "MJ026191"
    assert picked.drawings == ()
    assert picked.notification.person("p1").fields["name"].history[0].why == "found_by_conditions"
    assert picked.asked.asks_nothing
    with pytest.raises(FieldError):
        naming.pick(asked, None, None, PEN)


def test_a_pick_is_taken_back_with_its_ink_and_leaves_no_trace(draft: Draft) -> None:
    offered = naming.offer(naming.aim(draft, "persons/p1/name", 1), FOUND)
    picked = naming.pick(offered, "MJ026192", INK, PEN)
    assert naming.can_unpick(picked)
    assert decode(encode(picked)) == picked
    back, ink = naming.unpick(picked)
    assert back.notification == draft.notification
    assert back.drawings == ()
    assert back.target == offered.target
    assert ink == INK
    assert not naming.can_unpick(back)
    with pytest.raises(FieldError):
        naming.unpick(back)


def test_an_appended_and_an_unresolved_character_are_taken_back(draft: Draft) -> None:
    picked = naming.pick(naming.aim(draft, "persons/p1/name", 3), None, INK, PEN)
    assert name(picked)[3] == "name_ink/0"
    assert naming.unpick(picked)[0].notification == draft.notification
    nameless = replace(draft, notification=fill_in(draft.notification, {NAME: ""}, CLERK))
    first = naming.pick(naming.aim(nameless, NAME, 0), None, INK, PEN)
    assert naming.unpick(first)[0].notification == nameless.notification


def test_what_a_clerk_changed_since_is_not_undone_with_the_pick(draft: Draft) -> None:
    offered = naming.offer(naming.aim(draft, NAME, 1), FOUND)
    picked = naming.pick(offered, "MJ026192", INK, PEN)
    changed = replace(picked, notification=fill_in(picked.notification, {NAME: "田中一郎"}, CLERK))
    back, ink = naming.unpick(changed)
    assert back.notification == changed.notification
    assert ink is None, "the character that was drawn is no longer there"
    gone = replace(picked, notification=replace(picked.notification, persons=()))
    assert not naming.can_unpick(gone)


def test_nothing_is_taken_back_once_something_else_is_aimed_at(draft: Draft) -> None:
    offered = naming.offer(naming.aim(draft, NAME, 1), FOUND)
    picked = naming.pick(offered, "MJ026192", INK, PEN)
    assert not naming.can_unpick(naming.aim(picked, NAME, 0))
    assert not naming.can_unpick(naming.aim_nowhere(picked))


def test_sure_belongs_to_what_is_offered_now(draft: Draft) -> None:
    aimed = naming.aim(draft, NAME, 1)
    sure = naming.offer(aimed, replace(FOUND, sure=True))
    assert sure.sure
    assert decode(encode(sure)) == sure
    assert not naming.offer(sure, FOUND).sure
    assert not naming.forget_offer(sure).sure
