"""`account add|list|disable`: who may log in to the pages and to the units."""

import argparse

from hub.accounts import staff
from hub.accounts.staff import NewAccount
from hub.command_line.options import ACTOR, Commands, command, opened, secret, show
from intake.office.roster import Role


def add_to(group: Commands) -> None:
    """Add the commands."""
    verbs = group.add_parser("account", help="accounts of staff").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    add = command(verbs, "add", _add, "make an account")
    add.add_argument("--login", required=True)
    add.add_argument("--staff-id", required=True, help="stands in every event; a-z, 0-9, . _ -")
    add.add_argument("--name", required=True)
    add.add_argument(
        "--role",
        required=True,
        action="append",
        choices=[role.value for role in Role],
        help="may be given several times",
    )
    add.add_argument("--password-fd", type=int, metavar="N")
    add.add_argument("--pin-fd", type=int, metavar="N", help="the PIN for the units, if any")
    command(verbs, "list", _list, "list accounts")
    disable = command(verbs, "disable", _disable, "end an account's sessions and refuse new ones")
    disable.add_argument("--login", required=True)


def _add(given: argparse.Namespace) -> None:
    password = secret(given.password_fd, "password")
    pin = None if given.pin_fd is None else secret(given.pin_fd, "PIN")
    roles = frozenset(Role(role) for role in given.role)
    new = NewAccount(given.login, given.staff_id, given.name, roles, password, pin)
    with opened(given) as office:
        staff.add(office.journal, new, ACTOR)
    show(given, {"login": given.login, "staff_id": given.staff_id}, f"made {given.login}")


def _list(given: argparse.Namespace) -> None:
    with opened(given) as office, office.database.reading() as session:
        members = staff.every(session)
    rows = [{**vars(one), "roles": sorted(role.value for role in one.roles)} for one in members]
    lines = (
        f"{row['login']}  {row['staff_id']}  {', '.join(row['roles'])}"
        f"{'  disabled' if row['disabled'] else ''}"
        for row in rows
    )
    show(given, rows, "\n".join(lines))


def _disable(given: argparse.Namespace) -> None:
    with opened(given) as office:
        staff.disable(office.journal, given.login, ACTOR)
    show(given, {"login": given.login, "disabled": True}, f"disabled {given.login}")
