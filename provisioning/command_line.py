"""`madoguchi-provision`: the authority's verbs and a unit's enrolment."""

import argparse
import asyncio
import datetime as dt
import json
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography import x509

from intake.office.environment import Environment
from provisioning.authority.enrolment import TokenOrder, make_token, revoke
from provisioning.authority.folder import AuthorityFolder
from provisioning.authority.issue import issue_hub, issue_server
from provisioning.authority.one_time_token import OneTimeToken
from provisioning.authority.serve import serve
from provisioning.authority.store import Office
from provisioning.durable import PRIVATE, make_private_folder, write_file
from provisioning.enrol import Identity, enrol, renew
from provisioning.errors import ProvisioningError, UsageError
from provisioning.logs import log_to_stderr

_EPILOG = (
    "exit codes: 0 ok, 1 failed, 2 usage or configuration, 4 refused by the authority, "
    "5 not the authority that the token names, 6 authority unreachable"
)
_REASONS = {
    "lost": x509.ReasonFlags.key_compromise,
    "stolen": x509.ReasonFlags.key_compromise,
    "replaced": x509.ReasonFlags.superseded,
    "retired": x509.ReasonFlags.cessation_of_operation,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; data goes to stdout, words to stderr; returns the exit code."""
    options = _parser().parse_args(arguments)
    log_to_stderr()
    try:
        options.run(options)
    except ProvisioningError as error:
        print(f"madoguchi-provision: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("madoguchi-provision", description=__doc__, epilog=_EPILOG)
    nouns = parser.add_subparsers(required=True, metavar="COMMAND")
    authority = nouns.add_parser("authority", help="the certificate authority of an office's units")
    _authority_verbs(authority.add_subparsers(required=True, metavar="VERB"))
    for name, run, words in (
        ("enrol", _enrol, "make this unit's keys and get its certificates with a one-time token"),
        ("renew", _renew, "replace an enrolled unit's keys and certificates"),
    ):
        unit = nouns.add_parser(name, help=words, description=words)
        unit.add_argument("--url", required=True, help="https://host:port of the authority")
        unit.add_argument("--into", required=True, type=Path, metavar="DIR")
        if name == "enrol":
            unit.add_argument("--token-fd", type=int, default=0, help="descriptor to read it from")
        unit.set_defaults(run=run)
    return parser


def _authority_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def verb(
        name: str, run: Callable[[argparse.Namespace], None], words: str
    ) -> argparse.ArgumentParser:
        parser = verbs.add_parser(name, help=words, description=words)
        parser.add_argument("--state", required=True, type=Path, metavar="DIR")
        parser.set_defaults(run=run)
        return parser

    init = verb("init", _init, "make the root (into its own encrypted file) and the issuing CA")
    init.add_argument("--root-key", required=True, type=Path, help="on a medium that goes offline")
    source = init.add_mutually_exclusive_group(required=True)
    source.add_argument("--passphrase-fd", type=int)
    source.add_argument("--passphrase-file", type=Path, help="made (0600) when it is missing")
    up = verb("serve", _serve, "answer units and hubs over HTTPS; never reads the root key")
    up.add_argument("--host", default="127.0.0.1")
    up.add_argument("--port", type=int, default=8443, help="0 takes a free one")
    up.add_argument("--name", action="append", help="host name in the certificate; repeatable")
    office = verb("office", _office, "say what the units of an office are told")
    office.add_argument("--office", required=True, help="six-digit local government code")
    office.add_argument("--anchor", required=True, type=Path, help="the hub's office_anchor.pub")
    office.add_argument("--broker-host", required=True)
    office.add_argument("--broker-port", type=int, default=8883)
    token = verb("token", _token, "print a one-time token for one unit, once")
    token.add_argument("--device", required=True)
    _office_and_environment(token)
    token.add_argument(
        "--device-code", help="three digits in reception numbers; default: the next free"
    )
    token.add_argument("--hours", type=float, default=24.0, help="life of the token")
    token.add_argument("--replace", action="store_true", help="revoke the unit's former keys")
    gone = verb("revoke", _revoke, "revoke a unit; it is on the list at once")
    gone.add_argument("device")
    gone.add_argument("--reason", choices=sorted(_REASONS), default="lost")
    server = verb("issue-server", _issue_server, "certificate of the broker or another TLS server")
    server.add_argument("--host", action="append", required=True)
    server.add_argument("--name", default="broker", help="of the files")
    hub = verb("issue-hub", _issue_hub, "client certificate of an office's hub")
    _office_and_environment(hub)
    for parser in (server, hub):
        parser.add_argument("--into", required=True, type=Path, metavar="DIR")
    listing = verb("devices", _devices, "list the units of an office as JSON")
    listing.add_argument("--office", required=True)


def _office_and_environment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--office", required=True)
    parser.add_argument(
        "--environment", required=True, choices=[part.value for part in Environment]
    )


def _init(options: argparse.Namespace) -> None:
    _folder(options).create(options.root_key, _passphrase(options), _now())
    print(json.dumps({"root_sha256": _folder(options).root_sha256.hex()}))
    _say("Carry the root key file and its passphrase away; `authority serve` needs neither.")


def _serve(options: argparse.Namespace) -> None:
    asyncio.run(serve(_folder(options), options.host, options.port, options.name or [options.host]))


def _office(options: argparse.Namespace) -> None:
    anchor = _readable(options.anchor)
    office = Office(options.office, anchor, options.broker_host, options.broker_port)
    with _folder(options).store.transaction() as transaction:
        transaction.put_office(office)


def _token(options: argparse.Namespace) -> None:
    order = TokenOrder(
        options.device,
        options.office,
        Environment(options.environment),
        dt.timedelta(hours=options.hours),
        options.device_code,
        options.replace,
    )
    folder = _folder(options)
    print(make_token(folder.store, folder.root_sha256, order, _now()))
    _say(f"For {options.device}, once, within {options.hours:g} hours. Pass it on a descriptor.")


def _revoke(options: argparse.Namespace) -> None:
    revoke(_folder(options).store, options.device, _REASONS[options.reason], _now())
    _say(f"{options.device} is revoked: the hub and the broker refuse it after their next refresh.")


def _issue_server(options: argparse.Namespace) -> None:
    issue_server(_folder(options), options.name, options.host, options.into, _now())


def _issue_hub(options: argparse.Namespace) -> None:
    environment = Environment(options.environment)
    issue_hub(_folder(options), options.office, environment, options.into, _now())


def _devices(options: argparse.Namespace) -> None:
    with _folder(options).store.transaction() as transaction:
        devices = transaction.devices(options.office)
    names = ("device", "device_code", "office", "environment", "status")
    print(json.dumps([{name: getattr(device, name) for name in names} for device in devices]))


def _enrol(options: argparse.Namespace) -> None:
    with os.fdopen(options.token_fd, "r", encoding="ascii", closefd=False) as stream:
        token = OneTimeToken.parse(stream.readline())
    _enrolled(asyncio.run(enrol(options.url.rstrip("/"), token, options.into)))


def _renew(options: argparse.Namespace) -> None:
    _enrolled(asyncio.run(renew(options.url.rstrip("/"), options.into)))


def _enrolled(identity: Identity) -> None:
    print(json.dumps({"identity": str(identity.path)}))


def _passphrase(options: argparse.Namespace) -> bytes:
    if options.passphrase_fd is not None:
        with os.fdopen(options.passphrase_fd, "rb", closefd=False) as stream:
            return stream.readline().strip()
    if not options.passphrase_file.exists():
        make_private_folder(options.passphrase_file.parent)
        write_file(options.passphrase_file, secrets.token_urlsafe(24).encode() + b"\n", PRIVATE)
    return options.passphrase_file.read_bytes().strip()


def _readable(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: give the hub's office_anchor.pub") from error


def _folder(options: argparse.Namespace) -> AuthorityFolder:
    return AuthorityFolder(options.state)


def _say(words: str) -> None:
    print(words, file=sys.stderr)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
