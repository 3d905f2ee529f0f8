"""`init`, `serve`, `register`: making an office, running it, listing its register."""

import argparse
from dataclasses import asdict
from pathlib import Path

from hub.command_line import register_numbers
from hub.command_line.options import Commands, command, load, opened, secret, show
from hub.errors import KeyRingError, SettingsError
from hub.keys.files import write_file
from hub.office import Office
from hub.register import projection
from hub.register.record import listing
from hub.settings import Settings
from intake.event.keys import PublicKey, ReaderKey
from intake.office.environment import Environment


def add_to(group: Commands) -> None:
    """Add the commands."""
    init = command(group, "init", _init, "make a new office: folders, schema and keys")
    recovery = init.add_mutually_exclusive_group(required=True)
    recovery.add_argument("--recovery-public", type=Path, metavar="PEM", help="a key that exists")
    recovery.add_argument(
        "--recovery-private", type=Path, metavar="FILE", help="make one, to be kept offline"
    )
    init.add_argument("--passphrase-fd", type=int, metavar="N", help="encrypts --recovery-private")
    command(group, "serve", _serve, "run the office until SIGTERM")
    register = group.add_parser("register", help="the resident register").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    listed = command(register, "list", _list, "current residents; protected ones without name")
    listed.add_argument("--notification", metavar="ID", help="only those of one notification")
    command(register, "rebuild", _rebuild, "make the register again from the log")
    register_numbers.add_to(register)


def _init(given: argparse.Namespace) -> None:
    settings = load(given)
    recovery = _recovery(given, settings)
    office = Office.create(settings, recovery)
    office.close()
    anchor = settings.state.folder / "keys" / "office_anchor.pub"
    value = {"state": str(settings.state.folder), "office_anchor": str(anchor)}
    show(given, value, f"made an office in {settings.state.folder}; units need {anchor}")


def _recovery(given: argparse.Namespace, settings: Settings) -> PublicKey:
    if given.recovery_public is not None:
        try:
            return PublicKey.from_pem(given.recovery_public.read_bytes())
        except OSError as error:
            raise KeyRingError(f"{given.recovery_public}: {error.strerror}") from error
    production = settings.office.environment is Environment.PRODUCTION
    if given.passphrase_fd is None and production:
        raise SettingsError("in production the recovery key is encrypted: give --passphrase-fd")
    password = None
    if given.passphrase_fd is not None:
        password = secret(given.passphrase_fd, "passphrase").encode()
    key = ReaderKey.generate()
    write_file(given.recovery_private, key.to_pem(password))
    return key.public


def _serve(given: argparse.Namespace) -> None:
    from hub.serve import serve  # noqa: PLC0415 - the other commands start faster without the web

    serve(Office.open(load(given)))


def _list(given: argparse.Namespace) -> None:
    with opened(given) as office:
        rows = listing(office, given.notification)
    lines = (
        f"{row.resident_id}  {''.join(c.text for c in row.name) or '-'}  {row.address}"
        for row in rows
    )
    show(given, [asdict(row) for row in rows], "\n".join(lines))


def _rebuild(given: argparse.Namespace) -> None:
    with opened(given) as office:
        count = projection.rebuild(office.journal, office.ring)
    show(given, {"entries": count}, f"rebuilt the register from {count} entries")
