"""A second library about the same cases: what we accept it accepts, what it accepts we explain.

It gets one leaf, the anchors of the purpose, the evidence of the case and a time limit: fed with
foreign certificates in any number it may not come back.
"""

import asyncio
import contextlib
import datetime as dt
import warnings
from collections.abc import Mapping
from typing import Final

import pytest
from asn1crypto import x509 as asn1
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from intake.certificates.anchors import Purpose
from intake.certificates.outcome import CertificateReason as Reason
from intake.certificates.outcome import CheckResult
from tests.intake.certificates.cases import Case, Question, World
from tests.intake.certificates.chain_cases import CHAIN_CASES
from tests.intake.certificates.revocation_cases import REVOCATION_CASES

pytestmark = pytest.mark.system  # a loop and another library for each case: seconds
CASES: Final = (*CHAIN_CASES, *REVOCATION_CASES)
LIMIT_S: Final = 10.0
REFUSALS: Final = (PathError, ValidationError, ValueError, TypeError)
USAGES: Final = {
    Purpose.SIGN: {"digital_signature", "non_repudiation"},
    Purpose.AUTH: {"digital_signature"},
}
STRICTER: Final[Mapping[Reason, str]] = {
    Reason.UNKNOWN_POLICY: "it does not know which policies are JPKI's",
    Reason.WRONG_PURPOSE: "it does not know what a policy is for",
    Reason.TEST_CERTIFICATE: "hierarchies are ours",
    Reason.PRODUCTION_CERTIFICATE: "hierarchies are ours",
    Reason.KEY_USAGE: "it takes usages that are too wide, or not critical",
    Reason.EXTENDED_KEY_USAGE: "it asks for none",
    Reason.CA_CERTIFICATE: "an authority may also be a leaf for it",
    Reason.ALGORITHM: "the profile is narrower than what is safe",
    Reason.ATTRIBUTE_DOUBLED: "attributes are ours",
    Reason.ATTRIBUTE_FLAGS: "attributes are ours",
    Reason.ATTRIBUTE_SYNTAX: "attributes are ours",
    Reason.OCSP_NONCE: "it is not told which nonce was asked with",
    Reason.OCSP_UNKNOWN_CRITICAL_EXTENSION: "it passes over extensions of a response",
    Reason.ISSUER_EXPIRED: "it does not judge the period of an anchor",
}
"""Reasons for which we refuse what it may accept, and why that is no mistake of ours."""


STRICTER_CASES: Final = {
    "with an unknown critical extension in an entry": "it reads the entry asked about only",
    "about several issuers": "it takes indirect lists",
    "a responder whose key may not sign": "it asks for the extended usage only",
    "list revoked, response good": "it asks the list only when there is no response",
}
WIDER_CASES: Final = {
    "recent without saying until when": "it wants to be told until when; we take it for a day",
}


@pytest.fixture(scope="module")
def world() -> World:
    return World()


async def _accepts(question: Question, anchor: bytes) -> None:
    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(anchor)],
        moment=question.at,
        allow_fetching=False,
        crls=[] if question.crl is None else [question.crl],
        ocsps=[] if question.ocsp is None else [question.ocsp],
        revocation_mode="require",
        time_tolerance=dt.timedelta(0),
    )
    leaf = asn1.Certificate.load(question.der)
    validator = CertificateValidator(leaf, validation_context=context)
    await asyncio.wait_for(validator.async_validate_usage(USAGES[question.purpose]), LIMIT_S)


def accepts(question: Question) -> bool:
    """The second opinion under one anchor at a time: of several it takes the first of the name.

    Bytes that it cannot even read it does not accept.
    """
    for anchor in question.anchors.get(question.purpose, ()):
        with warnings.catch_warnings(), contextlib.suppress(*REFUSALS):
            warnings.simplefilter("ignore")
            asyncio.run(_accepts(question, anchor))
            return True
    return False


@pytest.mark.parametrize("case", CASES, ids=str)
def test_both_agree_or_we_are_stricter_for_a_reason(case: Case, world: World):
    question = case.ask(world)
    ours = question.answer()
    theirs = accepts(question)
    if ours.result is CheckResult.VALID:
        assert theirs is (case.name not in WIDER_CASES)
    elif case.name in STRICTER_CASES:
        assert theirs
    elif ours.reason not in STRICTER:
        assert not theirs
