"""Logging in, staying logged in, logging out. A cookie's value is never stored, only its hash."""

import hashlib
import secrets
import threading
from dataclasses import dataclass

from sqlalchemy import delete

from hub.accounts import passwords
from hub.accounts.staff import StaffMember, member
from hub.clock import Clock
from hub.errors import LockedOutError, NotLoggedInError, WrongPasswordError
from hub.storage.database import Database
from hub.storage.tables import Account, WebSession

SECOND_US = 1_000_000
LONGEST_US = 12 * 3600 * SECOND_US
TOUCH_US = 30 * SECOND_US


@dataclass(frozen=True)
class LoggedIn:
    """A member of staff with a live session; `token` is the cookie's value."""

    staff: StaffMember
    token: str
    csrf_token: str


class Sessions:
    """Sessions of the staff pages; they end after `idle_us` without a request or after 12 hours."""

    def __init__(self, database: Database, clock: Clock, idle_us: int) -> None:
        self._database = database
        self._clock = clock
        self._idle_us = idle_us
        self._turns: dict[str, threading.Lock] = {}

    def log_in(self, login: str, password: str) -> LoggedIn:
        """A new session.

        Raises WrongPasswordError (the same for an unknown or disabled login) and LockedOutError
        while the account waits after wrong passwords; an attempt made then is not looked at.
        Attempts at one account are taken one after the other, so that each sees what the one
        before it counted; a login that does not exist has nothing to count.
        """
        with self._database.reading() as session:
            known = session.get(Account, login) is not None
        if not known:
            return self._attempt(login, password)
        with self._turns.setdefault(login, threading.Lock()):
            return self._attempt(login, password)

    def _attempt(self, login: str, password: str) -> LoggedIn:
        now = self._clock()
        with self._database.reading() as session:
            account = session.get(Account, login)
        if account is not None and now < account.locked_until_us:
            raise LockedOutError("too many wrong passwords; wait and try again")
        fits = password_fits(account, password)
        with self._database.writing() as session:
            account = session.get(Account, login)
            if account is not None and not fits:
                account.failures += 1
                wait = passwords.wait_after(account.failures)
                account.locked_until_us = now + wait * SECOND_US
            elif account is not None:
                account.failures, account.locked_until_us = 0, 0
                token, csrf_token = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
                session.add(
                    WebSession(
                        token_sha256=_hashed(token),
                        login=login,
                        csrf_token=csrf_token,
                        created_us=now,
                        seen_us=now,
                    )
                )
                return LoggedIn(member(session, account), token, csrf_token)
        raise WrongPasswordError("the login or the password is wrong")

    def find(self, token: str | None) -> LoggedIn:
        """The session of a cookie; NotLoggedInError when there is none or it has ended."""
        now = self._clock()
        if not token:
            raise NotLoggedInError("nobody is logged in")
        with self._database.reading() as session:
            row = session.get(WebSession, _hashed(token))
            account = None if row is None else session.get(Account, row.login)
            if row is None or account is None or account.disabled or self._ended(row, now):
                raise NotLoggedInError("the session has ended; log in again")
            found = LoggedIn(member(session, account), token, row.csrf_token)
            stale = now - row.seen_us > TOUCH_US
        if stale:
            self._touch(token, now)
        return found

    def log_out(self, token: str) -> None:
        """End a session; nothing happens when it has ended already."""
        with self._database.writing() as session:
            session.execute(delete(WebSession).where(WebSession.token_sha256 == _hashed(token)))

    def clear(self) -> None:
        """Forget sessions that have ended."""
        now = self._clock()
        with self._database.writing() as session:
            ended = (WebSession.seen_us < now - self._idle_us) | (
                WebSession.created_us < now - LONGEST_US
            )
            session.execute(delete(WebSession).where(ended))

    def _ended(self, row: WebSession, now: int) -> bool:
        return now - row.seen_us > self._idle_us or now - row.created_us > LONGEST_US

    def _touch(self, token: str, now: int) -> None:
        with self._database.writing() as session:
            row = session.get(WebSession, _hashed(token))
            if row is not None:
                row.seen_us = now


def password_fits(account: Account | None, password: str) -> bool:
    """Whether the password is right for an account that may log in; slow in every case."""
    known = account is not None and not account.disabled
    stored = account.password_hash if account is not None and known else None
    return passwords.password_fits(stored, password)


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
