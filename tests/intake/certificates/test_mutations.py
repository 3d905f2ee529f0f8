"""No bent certificate, list or response is accepted, crashes the check or holds it up."""

from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.x509 import ocsp

from intake.certificates.outcome import CheckResult
from tests.intake.certificates.cases import World
from tests.intake.certificates.mutations import KINDS, Tally, questions, run


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def holds(tally: Tally, asked: int) -> None:
    assert tally.asked > asked * 0.95
    assert tally.accepted == []
    assert tally.slow == []
    assert set(tally.results) == {"invalid", "unknown"}


def test_some_of_each_kind(world: World):
    holds(run(world, 500, seed=1), len(KINDS) * 500)


@pytest.mark.system
@pytest.mark.parametrize("kind", KINDS)
def test_no_bit_outside_of_what_is_signed_can_be_another(world: World, kind: str):
    """Headers, the algorithm named outside, the count of unused bits: one form each."""
    question = questions(world)[kind]
    whole = question.der if kind == "leaf" else getattr(question, kind)
    covered = signed_part(kind, whole)
    begin = whole.index(covered)
    places = [*range(begin), *range(begin + len(covered), len(whole))]
    accepted: list[tuple[int, int]] = []
    for place in places:
        for value in {whole[place] ^ 1 << bit for bit in range(8)} | {0x00, 0x80, 0xFF}:
            bent = bytearray(whole)
            bent[place] = value
            asked = replace(question, **{kind: bytes(bent)})
            if bytes(bent) != whole and asked.answer().result is CheckResult.VALID:
                accepted.append((place, value))
    assert accepted == []


def signed_part(kind: str, der: bytes) -> bytes:
    if kind == "leaf":
        return x509.load_der_x509_certificate(der).tbs_certificate_bytes
    if kind == "crl":
        return x509.load_der_x509_crl(der).tbs_certlist_bytes
    return ocsp.load_der_ocsp_response(der).tbs_response_bytes


@pytest.mark.system
def test_forty_five_thousand(world: World):
    holds(run(world, 15_000, seed=2), len(KINDS) * 15_000)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_million(world: World):
    for seed in range(3, 13):
        holds(run(world, 33_000, seed=seed), len(KINDS) * 33_000)
