"""`madoguchi-edge`: run and serve the unit, look at its devices and its outbox.

Data goes to stdout, words to stderr; `--json` gives one JSON object. Exit codes: 0 ok, 1 failed,
2 usage or configuration, 3 device missing, 4 device refused, 5 verification failed, 6 no broker.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.errors import DriverError
from edge import recognise
from edge.characters import options as character_options
from edge.errors import EdgeError
from intake.errors import IntakeError
from models.errors import ModelError

if TYPE_CHECKING:
    from edge.settings import Settings

DEFAULT_CONFIG = Path("/etc/madoguchi/unit.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = _parser(sys.argv[1:] if arguments is None else arguments)
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        parser.print_help(sys.stderr)
        return 2
    try:
        return int(chosen.command(chosen))
    except (EdgeError, DriverError, ModelError, IntakeError) as error:
        print(f"madoguchi-edge: {error}", file=sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, BrokenPipeError):
        return 1


def _parser(asked: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="madoguchi-edge", description="The counter unit of Madoguchi.", epilog=_exit_codes()
    )
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    run = commands.add_parser("run", help="supervise the unit: keep the draft key, restart it")
    _with_config(run).set_defaults(command=_run)
    serve = commands.add_parser("serve", help="the unit itself; `run` starts it")
    _with_config(serve).set_defaults(command=_serve)
    serve.add_argument("--lifeline", type=int, metavar="FD", help=argparse.SUPPRESS)
    recognising = commands.add_parser("recognise", help="recognise drawn characters")
    recognise.add_arguments(recognising)
    recognising.set_defaults(command=recognise.run)
    character_options.add(commands.add_parser("characters", help="look into the MJ list"))
    discover = commands.add_parser("discover", help="list pens and card readers plugged in")
    discover.add_argument("--json", action="store_true", help="one JSON object")
    discover.set_defaults(command=_discover)
    card = commands.add_parser("card", help="read a card, or explain why none is read")
    if "card" in asked[:1]:
        _card_commands(card)
    _outbox_commands(commands.add_parser("outbox", help="look at what was filed"))
    status = commands.add_parser("status", help="how the unit is, from its state folder")
    _with_config(status).set_defaults(command=_status)
    status.add_argument("--json", action="store_true", help="one JSON object")
    return parser


def _card_commands(parser: argparse.ArgumentParser) -> None:
    from edge.card import options as card_options  # noqa: PLC0415 - loads certificates

    commands = parser.add_subparsers(metavar="VERB", required=True)
    reading = commands.add_parser("read", help="one whole reading of the card on a reader")
    card_options.add_reading(reading)
    reading.set_defaults(command=_card_read)
    doctor = commands.add_parser("doctor", help="explain a reader or card that does not work")
    card_options.add_doctor(doctor)
    doctor.set_defaults(command=_card_doctor)


def _outbox_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="VERB", required=True)
    listing = commands.add_parser("list", help="rows, newest first")
    listing.add_argument("--state", choices=("waiting", "journalled", "quarantined"))
    listing.set_defaults(command=_outbox_list)
    verifying = commands.add_parser("verify", help="check database, chain, seals and receipts")
    verifying.set_defaults(command=_outbox_verify)
    for command in (listing, verifying):
        _with_config(command)
        command.add_argument("--json", action="store_true", help="one JSON object")


def _with_config(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument(
        "--config", type=Path, default=DEFAULT_CONFIG, help=f"TOML file ({DEFAULT_CONFIG})"
    )
    return parser


def _exit_codes() -> str:
    return (
        "Exit codes: 0 ok, 1 failed, 2 usage or configuration, 3 device missing, "
        "4 device refused, 5 verification failed, 6 no broker."
    )


def _settings(chosen: argparse.Namespace) -> "Settings":
    from edge import settings  # noqa: PLC0415 - as above

    return settings.load(chosen.config)


def _logging(chosen: argparse.Namespace) -> "Settings":
    """The settings, and logs from now on as they say."""
    from edge import logs  # noqa: PLC0415 - as above

    loaded = _settings(chosen)
    logs.set_up(loaded.log.level)
    return loaded


def _run(chosen: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415 - each command loads only what it needs

    from edge.supervisor import Supervisor  # noqa: PLC0415 - as above

    _logging(chosen)
    return asyncio.run(Supervisor(chosen.config).run())


def _serve(chosen: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415 - as above

    from edge.lifeline import Lifeline  # noqa: PLC0415 - as above
    from edge.serve import serve  # noqa: PLC0415 - as above

    loaded = _logging(chosen)
    lifeline = None if chosen.lifeline is None else Lifeline(chosen.lifeline)
    return asyncio.run(serve(loaded, lifeline))


def _discover(chosen: argparse.Namespace) -> int:
    from drivers.discovery import discover, report  # noqa: PLC0415 - as above

    return report(discover(), sys.stdout, as_json=chosen.json)


def _card_read(chosen: argparse.Namespace) -> int:
    from edge.card import read_command  # noqa: PLC0415 - as above

    return read_command.run(chosen, sys.stdout)


def _card_doctor(chosen: argparse.Namespace) -> int:
    from edge.card import doctor  # noqa: PLC0415 - as above

    return doctor.run(chosen, sys.stdout)


def _outbox_list(chosen: argparse.Namespace) -> int:
    from edge.outbox.inspection import listed  # noqa: PLC0415 - as above

    rows = listed(_settings(chosen), chosen.state)
    if chosen.json:
        print(json.dumps({"rows": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row['sequence']:>6}  {row['reception_number']}  {row['kind']:<9}  {row['state']}")
    return 0


def _outbox_verify(chosen: argparse.Namespace) -> int:
    from edge.outbox.inspection import verified  # noqa: PLC0415 - as above

    report = verified(_settings(chosen))
    print(json.dumps(report, ensure_ascii=False) if chosen.json else _lines(report))
    return 0 if report["ok"] else 5


def _status(chosen: argparse.Namespace) -> int:
    from edge.outbox.inspection import state_of  # noqa: PLC0415 - as above

    report = state_of(_settings(chosen))
    print(json.dumps(report, ensure_ascii=False) if chosen.json else _lines(report))
    return 0


def _lines(report: dict[str, object]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in report.items())
