"""`keys rotate` and `keys show`: a running hub publishes a new key set within a second."""

import argparse

from hub.command_line.options import ACTOR, Commands, command, opened, show
from hub.keys.ring import PURPOSES
from hub.log.entry import EntryKind


def add_to(group: Commands) -> None:
    """Add the commands."""
    verbs = group.add_parser("keys", help="the keys of the office").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    rotate = command(verbs, "rotate", _rotate, "make new keys; those of before are kept")
    rotate.add_argument(
        "--purpose", action="append", choices=PURPOSES, help="default: every purpose"
    )
    command(verbs, "show", _show, "list the keys; no private key is shown")


def _rotate(given: argparse.Namespace) -> None:
    made: list[dict[str, str]] = []
    with opened(given) as office:
        for purpose in given.purpose or PURPOSES:
            with office.journal.appending() as append:
                key = office.ring.rotate(purpose, append.time_us)
                body = {"action": "rotate", "purpose": purpose, "kid": key.kid}
                append.office(EntryKind.KEY, ACTOR, body)
            made.append({"purpose": purpose, "kid": key.kid})
    show(given, made, "\n".join(f"{one['purpose']}: {one['kid']}" for one in made))


def _show(given: argparse.Namespace) -> None:
    with opened(given) as office:
        rows = [dict(vars(key)) for key in office.ring.keys]
        anchor = office.ring.anchor().kid.hex()
    lines = [f"{row['kid']}  {row['purpose']}  {row['status'].value}" for row in rows]
    show(given, {"anchor": anchor, "keys": rows}, "\n".join([f"{anchor}  anchor", *lines]))
