"""One interface over lists and responder: everything the hub can learn about one certificate."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography import x509

from hub.errors import RevocationSourceError
from hub.revocation.lists import ListStore
from hub.revocation.responder import Responder
from hub.settings import Revocation
from intake.certificates.anchors import AnchorSet, Hierarchy, Purpose
from intake.certificates.certificate import (
    RevocationEvidence,
    check_certificate,
    load_certificate,
)
from intake.certificates.outcome import CertificateCheck, CertificateReason, CheckResult

ANSWERS_KEPT = 10_000


@dataclass(frozen=True)
class Subject:
    """A certificate to ask about, and what it is judged by."""

    der: bytes
    purpose: Purpose
    valid_at: dt.datetime
    anchors: AnchorSet
    accepted: frozenset[Hierarchy]

    def check(
        self, evidence: RevocationEvidence | None = None, now: dt.datetime | None = None
    ) -> CertificateCheck:
        """The pure check, with evidence that must be fresh at `now`."""
        return check_certificate(
            self.der,
            purpose=self.purpose,
            at=self.valid_at,
            anchors=self.anchors,
            accepted=self.accepted,
            revocation=evidence,
            revocation_at=now,
        )


class Gateway:
    """Asks the lists and then the responder; keeps answers until newer ones are due."""

    def __init__(self, lists: ListStore, responder: Responder | None) -> None:
        self.lists = lists
        self._responder = responder
        self._answers: dict[tuple[str, int], CertificateCheck] = {}

    @classmethod
    def open(cls, settings: Revocation, kept: Path) -> Self:
        """The gateway of the settings; `kept` is where fetched lists lie."""
        timeout_s = settings.timeout_seconds
        lists = ListStore(settings.lists, settings.list_urls, kept, timeout_s)
        responder = Responder(settings.responder, timeout_s) if settings.responder else None
        return cls(lists, responder)

    @property
    def configured(self) -> bool:
        """Whether there is anybody to ask."""
        return self.lists.configured or self._responder is not None

    def ask(self, subject: Subject, now: dt.datetime) -> CertificateCheck:
        """The best answer there is at `now`; blocks at most for the responder's time limits.

        A certificate that does not hold is not asked about. A list that says revoked is believed at
        once. Else the responder's answer counts; when it cannot be reached, a fresh list does.
        """
        plain = subject.check()
        certificate = load_certificate(subject.der)
        if plain.result is CheckResult.INVALID or certificate is None:
            return plain
        key = (str(plain.anchor_sha256), certificate.serial_number)
        held = self._answers.get(key)
        if held is not None and held.holds_until is not None and now < held.holds_until:
            return held
        found = self._learn(subject, certificate, plain, now)
        if found.holds_until is not None and found.result is not CheckResult.UNKNOWN:
            while len(self._answers) >= ANSWERS_KEPT:
                self._answers.pop(next(iter(self._answers)))
            self._answers[key] = found
        return found

    def _learn(
        self,
        subject: Subject,
        certificate: x509.Certificate,
        plain: CertificateCheck,
        now: dt.datetime,
    ) -> CertificateCheck:
        by_list = self._ask_lists(subject, certificate, plain, now)
        if by_list.result is CheckResult.REVOKED or self._responder is None:
            return by_list
        issuer = next(
            one.certificate for one in subject.anchors.anchors if one.sha256 == plain.anchor_sha256
        )
        try:
            evidence = self._responder.ask(certificate, issuer)
        except RevocationSourceError:
            return by_list
        return subject.check(evidence, now)

    def _ask_lists(
        self,
        subject: Subject,
        certificate: x509.Certificate,
        plain: CertificateCheck,
        now: dt.datetime,
    ) -> CertificateCheck:
        """The first usable list's answer, newest first; else why the newest was not usable."""
        best = plain
        for one in self.lists.about(certificate):
            found = subject.check(RevocationEvidence(crl=one), now)
            if found.result is not CheckResult.UNKNOWN:
                return found
            if best.reason is CertificateReason.REVOCATION_NOT_ASKED:
                best = found
        return best
