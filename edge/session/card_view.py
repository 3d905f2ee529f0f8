"""What pages see of the card: reader, what is asked for, how the last reading ended, what next."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from drivers.card_reader.interface import ReaderStatus
from drivers.card_reader.outcomes import Outcome, OutcomeCode
from drivers.card_reader.profile import Secret
from edge.session import substitutes
from edge.session.card_evidence import outcome_of
from edge.session.card_seen import AskState, CardSeen, asks
from edge.session.card_use import CardUse, CardWay
from edge.session.counter_session import CounterSession
from edge.session.draft import Draft
from edge.session.stand_ins import target_of
from edge.session.states import State
from edge.session.value_json import character_json

Json = dict[str, object]
FIELD_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        Secret.AUTH: "auth_pin",
        Secret.TEXT: "text_pin",
        Secret.SIGN: "sign_password",
        Secret.B_CODE: "security_code",
    }
)
NEXT: Final[Mapping[OutcomeCode, str]] = MappingProxyType(
    {
        OutcomeCode.OK: "done",
        OutcomeCode.NO_SERVICE: "service",
        OutcomeCode.NO_READER: "plug",
        OutcomeCode.READER_BUSY: "busy",
        OutcomeCode.NO_CARD: "place",
        OutcomeCode.REMOVED: "place",
        OutcomeCode.TIMEOUT: "place",
        OutcomeCode.CARD_MUTE: "place",
        OutcomeCode.CARD_REFUSED: "place",
        OutcomeCode.SIGNATURE_UNVERIFIED: "place",
        OutcomeCode.NOT_MY_NUMBER_CARD: "other_card",
        OutcomeCode.NO_TEXT: "lacks_part",
        OutcomeCode.NO_PHOTO: "lacks_part",
        OutcomeCode.NO_AUTHENTICATION_CERTIFICATE: "lacks_part",
        OutcomeCode.NO_SIGNING_CERTIFICATE: "lacks_part",
        OutcomeCode.PIN_NEEDED: "enter",
        OutcomeCode.PIN_FORMAT: "enter",
        OutcomeCode.PIN_WRONG: "enter",
        OutcomeCode.PIN_ONE_LEFT: "override",
        OutcomeCode.PIN_BLOCKED: "unblock",
        OutcomeCode.NOT_GENUINE: "not_used",
        OutcomeCode.CERTIFICATE_INVALID: "not_used",
        OutcomeCode.CERTIFICATE_REVOKED: "not_used",
        OutcomeCode.TRUST_UNUSABLE: "operator",
    }
)
"""What to do next, as keys of `next_resident` and `next_clerk` in the catalogue."""
READER_NEXT: Final[Mapping[ReaderStatus, str]] = MappingProxyType(
    {ReaderStatus.NO_SERVICE: "service", ReaderStatus.NO_READER: "plug"}
)


def card_view(session: CounterSession) -> Json:
    """The card as both pages see it; nothing personal, and no PIN is ever here."""
    desk, draft = session.counter.card_desk, session.draft
    way, use = _way_and_use(session, draft)
    state, seen = desk.state, desk.seen
    return {
        "reader": state.status,
        "reader_next": READER_NEXT.get(state.status),
        "reading": desk.reading,
        "slow": desk.slow,
        "way": way,
        "seen": None if seen is None else _seen(seen),
        "asks": _asks(session, seen, way),
        "last_try": session.allow_last_try,
        "outcome": None,
        "provisional": False,
        "face": session.held_reading is not None,
        **_outcome(use, state.insertion),
    }


def _way_and_use(session: CounterSession, draft: Draft | None) -> tuple[CardWay, CardUse | None]:
    if draft is None:
        return CardWay.PIN, None
    if draft.state is State.SIGN and session.signs_by_card(draft):
        return CardWay.SIGNATURE, draft.card_signature
    return draft.card_way, draft.card


def _seen(seen: CardSeen) -> Json:
    shown: Json = {
        "kind": seen.kind,
        "phone": seen.is_phone,
        "signing_certificate": seen.has_signing_certificate,
        "problem": None,
    }
    if not seen.outcome.ok:
        shown["problem"] = _sentences(seen.outcome)
    return shown


def _asks(session: CounterSession, seen: CardSeen | None, way: CardWay) -> list[Json]:
    if seen is None or not seen.outcome.ok:
        return []
    return [
        {
            "pin": ask.pin,
            "field": FIELD_OF[ask.pin],
            "form": "password" if ask.pin == Secret.SIGN else "digits",
            "tries": ask.tries,
            "state": ask.state,
            "message": _ask_message(ask.pin, ask.state),
        }
        for ask in asks(seen, way, allow_last_try=session.allow_last_try)
    ]


def _ask_message(pin: str, state: AskState) -> Json | None:
    codes = {
        AskState.BLOCKED: OutcomeCode.PIN_BLOCKED,
        AskState.ONE_LEFT: OutcomeCode.PIN_ONE_LEFT,
    }
    code = codes.get(state)
    return None if code is None else _sentences(Outcome(code, pin=pin, tries=1))


def _outcome(use: CardUse | None, insertion: int) -> Json:
    if use is None:
        return {}
    outcome = outcome_of(use)
    if not outcome.ok and insertion > use.insertion:
        return {}  # a card has been put on since: what went wrong before is no news
    return {
        "outcome": outcome.code,
        "ok": outcome.ok,
        "pin": outcome.pin,
        "tries_left": outcome.tries,
        "provisional": use.provisional and outcome.ok,
        **_sentences(outcome),
    }


def _sentences(outcome: Outcome) -> Json:
    return {
        "message": {"ja": outcome.message("ja"), "en": outcome.message("en")},
        "next": NEXT.get(outcome.code, "other"),
    }


def signature_view(draft: Draft | None) -> Json:
    """Whether the notification is signed with the card, or the clerk lets it go without."""
    use = None if draft is None else draft.card_signature
    return {
        "card_signed": use is not None and use.evidence is not None,
        "signature_waived": draft is not None and draft.signature_waived,
    }


def stand_ins_view(draft: Draft | None) -> Json | None:
    """The clerk's list of characters that the certificate could not write; None without one."""
    if draft is None or draft.card_texts is None:
        return None
    texts, notification = draft.card_texts, draft.notification
    return {
        "todos": [
            {
                **vars(todo),
                "chosen": None if todo.chosen is None else character_json(todo.chosen),
            }
            for todo in substitutes.todos(notification, texts)
        ],
        "conflicts": [dict(vars(one)) for one in substitutes.conflicts(notification, texts)],
    }


def stand_in_drawn(draft: Draft) -> Json | None:
    """Which stand-in is being drawn now, for the words above the pad; None when it is none."""
    for todo in substitutes.todos(draft.notification, draft.card_texts):
        if draft.target is not None and target_of(todo) == draft.target:
            return {"what": todo.what, "number": todo.number, "stand_in": todo.stand_in}
    return None
