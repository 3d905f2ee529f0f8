"""`madoguchi-hub`: every command, its exit codes, and the one place where errors become words."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Final

from hub.errors import HubError
from intake.errors import IntakeError

AREAS: Final = {  # the modules of this package, and the commands that each of them adds
    "setting_up": ("init", "serve", "register"),
    "broker": ("broker",),
    "accounts": ("account",),
    "keys": ("keys",),
    "certificates": ("certificate",),
    "log": ("log", "quarantine"),
    "backups": ("backup", "restore"),
    "channels": ("channels",),
    "documents": ("document", "messages"),
    "precedents": ("precedents",),
    "recipients": ("recipients",),
    "systems": ("systems",),
}
EXIT_CODES = """\
exit codes:
  0 done   2 usage, configuration or state   5 signature, key or log does not verify
  6 broker unreachable   7 conflict with the register
"""


def parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """The whole command line; of a command that is `wanted` and known, only its own area.

    So the libraries of all areas are loaded only for whoever asks for every command.
    """
    found = argparse.ArgumentParser(
        prog="madoguchi-hub",
        description="The office of Madoguchi: broker, log, review, register.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    nouns = found.add_subparsers(dest="command", required=True, metavar="COMMAND")
    mine = [area for area, commands in AREAS.items() if wanted in commands]
    for area in mine or AREAS:
        importlib.import_module(f"hub.command_line.{area}").add_to(nouns)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Words about failures go to stderr."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    given = parser(words[0] if words else None).parse_args(words)
    try:
        given.run(given)
    except (HubError, IntakeError) as error:
        print(f"madoguchi-hub: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0
