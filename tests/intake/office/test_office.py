"""Roster, decisions and the environment of a certificate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from intake import canonical
from intake.errors import DecodeError, EncodeError, UnknownVersionError, WrongEnvironmentError
from intake.office import decision as decisions
from intake.office import environment, roster
from intake.office.decision import Decision, Outcome
from intake.office.environment import Environment, environment_of
from intake.office.roster import Role, Roster, StaffMember, check_pin, make_pin_verifier
from tests.intake.event.samples import NOTIFICATION, NOW, OFFICE, UNIT, FixedRandom

if TYPE_CHECKING:
    from collections.abc import Callable

Wire = dict[str, Any]
VERIFIER = make_pin_verifier("482913", random=FixedRandom("pin"))
ROSTER = Roster(
    OFFICE,
    3,
    NOW,
    (
        StaffMember("sato.m", "佐藤 みどり", frozenset({Role.CLERK}), VERIFIER),
        StaffMember("ito.k", "伊藤 健", frozenset({Role.REVIEWER, Role.CLERK}), VERIFIER),
    ),
)


def test_a_pin_fits_its_verifier_only() -> None:
    assert check_pin(VERIFIER, "482913")
    assert not check_pin(VERIFIER, "482914")
    assert not check_pin(VERIFIER, "")
    assert "482913" not in VERIFIER


def test_one_pin_never_gives_the_same_verifier() -> None:
    assert make_pin_verifier("482913") != make_pin_verifier("482913")


@pytest.mark.parametrize("pin", ["", "12345", "1234567890123", "abcdef", "４８２９１３", "12345 "])
def test_a_pin_is_six_to_twelve_digits(pin: str) -> None:
    with pytest.raises(EncodeError):
        make_pin_verifier(pin)


@pytest.mark.parametrize(
    "verifier",
    ["", "plain", VERIFIER[:-1], VERIFIER.replace("32768", "99999999"), VERIFIER + "x"],
)
def test_a_verifier_cannot_ask_for_other_work(verifier: str) -> None:
    with pytest.raises(DecodeError):
        check_pin(verifier, "482913")


def test_a_roster_is_read_back() -> None:
    assert roster.decode(roster.encode(ROSTER)) == ROSTER
    assert ROSTER.member("ito.k") == ROSTER.staff[1]
    assert ROSTER.member("nobody") is None


def member(wire: Wire) -> Wire:
    return cast("list[Wire]", wire["staff"])[1]


CHANGES: list[Callable[[Wire], object]] = [
    lambda w: w.update(more=1),
    lambda w: w.update(version=0),
    lambda w: w.update(v=2),
    lambda w: w["staff"].append(member(w)),
    lambda w: member(w).update(more=1),
    lambda w: member(w).update(roles=["reviewer", "clerk"]),
    lambda w: member(w).update(roles=["clerk", "clerk"]),
    lambda w: member(w).update(roles=["mayor"]),
    lambda w: member(w).update(roles="clerk"),
    lambda w: member(w).update(pin_verifier="plain"),
    lambda w: member(w).update(staff_id="A B"),
    lambda w: member(w).update(name=""),
]


@pytest.mark.parametrize("change", CHANGES)
def test_another_form_of_roster_is_refused(change: Callable[[Wire], object]) -> None:
    wire = cast("Wire", canonical.decode(roster.encode(ROSTER), limit=9999))
    change(wire)
    with pytest.raises(DecodeError):
        roster.decode(canonical.encode(wire))


ACCEPTED = Decision(
    NOTIFICATION, "012-261123-0042-78", 1, bytes(32), Outcome.ACCEPTED, decided_us=NOW
)
RETURNED = replace(
    ACCEPTED,
    outcome=Outcome.RETURNED,
    reason="世帯主との続柄を確認してください",
    owner="sato.m",
    due_on=date(2026, 12, 7),
    notification=b"as filed",
)


def test_decisions_are_read_back() -> None:
    for decision in (ACCEPTED, RETURNED):
        assert decisions.decode(decisions.encode(decision)) == decision
    both = (ACCEPTED, RETURNED)
    assert decisions.decode_list(decisions.encode_list(both)) == both


@pytest.mark.parametrize(
    "wrong",
    [
        replace(ACCEPTED, reason="why"),
        replace(RETURNED, owner=None),
        replace(RETURNED, due_on=None),
        replace(RETURNED, notification=None),
        replace(ACCEPTED, revision=0),
        replace(ACCEPTED, reception_number="012-261123-0042-77"),
        replace(ACCEPTED, identity=b""),
    ],
)
def test_a_decision_that_breaks_a_rule_is_refused(wrong: Decision) -> None:
    with pytest.raises(DecodeError):
        decisions.encode(wrong)


def test_other_forms_of_decision_are_refused() -> None:
    wire = cast("Wire", canonical.decode(decisions.encode(RETURNED), limit=9999))
    for change in ({"more": 1}, {"due_on": "2026-02-30"}, {"due_on": "20261207"}, {"outcome": "x"}):
        with pytest.raises(DecodeError):
            decisions.decode(canonical.encode({**wire, **change}))
    with pytest.raises(UnknownVersionError):
        decisions.decode(canonical.encode({**wire, "v": 2}))
    for value in ({}, ["text"], [b""] * 201):
        with pytest.raises(DecodeError):
            decisions.decode_list(canonical.encode(value))


def certificate(*extensions: x509.ExtensionType) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "counter-01")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(UNIT.public.key)
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(UNIT.key, hashes.SHA256())


@pytest.mark.parametrize("stated", list(Environment))
def test_a_certificate_states_its_environment(stated: Environment) -> None:
    assert environment_of(certificate(environment.extension(stated))) is stated


def test_a_certificate_without_a_known_environment_is_refused() -> None:
    with pytest.raises(WrongEnvironmentError):
        environment_of(certificate())
    other = x509.UnrecognizedExtension(environment.OID, b"\x0c\x04test")
    with pytest.raises(DecodeError):
        environment_of(certificate(other))
