"""Every case of a certificate check, by name: what is presented and what the answer must be.

The same table is asked of the function, of the command line and, where it has a word for it, of a
second library.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.card_reader.simulated_card.demo_pki import key_usage, new_key
from intake.certificates.anchors import AnchorSet, Hierarchy, Purpose, make_anchor_set
from intake.certificates.certificate import RevocationEvidence, check_certificate
from intake.certificates.outcome import CertificateCheck, CertificateReason
from intake.office.environment import Environment
from tests.intake.certificates.authority import DAY, NOW, Authority

PRODUCTION: Final = frozenset({Hierarchy.PRODUCTION})


@dataclass(frozen=True)
class Question:
    """What a verifier is asked, in the words of the command's JSON line."""

    leaf: x509.Certificate | bytes
    purpose: Purpose
    anchors: Mapping[Purpose, tuple[bytes, ...]]
    at: dt.datetime = NOW
    accepted: frozenset[Hierarchy] = PRODUCTION
    crl: bytes | None = None
    ocsp: bytes | None = None
    nonce: bytes | None = None

    @property
    def der(self) -> bytes:
        return self.leaf if isinstance(self.leaf, bytes) else self.leaf.public_bytes(Encoding.DER)

    @property
    def anchor_set(self) -> AnchorSet:
        files = [
            (f"{purpose}_{number}.der", der)
            for purpose, ders in self.anchors.items()
            for number, der in enumerate(ders)
        ]
        return make_anchor_set(files, environment=Environment.DEMO)

    def answer(self) -> CertificateCheck:
        return check_certificate(
            self.der,
            purpose=self.purpose,
            at=self.at,
            anchors=self.anchor_set,
            accepted=self.accepted,
            revocation=RevocationEvidence(self.crl, self.ocsp, self.nonce),
        )


@dataclass(frozen=True)
class World:
    """The authorities of the table; keys are made once, they take time."""

    sign: Authority = field(default_factory=lambda: Authority(Purpose.SIGN))
    auth: Authority = field(default_factory=lambda: Authority(Purpose.AUTH))
    newer: Authority = field(default_factory=lambda: Authority(Purpose.SIGN))
    old: Authority = field(
        default_factory=lambda: Authority(Purpose.SIGN, NOW - 4000 * DAY, NOW - DAY)
    )
    forged: Authority = field(default_factory=lambda: Authority(Purpose.SIGN))
    no_crl: Authority = field(
        default_factory=lambda: Authority(Purpose.SIGN, ca_usage=key_usage(key_cert_sign=True))
    )
    silent: Authority = field(default_factory=lambda: Authority(Purpose.SIGN, ca_usage=None))
    stranger: rsa.RSAPrivateKey = field(default_factory=new_key)

    def anchors(self) -> dict[Purpose, tuple[bytes, ...]]:
        """What the operator pinned; `forged` is not among them."""
        return {
            Purpose.SIGN: tuple(
                one.der for one in (self.old, self.sign, self.newer, self.no_crl, self.silent)
            ),
            Purpose.AUTH: (self.auth.der,),
        }

    def signing(
        self,
        leaf: x509.Certificate | bytes | None = None,
        *,
        by: Authority | None = None,
        **more: object,
    ) -> Question:
        """A signing leaf with a clean list of its issuer, unless something else is said."""
        issuer = by or self.sign
        asked = Question(leaf or issuer.leaf(), Purpose.SIGN, self.anchors(), crl=issuer.crl())
        return replace(asked, **more)

    def authentication(self, leaf: x509.Certificate | None = None, **more: object) -> Question:
        """The same for an authentication leaf."""
        asked = Question(
            leaf or self.auth.leaf(), Purpose.AUTH, self.anchors(), crl=self.auth.crl()
        )
        return replace(asked, **more)


@dataclass(frozen=True)
class Case:
    """One row: the answer's reason (and so its result) and how the question is made."""

    name: str
    reason: CertificateReason
    ask: Callable[[World], Question]

    def __str__(self) -> str:
        return self.name
