"""Accounts of staff: made, listed, disabled; every change is an entry of the log."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.accounts.passwords import hash_password
from hub.errors import AccountError, NotFoundError
from hub.file_names import IDEOGRAPHIC_SPACE
from hub.log.entry import EntryKind
from hub.log.journal import Journal
from hub.storage.tables import Account, AccountRole, WebSession
from intake.office.roster import Role, make_pin_verifier
from intake.record import TOKEN

LONGEST_NAME: Final = 64
"""What a roster takes; one name too long would keep every change of staff from every unit."""
CASE_ROLES: Final = (Role.CLERK, Role.REVIEWER, Role.PROTECTED_DESK)
"""Whose work needs residents' data. An operator keeps the machines running and sees none of it."""
MESSAGE_ROLES: Final = (Role.AUTHOR, Role.SENDER, Role.AUDITOR)
"""Whose work is what residents are sent: who prepares it, who sends it, who looks on."""
_PIN = re.compile(r"[0-9]{6,12}")


@dataclass(frozen=True)
class StaffMember:
    """Who is logged in, or stands in a list."""

    login: str
    staff_id: str
    name: str
    roles: frozenset[Role]
    disabled: bool = False

    def has(self, role: Role) -> bool:
        """Whether the account has `role`."""
        return role in self.roles

    @property
    def works_on_cases(self) -> bool:
        """Whether the account may see notifications and the register at all."""
        return any(self.has(role) for role in CASE_ROLES)

    @property
    def works_on_messages(self) -> bool:
        """Whether the account may see documents and messages to residents at all."""
        return any(self.has(role) for role in MESSAGE_ROLES)


@dataclass(frozen=True)
class NewAccount:
    """What `account add` is told; `pin` opens the counter unit and may be missing."""

    login: str
    staff_id: str
    name: str
    roles: frozenset[Role]
    password: str
    pin: str | None = None


def add(journal: Journal, new: NewAccount, actor: str) -> None:
    """Make an account; AccountError when a name is taken or a secret is too weak."""
    for what, value in (("login", new.login), ("staff id", new.staff_id)):
        if not TOKEN.fullmatch(value):
            raise AccountError(f"a {what} is 1 to 32 of a-z, 0-9, dot, dash and underscore")
    shown = new.name.replace(IDEOGRAPHIC_SPACE, " ").strip()
    if not shown or len(new.name) > LONGEST_NAME or not shown.isprintable():
        raise AccountError(f"a name has 1 to {LONGEST_NAME} characters; shorten it")
    if not new.roles:
        raise AccountError("an account needs at least one role")
    if new.pin is not None and not _PIN.fullmatch(new.pin):
        raise AccountError("a PIN is 6 to 12 digits")
    password_hash = hash_password(new.password)
    verifier = None if new.pin is None else make_pin_verifier(new.pin)
    with journal.appending() as append:
        session = append.session
        taken = select(Account).where(
            (Account.login == new.login) | (Account.staff_id == new.staff_id)
        )
        if session.scalar(taken) is not None:
            raise AccountError("the login or the staff id is taken; choose another")
        append.office(EntryKind.ACCOUNT, actor, _change("add", new.login, new.staff_id, new.roles))
        session.add(
            Account(
                login=new.login,
                staff_id=new.staff_id,
                name=new.name,
                password_hash=password_hash,
                pin_verifier=verifier,
                created_us=append.time_us,
            )
        )
        session.flush()
        session.add_all(AccountRole(login=new.login, role=role.value) for role in new.roles)


def disable(journal: Journal, login: str, actor: str) -> None:
    """End an account's sessions and refuse new ones; NotFoundError when there is no such login."""
    with journal.appending() as append:
        account = append.session.get(Account, login)
        if account is None:
            raise NotFoundError("there is no account with this login; see `account list`")
        account.disabled = True
        append.session.execute(delete(WebSession).where(WebSession.login == login))
        append.office(EntryKind.ACCOUNT, actor, _change("disable", login, account.staff_id, ()))


def every(session: Session) -> tuple[StaffMember, ...]:
    """All accounts by login."""
    accounts = session.scalars(select(Account).order_by(Account.login))
    return tuple(member(session, account) for account in accounts)


def member(session: Session, account: Account) -> StaffMember:
    """The account with its roles."""
    roles = session.scalars(select(AccountRole.role).where(AccountRole.login == account.login))
    return StaffMember(
        login=account.login,
        staff_id=account.staff_id,
        name=account.name,
        roles=frozenset(Role(role) for role in roles),
        disabled=account.disabled,
    )


def _change(
    action: str, login: str, staff_id: str, roles: frozenset[Role] | tuple[Role, ...]
) -> dict[str, object]:
    return {
        "action": action,
        "login": login,
        "staff_id": staff_id,
        "roles": sorted(role.value for role in roles),
    }
