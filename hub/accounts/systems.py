"""Core systems that may call the API: named, given a token and scopes, renewed, revoked.

A token is shown once. The database keeps its SHA-256: 256 random bits need no slow hash. Every
change is an entry of the log; `used_us` says when a token was last used, to the minute.
"""

import contextlib
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.system_errors import (
    SystemNameError,
    TokenExpiredError,
    TokenMissingError,
    TokenRevokedError,
    TokenUnknownError,
)
from hub.clock import Clock
from hub.errors import StorageError
from hub.log.entry import EntryKind
from hub.log.journal import Append, Journal
from hub.storage.database import Database
from hub.storage.tables import SystemToken
from intake.record import TOKEN

FORM: Final = re.compile(r"mdg_([0-9]{1,18})_([A-Za-z0-9_-]{43})")
SECRET_BYTES: Final = 32
NOBODY: Final = bytes(32)
TOUCH_US: Final = 60 * 1_000_000
HOUR_US: Final = 3600 * 1_000_000
ACTOR_PREFIX: Final = "api:"
"""Of the actor that stands for a core system; no login has a colon."""


class Scope(StrEnum):
    """What a token may be used for."""

    DOCUMENTS_WRITE = "documents:write"
    """Hand in documents with their list; staff look at them and send them."""
    MESSAGES_WRITE = "messages:write"
    """Hand in messages, which wait until a sender of the office lets them go; cancel them."""
    MESSAGES_SEND = "messages:send"
    """Messages handed in go out without waiting for anybody."""
    MESSAGES_READ = "messages:read"
    """Ask for states, timelines, files and the ledger of what this system handed in."""


@dataclass(frozen=True)
class CoreSystem:
    """Whose token a request carries."""

    name: str
    token: int
    scopes: frozenset[Scope]
    expires_us: int | None = None

    @property
    def actor(self) -> str:
        """How the system is named in timelines and acts."""
        return f"{ACTOR_PREFIX}{self.name}"

    def may(self, scope: Scope) -> bool:
        """Whether the token was given `scope`."""
        return scope in self.scopes


@dataclass(frozen=True)
class TokenRow:
    """One token as `systems list` shows it."""

    number: int
    system: str
    scopes: tuple[str, ...]
    created_us: int
    expires_us: int | None
    revoked_us: int | None
    used_us: int | None


def add(
    journal: Journal, name: str, scopes: Collection[Scope], expires_us: int | None, actor: str
) -> str:
    """A token for a new system. SystemNameError when the name is wrong or has a live token."""
    if not TOKEN.fullmatch(name):
        raise SystemNameError("a system's name is 1 to 32 of a-z, 0-9, dot, dash and underscore")
    with journal.appending() as append:
        if _live(append.session, name, append.time_us):
            raise SystemNameError(f"{name} has a token; `systems renew` gives it another one")
        return _give(append, name, scopes, expires_us, actor)


def renew(journal: Journal, name: str, expires_us: int | None, overlap_us: int, actor: str) -> str:
    """Another token with the same scopes; those before it end after `overlap_us`."""
    with journal.appending() as append:
        live = _live(append.session, name, append.time_us)
        if not live:
            raise SystemNameError(f"{name} has no live token; see `systems list`, then `add`")
        end = append.time_us + overlap_us
        for row in live:
            row.expires_us = end if row.expires_us is None else min(row.expires_us, end)
        scopes = frozenset(Scope(scope) for scope in live[-1].scopes.split())
        return _give(append, name, scopes, expires_us, actor)


def revoke(journal: Journal, name: str, actor: str) -> int:
    """End every live token of a system at once; returns how many."""
    with journal.appending() as append:
        live = _live(append.session, name, append.time_us)
        if not live:
            raise SystemNameError(f"{name} has no live token; see `systems list`")
        for row in live:
            row.revoked_us = append.time_us
        append.office(EntryKind.ACCOUNT, actor, {"action": "system-revoke", "system": name})
        return len(live)


def every(session: Session) -> tuple[TokenRow, ...]:
    """All tokens, those that ended too, by system and age."""
    rows = session.scalars(select(SystemToken).order_by(SystemToken.system, SystemToken.number))
    return tuple(
        TokenRow(
            row.number,
            row.system,
            tuple(row.scopes.split()),
            row.created_us,
            row.expires_us,
            row.revoked_us,
            row.used_us,
        )
        for row in rows
    )


def find(database: Database, clock: Clock, token: str | None) -> CoreSystem:
    """Whose token this is; a RefusedError of hub.accounts.system_errors when it opens nothing.

    What is wrong with a token is said only to whoever has all of it.
    """
    if not token:
        raise TokenMissingError("the request has no bearer token")
    form = FORM.fullmatch(token)
    now = clock()
    with database.reading() as session:
        row = None if form is None else session.get(SystemToken, int(form[1]))
    # Compared even where there is no row, so that time tells nothing of which numbers there are.
    fits = hmac.compare_digest(hashed(token), NOBODY if row is None else row.token_sha256)
    if row is None or not fits:
        raise TokenUnknownError("the token is not one of this office")
    if row.revoked_us is not None:
        raise TokenRevokedError("the token was revoked")
    if row.expires_us is not None and row.expires_us <= now:
        raise TokenExpiredError("the token has expired")
    if row.used_us is None or abs(now - row.used_us) > TOUCH_US:
        _touch(database, row.number, now)
    scopes = frozenset(Scope(scope) for scope in row.scopes.split())
    return CoreSystem(row.system, row.number, scopes, row.expires_us)


def hashed(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _live(session: Session, name: str, now_us: int) -> list[SystemToken]:
    rows = session.scalars(
        select(SystemToken)
        .where(SystemToken.system == name, SystemToken.revoked_us.is_(None))
        .order_by(SystemToken.number)
    )
    return [row for row in rows if row.expires_us is None or row.expires_us > now_us]


def _give(
    append: Append, name: str, scopes: Collection[Scope], expires_us: int | None, actor: str
) -> str:
    if not scopes:
        raise SystemNameError("a system needs at least one scope")
    if expires_us is not None and expires_us <= append.time_us:
        raise SystemNameError("that day is over; name a later one")
    ordered = sorted(scope.value for scope in scopes)
    row = SystemToken(
        system=name,
        token_sha256=NOBODY,
        scopes=" ".join(ordered),
        created_us=append.time_us,
        created_by=actor,
        expires_us=expires_us,
    )
    append.session.add(row)
    append.session.flush()
    token = f"mdg_{row.number}_{secrets.token_urlsafe(SECRET_BYTES)}"
    row.token_sha256 = hashed(token)
    body = {"action": "system-add", "system": name, "scopes": ordered, "token": row.number}
    append.office(EntryKind.ACCOUNT, actor, body)
    return token


def _touch(database: Database, number: int, now_us: int) -> None:
    """Note the use; a database that cannot be written must not keep anybody from reading."""
    with contextlib.suppress(StorageError), database.writing() as session:
        row = session.get(SystemToken, number)
        if row is not None:
            row.used_us = now_us
