"""Accounts: what the roster cannot carry is refused, and guessing in parallel gains nothing."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.accounts.passwords import FREE_FAILURES
from hub.accounts.staff import LONGEST_NAME, NewAccount, add
from hub.errors import AccountError, LockedOutError, WrongPasswordError
from intake.office.roster import Role
from tests.hub.conftest import PASSWORD, Desk, staff


def account(login: str, name: str) -> NewAccount:
    return NewAccount(login, login, name, frozenset({Role.CLERK}), PASSWORD, "123456")


@pytest.mark.parametrize("name", ["", "\u3000", "長" * (LONGEST_NAME + 1), "二\n行", "\ud800"])
def test_a_name_that_no_roster_takes_is_refused(desk: Desk, name: str):
    with pytest.raises(AccountError):
        add(desk.office.journal, account("s009", name), "test")
    assert desk.office.publications.roster()


@pytest.mark.parametrize("name", ["長" * LONGEST_NAME, "山田\u3000太郎", "Smith John"])
def test_a_name_as_people_write_it_reaches_the_units(desk: Desk, name: str):
    before = desk.office.publications.roster()
    add(desk.office.journal, account("s009", name), "test")
    assert desk.office.publications.roster() != before


def test_guesses_made_at_once_are_locked_out_like_those_in_a_row(desk: Desk):
    staff(desk, "s009", Role.CLERK)
    guesses = 8
    together = threading.Barrier(guesses)

    def guess(number: int) -> type[Exception]:
        together.wait(10)
        with pytest.raises((WrongPasswordError, LockedOutError)) as refused:
            desk.office.sessions.log_in("s009", f"wrong password {number}")
        return refused.type

    with ThreadPoolExecutor(guesses) as pool:
        met = Counter(pool.map(guess, range(guesses)))
    assert met == {WrongPasswordError: FREE_FAILURES, LockedOutError: guesses - FREE_FAILURES}
    with pytest.raises(LockedOutError):
        desk.office.sessions.log_in("s009", PASSWORD)
