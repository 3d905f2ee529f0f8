"""What rules may need from outside: a day, a table of towns, a look into the register."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from intake.characters import NameText
from intake.notification.values import Address, PartialDate


class AddressMaster(Protocol):
    """A table of municipalities and towns; what it does not cover it does not judge."""

    def towns(self, lg_code: str) -> frozenset[str] | None:
        """Town names of a municipality, or None when the table does not cover it."""
        ...

    def designated_city(self, lg_code: str) -> str | None:
        """Code of the designated city whose ward this is, or None."""
        ...


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """One person as the register has them today."""

    resident_id: str
    name: NameText
    birth_date: date | PartialDate
    sex: str
    relationship: str
    address: Address
    household_id: str
    resident_code: str = ""
    protected: bool = False


@dataclass(frozen=True, slots=True)
class RegisterView:
    """What the register knows about one notification; the hub makes it, rules only read it.

    `persons` maps a person_id of the notification to the register's person it was matched with.
    `old_household` / `joined_household` are all members before the change. `open_movements` are
    notification ids of the same household that wait for a decision; `accepted` the person_ids for
    whom the same move was accepted already.
    """

    persons: Mapping[str, RegisteredPerson] = field(default_factory=dict[str, RegisteredPerson])
    old_household: tuple[RegisteredPerson, ...] = ()
    joined_household: tuple[RegisteredPerson, ...] = ()
    open_movements: tuple[str, ...] = ()
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Needs:
    """What is at hand when rules run; None means not at hand, and the rule says `not_confirmed`."""

    office_lg_code: str
    today: date | None = None
    address_master: AddressMaster | None = None
    register: RegisterView | None = None
