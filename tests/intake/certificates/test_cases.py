"""Every case of the tables has its answer, from the function and from the command line."""

import base64
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from hub.command_line import main
from intake.certificates.outcome import CertificateReason, CheckResult
from tests.intake.certificates.cases import Case, Question, World
from tests.intake.certificates.chain_cases import CHAIN_CASES
from tests.intake.certificates.revocation_cases import REVOCATION_CASES

CASES = (*CHAIN_CASES, *REVOCATION_CASES)


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.mark.parametrize("case", CHAIN_CASES, ids=str)
def test_the_certificate_and_its_issuer(case: Case, world: World):
    found = case.ask(world).answer()
    assert (found.reason, found.result) == (case.reason, case.reason.result)
    assert (found.anchor_sha256 is not None) is (found.result is CheckResult.VALID)


@pytest.mark.parametrize("case", REVOCATION_CASES, ids=str)
def test_what_is_known_about_revocation(case: Case, world: World):
    found = case.ask(world).answer()
    assert (found.reason, found.result) == (case.reason, case.reason.result)
    assert (found.revoked_at is not None) is (found.result is CheckResult.REVOKED)


def test_every_reason_has_a_case():
    elsewhere = {
        CertificateReason.BAD_REQUEST,  # the command line's
        CertificateReason.HIERARCHY_OF_ISSUER,  # needs a folder's file names
    }
    revoked = {reason for reason in CertificateReason if reason.result is CheckResult.REVOKED}
    assert (
        set(CertificateReason) - revoked
        == {case.reason for case in CASES if case.reason not in revoked} | elsewhere
    )


def line_of(question: Question) -> dict[str, Any]:
    def text(data: bytes | None) -> str | None:
        return None if data is None else base64.b64encode(data).decode()

    (hierarchy,) = question.accepted
    return {
        "purpose": question.purpose.value,
        "at": question.at.isoformat(),
        "arc": {"production": "prod", "test": "test"}[hierarchy.value],
        "leaf": text(question.der),
        "anchors": {
            purpose.value: [text(der) for der in ders] for purpose, ders in question.anchors.items()
        },
        "crl": text(question.crl),
        "ocsp": text(question.ocsp),
        "nonce": None if question.nonce is None else question.nonce.hex(),
    }


def answers(
    lines: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, str]]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    assert main(["certificate", "check", "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_command_answers_every_case_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    lines = "\n".join(json.dumps(line_of(case.ask(world))) for case in CASES)
    expected = [{"result": case.reason.result.value, "reason": case.reason.value} for case in CASES]
    assert answers(lines.encode(), monkeypatch, capsys) == expected


def test_a_line_that_cannot_be_understood_is_answered_and_the_next_too(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    good = line_of(world.signing())
    bent: list[Any] = [
        good | {"purpose": "cv"},
        good | {"purpose": None},
        good | {"at": "yesterday"},
        good | {"at": 5},
        good | {"arc": "both"},
        good | {"leaf": "*"},
        good | {"anchors": []},
        good | {"anchors": {"sign": ["AAAA"]}},
        good | {"nonce": "xyz"},
        {},
        [],
        None,
    ]
    lines = [json.dumps(line).encode() for line in bent]
    lines += [b"", b"{", b"\xff\xfe", b"[" * 100_000]
    found = answers(b"\n".join([*lines, json.dumps(good).encode()]), monkeypatch, capsys)
    assert found[:-1] == [{"result": "invalid", "reason": "bad_request"}] * len(lines)
    assert found[-1] == {"result": "valid", "reason": "not_revoked"}


def test_evidence_that_is_no_base64_says_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    lines = [line_of(world.signing(crl=None)) | {name: "*"} for name in ("crl", "ocsp")]
    lines.append(line_of(world.signing()) | {"at": "2026-11-23T09:00:00", "ocsp": 5})
    text = "\n".join(json.dumps(line) for line in lines).encode()
    assert [one["reason"] for one in answers(text, monkeypatch, capsys)] == [
        "crl_malformed",
        "ocsp_malformed",
        "ocsp_malformed",
    ]


@pytest.mark.parametrize("reason", CertificateReason)
def test_every_reason_has_its_row_in_the_documents(reason: CertificateReason):
    page = (Path(__file__).parents[3] / "docs" / "certificates.md").read_text(encoding="utf-8")
    assert f"| `{reason.value}` | {reason.result.value} |" in page
