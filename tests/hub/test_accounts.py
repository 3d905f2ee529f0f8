"""An account that the roster cannot carry is refused when it is made."""

import pytest

from hub.accounts.staff import LONGEST_NAME, NewAccount, add
from hub.errors import AccountError
from intake.office.roster import Role
from tests.hub.conftest import PASSWORD, Desk


def account(login: str, name: str) -> NewAccount:
    return NewAccount(login, login, name, frozenset({Role.CLERK}), PASSWORD, "123456")


@pytest.mark.parametrize("name", ["", "長" * (LONGEST_NAME + 1), "二\n行", "\ud800"])
def test_a_name_that_no_roster_takes_is_refused(desk: Desk, name: str):
    with pytest.raises(AccountError):
        add(desk.office.journal, account("s009", name), "test")
    assert desk.office.publications.roster()


def test_the_longest_name_reaches_the_units(desk: Desk):
    before = desk.office.publications.roster()
    add(desk.office.journal, account("s009", "長" * LONGEST_NAME), "test")
    assert desk.office.publications.roster() != before
