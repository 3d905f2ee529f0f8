"""A reading of a card, completed by what the office last said about revocation.

Without a fresh digest it stays as it is: the unit calls it provisional and goes on, since the hub
asks again before anything is accepted.
"""

from collections.abc import Callable
from dataclasses import replace

from drivers.card_reader.card_reading import CardReading
from drivers.card_reader.outcomes import Outcome, OutcomeCode
from edge.unit_clock import UnitClock
from intake.certificates.certificate import CertificateCheck, load_certificate
from intake.certificates.outcome import CheckResult
from intake.office.revocation import RevocationDigest


class CardJudgement:
    """Judges readings by the digest that the unit holds at that moment."""

    def __init__(self, held: Callable[[], RevocationDigest | None], clock: UnitClock) -> None:
        self._held = held
        self._clock = clock

    def __call__(self, reading: CardReading) -> CardReading:
        """The reading with its checks completed; refused when its authentication is revoked.

        A signing certificate that is listed is left to the hub: after a move it always is, and
        only the hub knows the reason.
        """
        evidence = reading.evidence
        if evidence is not None and evidence.authentication is not None and reading.certificate:
            check = self._completed(reading.certificate, evidence.authentication.certificate)
            if check.result is CheckResult.REVOKED:
                return _refused(reading, check)
            reading = replace(reading, certificate=check)
        if reading.signature is not None:
            signature = reading.signature
            check = self._completed(signature.check, signature.certificate)
            if check.result is not CheckResult.REVOKED:
                reading = replace(reading, signature=replace(signature, check=check))
        return reading

    def _completed(self, check: CertificateCheck, der: bytes) -> CertificateCheck:
        digest, certificate = self._held(), load_certificate(der)
        if digest is None or certificate is None:
            return check
        return digest.judge(check, certificate.serial_number, self._clock.trusted_us())


def _refused(reading: CardReading, check: CertificateCheck) -> CardReading:
    """Nothing of the reading is kept but how it ended."""
    return CardReading(
        Outcome(OutcomeCode.CERTIFICATE_REVOKED, reason=check.reason),
        kind=reading.kind,
        hierarchy=reading.hierarchy,
        has_signing_certificate=reading.has_signing_certificate,
        tries_left=reading.tries_left,
        certificate=check,
    )
