"""`madoguchi-hub`: every command, its exit codes, and the one place where errors become words."""

import argparse
import sys
from collections.abc import Sequence

from hub.command_line import (
    accounts,
    backups,
    broker,
    certificates,
    channels,
    documents,
    keys,
    log,
    precedents,
    recipients,
    setting_up,
    systems,
)
from hub.errors import HubError
from intake.errors import IntakeError

EXIT_CODES = """\
exit codes:
  0 done   2 usage, configuration or state   5 signature, key or log does not verify
  6 broker unreachable   7 conflict with the register
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    found = argparse.ArgumentParser(
        prog="madoguchi-hub",
        description="The office of Madoguchi: broker, log, review, register.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    nouns = found.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (
        setting_up,
        broker,
        accounts,
        keys,
        certificates,
        log,
        backups,
        channels,
        documents,
        precedents,
        recipients,
        systems,
    ):
        module.add_to(nouns)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Words about failures go to stderr."""
    given = parser().parse_args(arguments)
    try:
        given.run(given)
    except (HubError, IntakeError) as error:
        print(f"madoguchi-hub: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0
