"""One whole reading at the counter: who the card belongs to and that it is here, or why not."""

import datetime as dt
import logging
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from drivers.card_reader.card_reading import DEFAULT_WANT, CardReading, Want
from drivers.card_reader.errors import PinBlockedError, PinNeededError, PinOneLeftError
from drivers.card_reader.interface import CardReader, ReaderStatus
from drivers.card_reader.layout import AUTH_PIN, TEXT_PIN, PinFile
from drivers.card_reader.my_number_card import CardDescription, MyNumberCard
from drivers.card_reader.outcomes import Outcome, OutcomeCode, outcome_of
from drivers.card_reader.pin import Pin
from drivers.errors import DriverError
from intake.certificates.anchors import AnchorSet, Hierarchy, Purpose, accepted_hierarchies
from intake.certificates.certificate import CertificateCheck, CheckResult, check_certificate
from intake.certificates.errors import CardDataError
from intake.certificates.evidence import Authentication, CardEvidence, TextEvidence
from intake.certificates.genuineness import (
    GenuinenessReason,
    GenuinenessResult,
    TextFiles,
    check_genuineness,
)
from intake.certificates.text_record import parse_attributes, parse_number
from intake.office.environment import Environment

_log = logging.getLogger(__name__)


class _EndedError(Exception):
    """Carries an outcome that ends the reading."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


@dataclass(frozen=True)
class _Plan:
    challenge: bytes
    anchors: AnchorSet
    accepted: frozenset[Hierarchy]
    want: frozenset[Want]
    at: dt.datetime
    allow_last_try: bool


@dataclass
class _Progress:
    description: CardDescription | None = None
    tries_left: dict[str, int] = field(default_factory=dict[str, int])
    certificate: CertificateCheck | None = None
    genuineness: GenuinenessResult | None = None
    files: TextFiles | None = None
    text: TextEvidence | None = None
    authentication: Authentication | None = None
    pin: str | None = None


def read_counter_card(
    reader: CardReader,
    *,
    auth_pin: Pin | None,
    text_pin: Pin | None,
    challenge: bytes,
    anchors: AnchorSet,
    environment: Environment,
    want: Collection[Want] = DEFAULT_WANT,
    at: dt.datetime | None = None,
    allow_last_try: bool = False,
) -> CardReading:
    """Read the card on `reader` from beginning to end; blocks, call it in a thread.

    Nothing is sent that can cost a try before everything that can be known without has been
    looked at: kind, tries left of every PIN that will be sent, the certificate. Both Pins are
    wiped at the end. `challenge` is what both keys of the card sign (see
    intake.certificates.evidence.challenge_for). `at` is the time to judge the certificate at
    (default: now). `allow_last_try` is the clerk's explicit override. Never raises for anything
    a card, a reader or a daemon can do: see the outcome.
    """
    progress = _Progress()
    run = _Reading(
        progress,
        _Plan(
            challenge=challenge,
            anchors=anchors,
            accepted=accepted_hierarchies(environment),
            want=frozenset(want),
            at=at or dt.datetime.now(dt.UTC),
            allow_last_try=allow_last_try,
        ),
    )
    try:
        with reader.connect() as connection:
            run.read(MyNumberCard(connection), auth_pin, text_pin)
    except _EndedError as ended:
        return run.reading(ended.outcome)
    except DriverError as error:
        return run.reading(_outcome_after(error, progress, reader))
    except CardDataError:
        return run.reading(Outcome(OutcomeCode.CARD_REFUSED))
    finally:
        for pin in (auth_pin, text_pin):
            if pin is not None:
                pin.wipe()
    return run.reading(Outcome(OutcomeCode.OK))


def _outcome_after(error: DriverError, progress: _Progress, reader: CardReader) -> Outcome:
    outcome = outcome_of(error, pin=progress.pin)
    if outcome.tries is not None and progress.pin is not None:
        progress.tries_left[progress.pin] = outcome.tries
    if isinstance(error, PinBlockedError) and progress.pin is not None:
        progress.tries_left[progress.pin] = 0
    if outcome.code is OutcomeCode.REMOVED and reader.state.status is ReaderStatus.NO_SERVICE:
        return Outcome(OutcomeCode.NO_SERVICE)
    _log.info("card reading ended: %s", outcome.code)
    return outcome


class _Reading:
    """The steps of one reading, in the order that spares the resident's tries."""

    def __init__(self, progress: _Progress, plan: _Plan) -> None:
        self._progress = progress
        self._plan = plan

    def read(self, card: MyNumberCard, auth_pin: Pin | None, text_pin: Pin | None) -> None:
        """Describe, look at everything free, then send each PIN at most once."""
        progress = self._progress
        progress.description = card.describe()
        progress.tries_left = dict(progress.description.tries_left)
        wants_text = bool(self._plan.want & {Want.TEXT, Want.MY_NUMBER})
        certificate: bytes | None = None
        if Want.AUTH in self._plan.want:
            self._look_at_tries(AUTH_PIN, auth_pin)
            certificate = self._free_certificate(card)
        if wants_text:
            self._look_at_tries(TEXT_PIN, text_pin)
            self._read_text(card, _given(text_pin))
        if Want.AUTH in self._plan.want:
            self._authenticate(card, _given(auth_pin), certificate)
        progress.pin = None

    def reading(self, outcome: Outcome) -> CardReading:
        """The result; nothing personal and no evidence unless everything held."""
        progress, description = self._progress, self._progress.description
        checks = (progress.genuineness, progress.certificate)
        reading = CardReading(
            outcome=outcome,
            kind=description.kind if description else None,
            hierarchy=next((check.hierarchy for check in checks if check is not None), None),
            has_signing_certificate=description.has_signing_certificate if description else None,
            tries_left=progress.tries_left,
            certificate=progress.certificate,
            genuineness=progress.genuineness,
        )
        return self._with_content(reading) if outcome.ok else reading

    def _with_content(self, reading: CardReading) -> CardReading:
        files = self._progress.files
        evidence = CardEvidence(
            read_at_us=int(dt.datetime.now(dt.UTC).timestamp() * 1_000_000),
            kind=str(reading.kind),
            challenge=self._plan.challenge,
            authentication=self._progress.authentication,
            text=self._progress.text,
        )
        return replace(
            reading,
            attributes=parse_attributes(files.attributes) if files else None,
            my_number=parse_number(files.number) if files and files.number else None,
            evidence=evidence,
        )

    def _look_at_tries(self, file: PinFile, pin: Pin | None) -> None:
        self._progress.pin = file.name
        if pin is None or file.name not in self._progress.tries_left:
            raise PinNeededError(f"the {file.name} PIN was not given; ask for it")
        if not pin.fits(file.digits):
            raise _EndedError(Outcome(OutcomeCode.PIN_FORMAT, pin=file.name))
        tries = self._progress.tries_left[file.name]
        if tries == 0:
            raise PinBlockedError("the PIN is blocked; the municipal desk can set a new one")
        if tries == 1 and not self._plan.allow_last_try:
            raise PinOneLeftError("one try left; not sent without the clerk's override")

    def _free_certificate(self, card: MyNumberCard) -> bytes | None:
        """The certificate where the card gives it without a PIN, judged before any PIN goes."""
        try:
            certificate = card.authentication_certificate()
        except PinNeededError:
            return None
        self._judge_certificate(certificate)
        return certificate

    def _judge_certificate(self, certificate: bytes) -> None:
        check = check_certificate(
            certificate,
            purpose=Purpose.AUTH,
            at=self._plan.at,
            anchors=self._plan.anchors,
            accepted=self._plan.accepted,
        )
        self._progress.certificate = check
        if check.result in (CheckResult.INVALID, CheckResult.REVOKED):
            raise _EndedError(Outcome(OutcomeCode.CERTIFICATE_INVALID, reason=check.reason))

    def _read_text(self, card: MyNumberCard, pin: Pin) -> None:
        self._progress.pin = TEXT_PIN.name
        card.unlock(TEXT_PIN, pin, allow_last_try=self._plan.allow_last_try)
        files = card.read_text(with_number=Want.MY_NUMBER in self._plan.want)
        signature = card.answer_challenge(self._plan.challenge)
        result = check_genuineness(
            files,
            challenge=self._plan.challenge,
            signature=signature,
            anchors=self._plan.anchors,
            accepted=self._plan.accepted,
        )
        self._progress.genuineness = result
        if result.reason is not GenuinenessReason.GENUINE:
            raise _EndedError(Outcome(OutcomeCode.NOT_GENUINE, reason=result.reason))
        self._progress.files = files
        self._progress.text = TextEvidence(
            files.attributes, files.integrity, files.certificate, files.signed_key, signature
        )

    def _authenticate(self, card: MyNumberCard, pin: Pin, certificate: bytes | None) -> None:
        self._progress.pin = AUTH_PIN.name
        card.unlock(AUTH_PIN, pin, allow_last_try=self._plan.allow_last_try)
        if certificate is None:
            certificate = card.authentication_certificate_after_pin()
            self._judge_certificate(certificate)
        signature = card.sign_challenge(self._plan.challenge, certificate)
        self._progress.authentication = Authentication(certificate, signature)


def _given(pin: Pin | None) -> Pin:
    if pin is None:
        raise PinNeededError("the PIN was not given; ask for it")
    return pin
