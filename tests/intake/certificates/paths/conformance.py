"""The NIST path suite: 203 certificates whose names say what a verifier must answer.

Each is run against the whole pool of the suite, or is not applicable for a written reason.
"""

import datetime as dt
import re
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import cryptography_vectors
from cryptography import x509

from intake.certificates.certificate import load_certificate
from intake.certificates.paths.policies import PolicyRules
from intake.certificates.paths.pool import Pool
from intake.certificates.paths.search import PathReason, PathRules, check_path
from intake.certificates.revocation_list import RevocationList, open_list

FOLDER: Final = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
AT: Final = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
DSA: Final = "DSA: no card, list or responder signs with it, and the library is giving it up"
NOT_APPLICABLE: Final = {
    "ValidDSASignaturesTest4": DSA,
    "ValidDSAParameterInheritanceTest5": DSA,
    "InvalidDSASignatureTest6": DSA,
    "ValidcRLIssuerTest30": (
        "the only list about its indirect issuer is signed by that issuer itself: whoever holds "
        "that key could clear it, so it stays unknown here"
    ),
}
POLICIES: Final = tuple(f"2.16.840.1.101.3.2.1.48.{number}" for number in range(1, 4))
REASONS: Final = {
    PathReason.NO_PATH: "CASignature EESignature NameChaining",
    PathReason.OUT_OF_TIME: "notAfterDate notBeforeDate",
    PathReason.CRITICAL_EXTENSION: "UnknownCriticalCertificateExtension",
    PathReason.NOT_AN_AUTHORITY: "basicConstraints cAFalse keyCertSignFalse",
    PathReason.PATH_LENGTH: "pathLenConstraint",
    PathReason.NAME_CONSTRAINTS: "nameConstraints",
    PathReason.POLICY: "Policy",
}
"""Why the invalid ones are refused, by a part of their name; all others by their revocation."""


@dataclass(frozen=True)
class Exercise:
    """One certificate of the suite."""

    name: str

    def __str__(self) -> str:
        return self.name

    @property
    def valid(self) -> bool:
        return self.name.startswith("Valid")

    @property
    def refusals(self) -> frozenset[str]:
        """The reasons that count as having seen what is wrong."""
        for reason, words in REASONS.items():
            if any(word in self.name for word in words.split()):
                return frozenset({reason.value})
        lists = {PathReason.REVOKED.value, PathReason.REVOCATION_UNKNOWN.value}
        if "BasicSelfIssuedCRLSigningKeyTest8" in self.name:
            lists = {PathReason.NOT_AN_AUTHORITY.value}
        return frozenset(lists | ({"unreadable"} if "NegativeSerial" in self.name else set()))

    def run(self, policies: PolicyRules | None = None) -> str:
        """The answer about it; `unreadable` when it cannot even be parsed as we demand."""
        return _answer(self.name, policies or PolicyRules())


@cache
def _answer(name: str, policies: PolicyRules) -> str:
    leaf = _certificates().get(f"{name}EE")
    if leaf is None:
        return "unreadable"
    anchor = _certificates()["TrustAnchorRootCertificate"]
    return check_path(leaf, [anchor], pool(), PathRules(AT, policies)).value


def pool() -> Pool:
    """Everything in the suite, right and wrong; a fresh bound on the work."""
    return Pool(_certificates().values(), _lists())


def exercises() -> tuple[Exercise, ...]:
    names = (path.name for path in sorted((FOLDER / "certs").glob("*.crt")))
    return tuple(
        Exercise(name.removesuffix("EE.crt"))
        for name in names
        if re.fullmatch(r"(Valid|Invalid)\w+Test\d+EE\.crt", name)
    )


@cache
def _certificates() -> dict[str, x509.Certificate]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of the negative serial number
        found = {
            path.stem: load_certificate(path.read_bytes())
            for path in sorted((FOLDER / "certs").glob("*.crt"))
        }
    return {name: one for name, one in found.items() if one is not None}


@cache
def _lists() -> tuple[RevocationList, ...]:
    found = (open_list(path.read_bytes()) for path in sorted((FOLDER / "crls").glob("*.crl")))
    return tuple(one for one in found if one is not None)
