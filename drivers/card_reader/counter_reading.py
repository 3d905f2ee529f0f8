"""One whole reading at the counter: who the card belongs to and that it is here, or why not."""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import replace

from drivers.card_reader.card_reading import CardReading, CounterWish, FaceImages, Want
from drivers.card_reader.errors import PinBlockedError
from drivers.card_reader.interface import CardReader, ReaderStatus
from drivers.card_reader.limited_connection import LimitedConnection
from drivers.card_reader.my_number_card import MyNumberCard
from drivers.card_reader.outcomes import Outcome, OutcomeCode, outcome_of
from drivers.card_reader.profile import CardProfile
from drivers.card_reader.reading_steps import Progress, ReadingSteps
from drivers.card_reader.verdicts import ReadingEndedError, Trust
from drivers.errors import DriverError
from intake.certificates.anchors import AnchorSet, Hierarchy, accepted_hierarchies
from intake.certificates.errors import CardDataError
from intake.certificates.evidence import CardEvidence
from intake.certificates.text_record import parse_number
from intake.office.environment import Environment

_log = logging.getLogger(__name__)


def read_counter_card(
    reader: CardReader,
    wish: CounterWish,
    *,
    anchors: AnchorSet,
    environment: Environment,
    at: dt.datetime | None = None,
    profiles: Sequence[CardProfile] | None = None,
) -> CardReading:
    """Read the card on `reader` from beginning to end; blocks, call it in a thread.

    Nothing is sent that can cost a try before everything that can be known without has been
    looked at: kind, parts present, tries left of every secret that will be sent, the free
    certificate. Every secret of the wish is wiped at the end. An empty wish only describes the
    card. `at` is the time to judge certificates at (default: now); `profiles` are the kinds of
    card looked for (default: those of the house). Never raises for anything a card, a reader or
    a daemon can do: see the outcome. Raises ValueError for a wish to sign without a document.
    """
    if Want.SIGN in wish.want and wish.document is None:
        raise ValueError("a wish to sign names the document")
    trust = Trust(anchors, accepted_hierarchies(environment), at or dt.datetime.now(dt.UTC))
    progress = Progress()
    try:
        with LimitedConnection(reader.connect()) as connection:
            ReadingSteps(MyNumberCard(connection, profiles), wish, trust, progress).read()
    except ReadingEndedError as ended:
        return _reading(ended.outcome, progress)
    except DriverError as error:
        return _reading(_outcome_after(error, progress, reader), progress)
    except CardDataError:
        return _reading(Outcome(OutcomeCode.CARD_REFUSED), progress)
    finally:
        for secret in (wish.auth_pin, wish.text_pin, wish.sign_password, wish.b_code):
            if secret is not None:
                secret.wipe()
    return _with_content(_reading(Outcome(OutcomeCode.OK), progress), progress, wish)


def _outcome_after(error: DriverError, progress: Progress, reader: CardReader) -> Outcome:
    outcome = outcome_of(error, pin=progress.secret)
    if outcome.tries is not None and progress.secret is not None:
        progress.tries_left[progress.secret] = outcome.tries
    if isinstance(error, PinBlockedError) and progress.secret is not None:
        progress.tries_left[progress.secret] = 0
    if outcome.code is OutcomeCode.REMOVED and reader.state.status is ReaderStatus.NO_SERVICE:
        outcome = Outcome(OutcomeCode.NO_SERVICE)
    _log.info("card reading ended: %s", outcome.code)
    return outcome


def _reading(outcome: Outcome, progress: Progress) -> CardReading:
    """How it ended; nothing personal and no evidence."""
    description = progress.description
    return CardReading(
        outcome=outcome,
        kind=description.kind if description else None,
        hierarchy=_hierarchy(progress),
        has_signing_certificate=description.has_signing_certificate if description else None,
        tries_left=progress.tries_left,
        certificate=progress.certificate,
        genuineness=progress.genuineness,
    )


def _hierarchy(progress: Progress) -> Hierarchy | None:
    checks = (
        progress.genuineness,
        progress.face_genuineness,
        progress.certificate,
        progress.sign_check,
    )
    return next((check.hierarchy for check in checks if check and check.hierarchy), None)


def _with_content(reading: CardReading, progress: Progress, wish: CounterWish) -> CardReading:
    files, face = progress.files, progress.face
    evidence = CardEvidence(
        read_at_us=int(dt.datetime.now(dt.UTC).timestamp() * 1_000_000),
        kind=str(reading.kind),
        challenge=wish.challenge,
        authentication=progress.authentication,
        text=progress.text,
    )
    return replace(
        reading,
        attributes=progress.attributes,
        my_number=parse_number(files.number) if files and files.number else None,
        evidence=evidence,
        signature=progress.signature,
        face=FaceImages(face.photo, face.name, face.address) if face else None,
    )
