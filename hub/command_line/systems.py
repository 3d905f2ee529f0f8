"""`systems add|renew|list|revoke`: which core systems may call the API, and with what token."""

import argparse
import datetime as dt

from hub.accounts import systems
from hub.accounts.system_errors import SystemNameError
from hub.accounts.systems import HOUR_US, Scope, TokenRow
from hub.clock import JAPAN, LATEST_US, iso
from hub.command_line.options import ACTOR, Commands, command, opened, show


def add_to(group: Commands) -> None:
    """Add the commands."""
    verbs = group.add_parser("systems", help="core systems that call the API").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    add = command(verbs, "add", _add, "let a core system call the API; prints its token once")
    add.add_argument("name", metavar="NAME", help="a-z, 0-9, . _ -")
    add.add_argument(
        "--scope",
        required=True,
        action="append",
        choices=[scope.value for scope in Scope],
        help="may be given several times; without messages:send messages wait for a sender",
    )
    _expires(add)
    renew = command(verbs, "renew", _renew, "print another token; the one before it runs out")
    renew.add_argument("name", metavar="NAME")
    renew.add_argument(
        "--overlap-hours", type=int, default=24, metavar="H", help="how long both work"
    )
    _expires(renew)
    command(verbs, "list", _list, "tokens with scopes, expiry and last use")
    revoke = command(verbs, "revoke", _revoke, "end every token of a system at once")
    revoke.add_argument("name", metavar="NAME")


def _expires(found: argparse.ArgumentParser) -> None:
    found.add_argument(
        "--expires", metavar="DATE", help="last day (Japan) it may be used, YYYY-MM-DD"
    )


def _add(given: argparse.Namespace) -> None:
    scopes = frozenset(Scope(scope) for scope in given.scope)
    with opened(given) as office:
        end = _end_of(given.expires)
        token = systems.add(office.journal, given.name, scopes, end, ACTOR)
    show(given, {"system": given.name, "token": token}, token)


def _renew(given: argparse.Namespace) -> None:
    overlap_us = max(given.overlap_hours, 0) * HOUR_US
    with opened(given) as office:
        end = _end_of(given.expires)
        token = systems.renew(office.journal, given.name, end, overlap_us, ACTOR)
    show(given, {"system": given.name, "token": token}, token)


def _list(given: argparse.Namespace) -> None:
    with opened(given) as office, office.database.reading() as session:
        rows = systems.every(session)
        now = office.clock()
    lines = (
        f"{one.system}  {_state(one, now)}  {', '.join(one.scopes)}"
        f"  until {_time(one.expires_us) or '-'}  last used {_time(one.used_us) or '-'}"
        for one in rows
    )
    show(given, [_row(one, now) for one in rows], "\n".join(lines))


def _revoke(given: argparse.Namespace) -> None:
    with opened(given) as office:
        count = systems.revoke(office.journal, given.name, ACTOR)
    show(given, {"system": given.name, "revoked": count}, f"revoked {given.name}")


def _row(one: TokenRow, now_us: int) -> dict[str, object]:
    return {
        "number": one.number,
        "system": one.system,
        "state": _state(one, now_us),
        "scopes": list(one.scopes),
        "created": iso(one.created_us),
        "expires": _time(one.expires_us),
        "last_used": _time(one.used_us),
    }


def _state(one: TokenRow, now_us: int) -> str:
    if one.revoked_us is not None:
        return "revoked"
    expired = one.expires_us is not None and one.expires_us <= now_us
    return "expired" if expired else "live"


def _time(time_us: int | None) -> str | None:
    return None if time_us is None else iso(time_us)


def _end_of(day: str | None) -> int | None:
    """The end of a day in Japan; SystemNameError for what is no day."""
    if day is None:
        return None
    try:
        found = dt.date.fromisoformat(day)
        end = dt.datetime.combine(found + dt.timedelta(days=1), dt.time(), JAPAN)
    except (ValueError, OverflowError):
        raise SystemNameError(f"{day[:32]!r} is no date; write YYYY-MM-DD") from None
    return min(int(end.timestamp()) * 1_000_000, LATEST_US)
