"""The NIST path suite is answered as its names say, for the right reasons."""

import pytest

from intake.certificates.paths.policies import PolicyRules
from tests.intake.certificates.paths.conformance import (
    NOT_APPLICABLE,
    POLICIES,
    Exercise,
    exercises,
)

ALL = exercises()
RUN = tuple(one for one in ALL if one.name not in NOT_APPLICABLE)


def test_every_one_is_run_or_has_a_written_reason():
    assert len(ALL) == 203
    assert set(NOT_APPLICABLE) <= {one.name for one in ALL}
    assert len(RUN) == 199
    assert sum(not one.valid for one in RUN) == 114


@pytest.mark.parametrize("exercise", [one for one in RUN if one.valid], ids=str)
def test_what_must_be_accepted_is(exercise: Exercise):
    assert exercise.run() == "accepted"


@pytest.mark.parametrize("exercise", [one for one in RUN if not one.valid], ids=str)
def test_it_is_refused_for_what_is_wrong_with_it(exercise: Exercise):
    assert "accepted" not in exercise.refusals
    assert exercise.run() in exercise.refusals


@pytest.mark.parametrize("name", NOT_APPLICABLE)
def test_what_is_not_applicable_is_refused_and_not_taken_on_trust(name: str):
    assert Exercise(name).run() != "accepted"


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("ValidCertificatePathTest1", "+++--"),
        ("AllCertificatesNoPoliciesTest2", "+----"),
        ("DifferentPoliciesTest3", "+----"),
        ("DifferentPoliciesTest4", "-----"),
        ("OverlappingPoliciesTest6", "+++--"),
        ("DifferentPoliciesTest9", "-----"),
        ("AllCertificatesSamePoliciesTest10", "++++-"),
        ("AllCertificatesanyPolicyTest11", "+++++"),
        ("AllCertificatesSamePoliciesTest13", "+++++"),
        ("AnyPolicyTest14", "+++--"),
        ("UserNoticeQualifierTest18", "++++-"),
        ("ValidPolicyMappingTest3", "++-+-"),
        ("ValidPolicyMappingTest12", "++++-"),
        ("inhibitAnyPolicyTest3", "+++--"),
    ],
)
def test_the_policies_that_a_verifier_takes_decide(name: str, answers: str):
    """Without demands; some policy; then each of the suite's first three."""
    rules = [PolicyRules(), PolicyRules(explicit=True)]
    rules += [PolicyRules(frozenset({policy}), explicit=True) for policy in POLICIES]
    found = [Exercise(name).run(rule) == "accepted" for rule in rules]
    assert "".join("+" if one else "-" for one in found) == answers
