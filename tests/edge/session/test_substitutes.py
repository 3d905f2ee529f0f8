"""Which characters of the card are stand-ins, what became of each, and where its texts disagree."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from edge.session.substitutes import (
    CardTexts,
    TodoState,
    TwoTexts,
    conflicts,
    next_open,
    todos,
)
from intake.characters import Character, NameText
from intake.event.ids import new_notification_id
from intake.notification import Address, Field, Notification, Person, Procedure, Source, Value

SAME = TwoTexts("青海県白波市港町二丁目", (), "青海県白波市港町二丁目")
NAME = TwoTexts("吉野　辺子", (0, 3), "𠮷野　邉子")
ADDRESS = Address("", "青海県白波市", "港町二丁目", "")


def texts(name: TwoTexts = NAME, address: TwoTexts = SAME) -> CardTexts:
    return CardTexts("p1", name, address)


def noted(name: NameText, address: Address = ADDRESS) -> Notification:
    def by_card(value: Value) -> Field:
        return Field(value, Source.CARD)

    person = Person("p1", {"name": by_card(name)})
    fields = {"old_address": by_card(address)}
    return Notification(new_notification_id(), Procedure.MOVE_IN, fields, (person,))


def drawn(text: str, position: int, mj_name: str) -> NameText:
    characters = list(NameText.from_plain(text))
    characters[position] = Character.mj(mj_name)
    return NameText.of(characters)


def codes(notification: Notification, card: CardTexts) -> list[tuple[str, int]]:
    return [(one.code, one.number) for one in conflicts(notification, card)]


def test_each_flag_is_one_character_to_draw_in_order():
    found = todos(noted(NameText.from_plain("𠮷野　邉子")), texts())
    assert [(one.where, one.position, one.number) for one in found] == [
        ("persons/p1/name", 0, 1),
        ("persons/p1/name", 3, 3),
    ]
    assert [(one.stand_in, one.card) for one in found] == [("吉", "𠮷"), ("辺", "邉")]
    assert {one.state for one in found} == {TodoState.OPEN}
    assert codes(noted(NameText.from_plain("𠮷野　邉子")), texts()) == []


def test_a_chosen_glyph_settles_its_place_and_the_next_is_open():
    notification = noted(drawn("𠮷野　邉子", 0, "MJ030231"))
    first, second = todos(notification, texts())
    assert (first.state, second.state) == (TodoState.CHOSEN, TodoState.OPEN)
    following = next_open(notification, texts())
    assert following is not None
    assert following.position == 3


def test_what_nobody_found_stays_unresolved_and_is_not_asked_again():
    characters = list(NameText.from_plain("𠮷野　邉子"))
    characters[0] = Character.unresolved("name_ink/0")
    notification = noted(NameText.of(characters))
    assert todos(notification, texts())[0].state is TodoState.UNRESOLVED
    following = next_open(notification, texts())
    assert following is not None
    assert following.number == 3


def test_another_character_than_the_card_writes_is_a_conflict():
    notification = noted(NameText.from_plain("吉野　邉子"))
    assert codes(notification, texts()) == [("chosen", 1)]


def test_a_variation_of_the_cards_character_is_none():
    characters = list(NameText.from_plain("𠮷野　邉子"))
    characters[3] = Character.ucs("邉\U000e0102")
    assert codes(noted(NameText.of(characters)), texts()) == []


def test_where_the_card_writes_the_stand_in_too_anything_may_be_chosen():
    same = texts(TwoTexts("吉野　辺子", (0,), "吉野　辺子"))
    assert codes(noted(NameText.from_plain("𠮷野　辺子")), same) == []


def test_texts_that_differ_without_a_flag_are_told():
    other = texts(TwoTexts("吉野　辺子", (0,), "𠮷野　邉子"))
    assert codes(noted(NameText.from_plain("𠮷野　邉子")), other) == [("unmarked", 3)]


def test_texts_of_different_lengths_are_told_and_the_places_are_not_known():
    longer = texts(TwoTexts("吉野　辺子", (0,), "𠮷野　邉美子"))
    notification = noted(NameText.from_plain("𠮷野　邉美子"))
    assert codes(notification, longer) == [("length", 0)]
    assert todos(notification, longer)[0].state is TodoState.MOVED


def test_a_name_of_another_length_has_lost_the_place():
    notification = noted(NameText.from_plain("𠮷野　子"))
    assert {one.state for one in todos(notification, texts())} == {TodoState.MOVED}
    assert next_open(notification, texts()) is None


def test_spaces_do_not_count():
    assert codes(noted(NameText.from_plain("𠮷野 邉子")), texts()) == []
    assert todos(noted(NameText.from_plain("𠮷野邉子")), texts())[1].position == 2


def test_an_address_is_held_against_its_one_line():
    two = TwoTexts("青海県白波市港町二丁目１番　青海荘", (6,), "青海県白波市湊町二丁目１番　青海荘")
    split = Address("", "青海県白波市", "湊町二丁目", "１番", "青海荘")
    (todo,) = todos(noted(NameText.from_plain("𠮷野　邉子"), split), texts(SAME, two))
    assert (todo.where, todo.position, todo.card) == ("old_address", 6, "湊")
    assert todo.state is TodoState.OPEN
    stays = replace(noted(NameText.from_plain("𠮷")), procedure=Procedure.HOUSEHOLD_CHANGE)
    assert todos(stays, texts(SAME, two))[0].where == "new_address"


def test_a_person_who_was_taken_out_has_no_places():
    notification = replace(noted(NameText.from_plain("𠮷野　邉子")), persons=(Person("p2"),))
    assert {one.state for one in todos(notification, texts())} == {TodoState.MOVED}


@given(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.lists(st.integers(0, 14), max_size=4, unique=True),
)
def test_whatever_the_texts_are_nothing_is_raised(
    certificate: str, card: str, name: str, flagged: list[int]
):
    two = TwoTexts(certificate, tuple(sorted(flagged)), card)
    stated = noted(NameText.from_plain(name))
    for todo in todos(stated, texts(two)):
        assert 0 <= todo.position <= max(len(name) - 1, 0)
        assert 1 <= todo.number <= len(certificate) + 1
    conflicts(stated, texts(two))
