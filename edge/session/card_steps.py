"""What is done with the card: choose how, read it by PIN or check number, compare the face, sign.

The clerk chooses and allows, the resident enters; both hands meet on the one card of the counter.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from drivers.card_reader.card_reading import CardReading, CounterWish, Want
from drivers.card_reader.check_number import check_number_b
from drivers.card_reader.outcomes import Outcome, OutcomeCode
from drivers.card_reader.pin import Pin
from edge.errors import FieldError, NoKeysError
from edge.session import prefill, stand_ins, substitutes
from edge.session.card_desk import challenge_for
from edge.session.card_evidence import use_of
from edge.session.card_use import CardWay
from edge.session.counter_session import CounterSession
from edge.session.draft import Draft
from edge.session.form import RESIDENT, Hand, Place, put
from edge.session.states import Step
from edge.session.substitutes import CardTexts, TwoTexts
from intake.errors import IntakeError
from intake.event.manifest import PartName
from intake.event.parts import SealedPart, seal_part
from intake.notification import (
    IdentityProof,
    Notification,
    NotificationError,
    Source,
    individual_number,
)
from intake.notification.individual_number import IndividualNumbers
from intake.notification.signed_document import certificate_statement, document_to_sign

log = logging.getLogger(__name__)
BY_RESIDENT: Final = frozenset({CardWay.PIN, CardWay.CERTIFICATE})


@dataclass(frozen=True)
class Entered:
    """What was entered on the resident's page; lives for one reading."""

    auth_pin: str = field(repr=False)
    text_pin: str = field(repr=False)
    sign_password: str = field(default="", repr=False)


class CardSteps:
    """The card in the session; the clerk's methods demand that somebody is logged in."""

    def __init__(self, session: CounterSession) -> None:
        self._session = session
        self._counter = session.counter
        self._desk = session.counter.card_desk

    def choose_way(self, way: CardWay) -> None:
        """The clerk: how the card is to be read."""
        self._counter.staff_desk.demand()
        draft = self._session.allowed(Step.READ_CARD)
        if way is CardWay.SIGNATURE:
            raise FieldError("The notification is not finished yet: it is signed later")
        self._session.put_face_away()
        self._session.move(Step.READ_CARD, replace(draft, card_way=way, card=None))

    def allow_last_try(self) -> None:
        """The clerk: let the next reading use the last try of a PIN."""
        self._counter.staff_desk.demand()
        draft = self._session.allowed(self._session.card_step)
        self._session.allow_last_try = True
        self._session.move(self._session.card_step, draft)

    async def read(self, entered: Entered) -> None:
        """The resident: identify by card and PIN; how it ended is in the draft, good or bad."""
        session = self._session
        async with session.busy:
            draft = session.allowed(Step.READ_CARD)
            if draft.card_way not in BY_RESIDENT:
                raise FieldError("No PIN is asked for now: the clerk reads the card")
            try:
                wish = self._wish(draft, entered)
            except ValueError:
                self._ended(draft, CardReading(Outcome(OutcomeCode.PIN_FORMAT)))
                return
            await self._read(draft, wish)

    async def read_by_check_number(self, born: date, expiry_year: int, code: str) -> None:
        """The clerk: read name, address, birth date and sex without a PIN, and the photograph."""
        self._counter.staff_desk.demand()
        session = self._session
        async with session.busy:
            draft = session.allowed(Step.READ_CARD)
            if draft.card_way is not CardWay.CHECK_NUMBER:
                raise FieldError("Choose first that the card is read by its check number")
            try:
                number = check_number_b(born, expiry_year, code)
            except (ValueError, IntakeError) as error:
                raise FieldError("The check number needs four digits each") from error
            wish = CounterWish(
                want=frozenset({Want.TEXT, Want.PHOTO}),
                challenge=challenge_for(draft.notification.notification_id),
                b_code=Pin.from_text(number),
                allow_last_try=session.allow_last_try,
            )
            await self._read(draft, wish)

    def waive_signature(self) -> None:
        """The clerk: file without the card's signature; the pen's stays demanded."""
        self._counter.staff_desk.demand()
        draft = self._session.allowed(Step.SIGN)
        self._session.move(Step.SIGN, replace(draft, signature_waived=True))

    def judge_face(self, *, same: bool) -> None:
        """The clerk: the person at the counter is, or is not, the one on the photograph."""
        staff = self._counter.staff_desk.demand()
        session = self._session
        draft, held = session.allowed(Step.READ_CARD), session.held_reading
        if held is None or held.attributes is None:
            raise FieldError("No photograph is shown: read the card first")
        session.put_face_away()
        if not same:
            session.move(Step.READ_CARD, replace(draft, card=None))
            return
        when_us = self._counter.clock.wall_us()
        hand = Hand(staff.staff_id, Source.CLERK, when_us, "face_compared")
        self._accept(draft, held, prefill.face_proof(), hand)

    async def sign(self, password: str) -> None:
        """The resident: sign the finished notification with the card's signing key."""
        session = self._session
        async with session.busy:
            draft = session.allowed(Step.SIGN)
            if not session.signs_by_card(draft):
                raise FieldError("This procedure is not signed with the card")
            try:
                secret = Pin.from_text(password)
            except ValueError:
                use = use_of(
                    CardReading(Outcome(OutcomeCode.PIN_FORMAT)), self._desk.state.insertion
                )
                session.move(Step.SIGN, replace(draft, card_signature=use))
                return
            wish = CounterWish(
                want=frozenset({Want.SIGN}),
                challenge=challenge_for(draft.notification.notification_id),
                sign_password=secret,
                document=document_to_sign(draft.notification, draft.revision),
                allow_last_try=session.allow_last_try,
            )
            reading = await self._desk.read(wish)
            session.allow_last_try = False
            now = session.allowed(Step.SIGN)
            if now.notification != draft.notification:
                return  # taken back meanwhile: what was signed is not what stands there
            log.info("card_signed", extra={"outcome": reading.outcome.code})
            use = use_of(reading, self._desk.state.insertion)
            session.move(Step.SIGN, replace(now, card_signature=use))

    def _wish(self, draft: Draft, entered: Entered) -> CounterWish:
        """What is read by PIN; ValueError when something cannot be a PIN at all."""
        notification = draft.notification
        want = {Want.TEXT, Want.AUTH}
        if notification.procedure in self._desk.policy.numbers:
            want.add(Want.MY_NUMBER)
        signs = draft.card_way is CardWay.CERTIFICATE and self._desk.has_signing_certificate
        if signs:
            want.add(Want.SIGN)
        challenge = challenge_for(notification.notification_id)
        return CounterWish(
            want=frozenset(want),
            challenge=challenge,
            auth_pin=Pin.from_text(entered.auth_pin),
            text_pin=Pin.from_text(entered.text_pin),
            sign_password=Pin.from_text(entered.sign_password) if signs else None,
            document=certificate_statement(notification.notification_id, challenge),
            allow_last_try=self._session.allow_last_try,
        )

    async def _read(self, draft: Draft, wish: CounterWish) -> None:
        session = self._session
        before = draft.notification.notification_id
        reading = await self._desk.read(wish)
        session.allow_last_try = False
        draft = session.allowed(Step.READ_CARD)
        if draft.notification.notification_id != before:
            return  # cancelled meanwhile, and another notification begun
        self._ended(draft, reading)

    def _ended(self, draft: Draft, reading: CardReading) -> None:
        session = self._session
        log.info("card_read", extra={"outcome": reading.outcome.code, "way": draft.card_way})
        draft = replace(draft, card=use_of(reading, self._desk.state.insertion))
        if reading.attributes is None:
            session.move(Step.READ_CARD, draft)
        elif draft.card_way is CardWay.CHECK_NUMBER:
            session.held_reading = reading  # nobody is identified before the face was compared
            session.move(Step.READ_CARD, draft)
        else:
            self._accept(draft, reading, prefill.card_proof(), self._card_hand())

    def _accept(
        self, draft: Draft, reading: CardReading, proof: IdentityProof, proven_by: Hand
    ) -> None:
        assert reading.attributes is not None, "nobody is accepted without what the card says"
        person_id = draft.notification.persons[0].person_id
        texts = _texts(person_id, reading)
        notification = prefill.by_card(
            draft.notification, person_id, reading.attributes, self._card_hand(), texts
        )
        notification = put(notification, Place("identity_proof"), proof, proven_by)
        draft = replace(
            draft,
            notification=notification,
            card_texts=texts,
            number=self._sealed_number(notification, person_id, reading.my_number),
        )
        self._session.move(Step.CARD_ACCEPTED, draft)
        self._open_first_stand_in()

    def _open_first_stand_in(self) -> None:
        """The first character that the certificate could not write is drawn at once."""
        draft = self._session.draft
        assert draft is not None, "a card was accepted for a draft"
        todo = substitutes.next_open(draft.notification, draft.card_texts)
        if todo is not None:
            self._counter.capture.open_drawing()
            aimed = replace(draft, target=stand_ins.target_of(todo))
            self._session.move(Step.TO_NAMES, aimed)

    def _sealed_number(
        self, notification: Notification, person_id: str, number: str | None
    ) -> SealedPart | None:
        """The individual number for the number store: this unit cannot open it again."""
        if number is None:
            return None
        keyset = self._counter.office.words.keyset
        if keyset is None:
            raise NoKeysError("The office has sent no keys yet: connect this unit once")
        try:
            numbers = IndividualNumbers(notification.notification_id, {person_id: number})
        except NotificationError:
            log.warning("the card's individual number has no valid check digit; it is left out")
            return None
        content = individual_number.encode(numbers)
        return seal_part(PartName.INDIVIDUAL_NUMBER, content, keyset)

    def _card_hand(self) -> Hand:
        return Hand(RESIDENT, Source.CARD, self._counter.clock.wall_us(), "card_read")


def _texts(person_id: str, reading: CardReading) -> CardTexts | None:
    """Name and address twice, where the signing certificate was read too."""
    signature, attributes = reading.signature, reading.attributes
    if signature is None or attributes is None:
        return None
    marked = signature.substituted
    return CardTexts(
        person_id,
        TwoTexts(signature.name, marked.name, attributes.name),
        TwoTexts(signature.address, marked.address, attributes.address),
    )
