"""`register numbers import`: which resident an outside number (宛名番号) means."""

import argparse
from pathlib import Path

from hub.command_line.options import ACTOR, Commands, command, opened, show
from hub.errors import BadRequestError
from hub.register.numbers import import_numbers


def add_to(register: Commands) -> None:
    """Add the commands below `register`."""
    verbs = register.add_parser("numbers", help="outside numbers of residents").add_subparsers(
        dest="what", required=True, metavar="VERB"
    )
    taken = command(verbs, "import", _import, "link the numbers of a CSV to residents, all or none")
    taken.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="columns atena_no and resident_id (or reception_number)",
    )


def _import(given: argparse.Namespace) -> None:
    try:
        data = given.file.read_bytes()
    except OSError as error:
        raise BadRequestError(f"{given.file} cannot be read: {error.strerror}") from error
    with opened(given) as office:
        count = import_numbers(office, data, ACTOR)
    show(given, {"linked": count}, f"linked {count} residents to their numbers")
