"""The draft keeps how the card was read, byte for byte, and refuses what is not in its form."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.session import draft as drafts
from edge.session.card_use import CardUse, CardWay
from edge.session.draft import Draft
from edge.session.states import State
from edge.session.substitutes import CardTexts, TwoTexts
from intake import canonical
from intake.errors import DecodeError
from intake.event.ids import new_notification_id
from intake.event.manifest import PartName, RecipientClass
from intake.event.parts import open_part, seal_part
from intake.notification import Notification, Person, Procedure
from tests.edge.enrolment import OfficeDouble

PLAIN = Draft(
    State.IDENTIFY, Notification(new_notification_id(), Procedure.MOVE_IN, persons=(Person("p1"),))
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
TWO = st.builds(TwoTexts, TEXT, st.lists(st.integers(0, 60), max_size=9).map(tuple), TEXT)
USE = st.builds(
    CardUse,
    outcome=st.sampled_from(["ok", "pin_wrong", "removed"]),
    evidence=st.none() | st.binary(max_size=40),
    tries_left=st.none() | st.integers(0, 10),
    pin=st.none() | st.sampled_from(["auth", "sign"]),
    reason=st.none() | st.just("expired"),
    provisional=st.booleans(),
    insertion=st.integers(0, 9),
)


@given(
    st.builds(
        replace,
        st.just(PLAIN),
        card=st.none() | USE,
        card_way=st.sampled_from(CardWay),
        card_texts=st.none() | st.builds(CardTexts, st.just("p1"), TWO, TWO),
        card_signature=st.none() | USE,
        signature_waived=st.booleans(),
    )
)
def test_what_was_kept_comes_back(draft: Draft):
    assert drafts.decode(drafts.encode(draft)) == draft


def test_the_number_comes_back_sealed_and_opens_for_its_store_alone():
    office = OfficeDouble()
    part = seal_part(PartName.INDIVIDUAL_NUMBER, b"a number", office.keyset())
    again = drafts.decode(drafts.encode(replace(PLAIN, number=part))).number
    assert again == part
    assert again is not None
    assert (
        open_part(again.data, office.readers[RecipientClass.NUMBER_STORE], again.entry)
        == b"a number"
    )


@pytest.mark.parametrize("wrong", [-1, True, "0", None])
def test_places_of_stand_ins_are_whole_numbers(wrong: object):
    texts = CardTexts("p1", TwoTexts("a", (0,), "a"), TwoTexts("a", (), "a"))
    fields = canonical.decode(drafts.encode(replace(PLAIN, card_texts=texts)), limit=1 << 20)
    assert isinstance(fields, dict)
    fields["card_texts"]["name"]["flagged"] = [wrong]
    with pytest.raises(DecodeError):
        drafts.decode(canonical.encode(fields))
