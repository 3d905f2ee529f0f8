"""`recipients import`: how residents may be reached, from a list of another system."""

import argparse
from pathlib import Path

from hub.command_line.options import ACTOR, Commands, command, opened, show
from hub.errors import RecipientListError
from hub.messages.delivery import recipient_list


def add_to(group: Commands) -> None:
    """Add the command."""
    verbs = group.add_parser("recipients", help="how residents may be reached").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    taking = command(verbs, "import", _import, "take channels and wishes from a CSV, all or none")
    taking.add_argument("file", type=Path, metavar="FILE")


def _import(given: argparse.Namespace) -> None:
    try:
        data = given.file.read_bytes()
    except OSError as error:
        raise RecipientListError(f"{given.file}: cannot be read ({error.strerror})") from error
    with opened(given) as office:
        lines = recipient_list.take(office.journal, data, ACTOR)
    show(given, {"lines": lines}, f"{lines} lines taken")
