"""What is asked for follows from what the card said without a PIN; every ending has a next step."""

import pytest

from drivers.card_reader.interface import ReaderStatus
from drivers.card_reader.outcomes import Outcome, OutcomeCode
from edge.pages.catalogue import LANGUAGES, catalogue
from edge.session.card_seen import AskState, CardSeen, asks
from edge.session.card_use import CardWay
from edge.session.card_view import NEXT, READER_NEXT

OK = Outcome(OutcomeCode.OK)
TRIES = {"auth": 3, "text": 3, "sign": 5, "b_code": 10}


def seen(**tries: int) -> CardSeen:
    return CardSeen(1, OK, "plastic", tries_left={**TRIES, **tries})


def states(card: CardSeen, way: CardWay, *, allowed: bool = False) -> dict[str, AskState]:
    return {ask.pin: ask.state for ask in asks(card, way, allow_last_try=allowed)}


@pytest.mark.parametrize(
    ("way", "pins"),
    [
        (CardWay.PIN, ["auth", "text"]),
        (CardWay.CERTIFICATE, ["auth", "text", "sign"]),
        (CardWay.CHECK_NUMBER, ["b_code"]),
        (CardWay.SIGNATURE, ["sign"]),
    ],
)
def test_a_way_asks_for_its_pins_and_no_other(way: CardWay, pins: list[str]):
    assert list(states(seen(), way)) == pins


def test_a_blocked_pin_is_never_asked_whatever_is_allowed():
    assert states(seen(auth=0), CardWay.PIN, allowed=True)["auth"] is AskState.BLOCKED


def test_the_last_try_waits_for_the_override():
    assert states(seen(auth=1), CardWay.PIN)["auth"] is AskState.ONE_LEFT
    assert states(seen(auth=1), CardWay.PIN, allowed=True)["auth"] is AskState.ASK


def test_a_card_without_signing_certificate_is_asked_for_no_password():
    child = CardSeen(1, OK, "plastic", False, {"auth": 3, "text": 3, "b_code": 10})
    assert states(child, CardWay.CERTIFICATE)["sign"] is AskState.ABSENT


def test_a_card_with_one_pin_for_everything_is_asked_for_one():
    future = CardSeen(1, OK, "next", tries_left={"auth": 3})
    assert list(states(future, CardWay.PIN)) == ["auth"]


@pytest.mark.parametrize("code", list(OutcomeCode))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_ending_says_to_both_what_to_do_next(code: OutcomeCode, language: str):
    for group in ("next_resident", "next_clerk"):
        assert catalogue(language).text(f"{group}.{NEXT[code]}")


@pytest.mark.parametrize("status", list(ReaderStatus))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_the_reader_has_its_words(status: ReaderStatus, language: str):
    assert catalogue(language).text(f"reader.{status}")
    if status in READER_NEXT:
        assert catalogue(language).text(f"next_clerk.{READER_NEXT[status]}")
