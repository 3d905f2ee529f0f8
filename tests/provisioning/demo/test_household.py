import datetime as dt

from edge.session.form import Hand, Place, fill_in, put
from edge.session.prefill import by_card
from intake.certificates.text_record import TextAttributes
from intake.characters import NameText
from intake.notification import Notification, Person, Procedure, Source
from intake.notification.needs import Needs
from intake.notification.rules.check import check
from intake.notification.rules.finding import Severity, State
from provisioning.demo.household import household

NOW = dt.datetime(2026, 11, 30, 20, 0, tzinfo=dt.UTC)


def filled(now: dt.datetime = NOW) -> Notification:
    moving = household(now)
    persons = tuple(Person(person) for person in moving.persons)
    empty = Notification("00000000-0000-4000-8000-000000000000", Procedure.MOVE_IN, persons=persons)
    hand = Hand("S001", Source.CARD, 0, "-")
    address = "青海県白波市港町二丁目３番４号"
    card = TextAttributes("髙橋　健一", address, dt.date(1984, 5, 17), "1", b"")
    read = by_card(empty, "p1", card, hand)
    return fill_in(read, moving.form, Hand("S001", Source.CLERK, 0, "-"))


def test_the_household_is_three_people_whom_no_rule_blocks_but_for_the_signature() -> None:
    notification = filled()
    assert len(notification.persons) == 3
    needs = Needs(today=dt.date(2026, 12, 1), office_lg_code="131016")
    found = [f for f in check(notification, needs) if f.state is State.FOUND]
    blocking = {f.where for f in found if f.severity is Severity.BLOCK}
    assert blocking <= {"", "signature"}, blocking


def test_the_place_to_draw_in_holds_the_character_that_is_replaced() -> None:
    moving = household(NOW)
    name = filled().person("p2").value("name")
    assert isinstance(name, NameText)
    assert name.plain()[moving.drawn_at] == "吉"
    assert moving.drawn_in == "persons/p2/name"


def test_dates_follow_the_calendar_of_japan() -> None:
    assert household(NOW).form["moved_on"] == "2026-11-28"


def test_the_correction_changes_one_part_of_a_place_in_the_form() -> None:
    moving = household(NOW)
    before = moving.form[moving.correction_place]
    assert isinstance(before, dict)
    changed = {key for key in before if before[key] != moving.corrected[key]}
    assert changed == {"building"}
    hand = Hand("S001", Source.CLERK, 1, moving.correction_why)
    corrected = fill_in(filled(), {moving.correction_place: moving.corrected}, hand)
    assert len(corrected.fields["new_address"].history) == 1


def test_putting_the_same_value_again_leaves_no_history() -> None:
    notification = filled()
    value = notification.person("p2").value("kana")
    assert value is not None
    hand = Hand("S001", Source.CLERK, 1, "-")
    assert put(notification, Place("kana", "p2"), value, hand) is notification
