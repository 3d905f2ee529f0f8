"""What is kept of a reading of the card, and what of it travels to the hub."""

from dataclasses import replace

from drivers.card_reader.card_reading import CardReading
from drivers.card_reader.outcomes import Outcome, OutcomeCode
from edge.session.card_use import CardUse
from edge.session.draft import Draft
from intake.certificates import evidence as evidences
from intake.certificates.certificate import CheckResult
from intake.certificates.document_signature import DocumentSignature


def use_of(reading: CardReading, insertion: int) -> CardUse:
    """What the draft keeps of a reading of the card that was the reader's `insertion`th."""
    outcome = reading.outcome
    return CardUse(
        outcome=outcome.code,
        evidence=_evidence(reading),
        tries_left=outcome.tries,
        pin=outcome.pin,
        reason=outcome.reason,
        provisional=_provisional(reading),
        insertion=insertion,
    )


def _evidence(reading: CardReading) -> bytes | None:
    """What the hub checks again; of a signature over the notification that signature alone."""
    found, signature = reading.evidence, reading.signature
    if found is None:
        return None
    if signature is not None and found.text is None and found.authentication is None:
        found = replace(
            found, signature=DocumentSignature(signature.certificate, signature.signature)
        )
    return evidences.encode(found)


def _provisional(reading: CardReading) -> bool:
    checks = (reading.certificate, reading.signature.check if reading.signature else None)
    return any(check is not None and check.result is CheckResult.UNKNOWN for check in checks)


def outcome_of(use: CardUse) -> Outcome:
    """The outcome again, for its sentences."""
    return Outcome(OutcomeCode(use.outcome), reason=use.reason, pin=use.pin, tries=use.tries_left)


def evidence_of(draft: Draft) -> bytes | None:
    """The part card_evidence: the reading that identified, with the signature over this content."""
    read = None if draft.card is None else draft.card.evidence
    signed = None if draft.card_signature is None else draft.card_signature.evidence
    if read is None or signed is None:
        return read or signed
    signature = evidences.decode(signed).signature
    return evidences.encode(replace(evidences.decode(read), signature=signature))
