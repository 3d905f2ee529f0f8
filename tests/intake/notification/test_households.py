"""Whatever household moves, the rules about its head hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from intake.notification import Field, Notification, Person, Procedure, Source
from intake.notification.fields import RELATIONSHIPS
from intake.notification.needs import Needs, RegisteredPerson, RegisterView
from intake.notification.rules import State, check
from tests.intake.notification.samples import HERE, MOVE_WITHIN, OFFICE, name_of

ROLES = st.sampled_from(sorted(RELATIONSHIPS)) | st.just("head")
HOUSEHOLDS = st.lists(ROLES, min_size=1, max_size=6)


def persons(roles: list[str]) -> tuple[Person, ...]:
    return tuple(
        Person(f"p{n}", {"relationship": Field(role, Source.PEN)}) for n, role in enumerate(roles)
    )


def registered(roles: list[str]) -> tuple[RegisteredPerson, ...]:
    return tuple(
        RegisteredPerson(
            resident_id=f"r{n}",
            name=name_of("一"),
            birth_date=date(1989, 1, 7),
            sex="male",
            relationship=role,
            address=HERE,
            household_id="h1",
        )
        for n, role in enumerate(roles)
    )


def rules(notification: Notification, register: RegisterView | None = None) -> set[str]:
    needs = Needs(OFFICE, register=register)
    return {f.rule_id for f in check(notification, needs) if f.state == State.FOUND}


@given(HOUSEHOLDS, st.sampled_from(["new", "joins", None]))
def test_one_head_where_a_household_is_made_and_none_where_one_is_joined(
    roles: list[str], kind: str | None
) -> None:
    moved = replace(MOVE_WITHIN, persons=persons(roles))
    if kind is not None:
        moved = moved.with_field("new_household", Field(kind, Source.PEN))
    allowed = 0 if kind == "joins" else 1
    assert ("one_head" in rules(moved)) is (roles.count("head") != allowed)


@given(HOUSEHOLDS, st.sampled_from(["head_change", "split", "merge", "composition"]))
def test_a_household_change_makes_or_joins(roles: list[str], kind: str) -> None:
    changed = replace(MOVE_WITHIN, procedure=Procedure.HOUSEHOLD_CHANGE, persons=persons(roles))
    changed = changed.with_field("household_change_kind", Field(kind, Source.PEN))
    allowed = 1 if kind in ("head_change", "split") else 0
    assert ("one_head" in rules(changed)) is (roles.count("head") != allowed)


@given(HOUSEHOLDS, st.sets(st.integers(0, 5)))
def test_who_stays_keeps_a_head_or_is_alone(roles: list[str], leaving: set[int]) -> None:
    members = registered(roles)
    going = {f"p{n}": member for n, member in enumerate(members) if n in leaving}
    view = RegisterView(persons=going, old_household=members)
    staying = [role for n, role in enumerate(roles) if n not in leaving]
    expected = len(staying) > 1 and "head" not in staying
    moved = replace(MOVE_WITHIN, persons=tuple(Person(person_id) for person_id in going))
    assert ("old_household_keeps_head" in rules(moved, view)) is expected
