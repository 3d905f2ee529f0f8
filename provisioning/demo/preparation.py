"""Everything between an empty folder and an office that can open: keys, enrolment, accounts."""

import asyncio
import datetime as dt
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.card_reader.simulated_card.demo_pki import open_pki
from intake.office.environment import Environment
from provisioning.authority.enrolment import TokenOrder, current_list, make_token
from provisioning.authority.folder import AuthorityFolder
from provisioning.authority.issue import issue_hub, issue_server
from provisioning.authority.one_time_token import OneTimeToken
from provisioning.authority.store import Office
from provisioning.demo import processes
from provisioning.demo.hub_configuration import hub_toml
from provisioning.demo.places import LOOPBACK, OFFICE, UNIT, Places
from provisioning.demo.runner import Runner
from provisioning.durable import make_private_folder, write_file
from provisioning.enrol import enrol

_BIN = Path(sys.executable).parent
_ENVIRONMENT = Environment.DEMO
RECIPIENTS: Final = Path(__file__).with_name("documents") / "recipients.csv"
_TOKEN_LIFE = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Account:
    """A demo member of staff: hub password and counter PIN are made afresh each time."""

    login: str
    staff_id: str
    name: str
    roles: tuple[str, ...]
    password: str
    pin: str


def make_accounts() -> tuple[Account, ...]:
    """A clerk for the counter, two reviewers, an operator, two for messages."""

    def account(login: str, number: int, name: str, *roles: str) -> Account:
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        pin = f"{secrets.randbelow(10**6):06d}"
        return Account(login, f"s{number:03d}", name, roles, password, pin)

    return (
        account("tanaka", 1, "田中 窓子", "clerk"),
        account("sato", 2, "佐藤 審一", "clerk", "reviewer"),
        account("suzuki", 3, "鈴木 運", "operator"),
        account("mori", 4, "森 守", "reviewer", "protected_desk"),
        account("kato", 5, "加藤 文", "author"),
        account("hayashi", 6, "林 送", "sender", "auditor"),
    )


async def prepare(places: Places, runner: Runner, accounts: tuple[Account, ...]) -> None:
    """Make the authority, the hub's state and certificates, the accounts, and enrol the unit.

    Starts the authority, which the enrolment needs. Raises DemoError or another ProvisioningError.
    """
    inside = (places.laws, places.channel_secrets, places.letters)
    for folder in (places.authority.parent, places.offline, places.hub, places.unit, *inside):
        make_private_folder(folder)
    authority = AuthorityFolder(places.authority)
    passphrase = secrets.token_urlsafe(24).encode()
    authority.create(places.offline / "root.key", passphrase, _now())
    write_file(places.hub_config, hub_toml(places).encode())
    for name in ("mynaportal", "sms"):
        write_file(places.channel_secrets / name, secrets.token_urlsafe(32).encode())
    recovery = str(places.offline / "recovery.key")
    init = _hub("init", places, "--recovery-private", recovery)
    await runner.run("hub-init", init)
    _issue(places, authority)
    await runner.start(processes.authority(places))
    await asyncio.gather(
        _add_accounts(places, runner, accounts),
        _enrol_unit(places, authority),
        asyncio.to_thread(open_pki, places.card_pki, _now()),
        _import_handbook(places, runner),
        runner.run("hub-recipients", _hub("recipients import", places, str(RECIPIENTS))),
    )


def _issue(places: Places, authority: AuthorityFolder) -> None:
    anchor = (places.hub / "state" / "keys" / "office_anchor.pub").read_text(encoding="ascii")
    with authority.store.transaction() as transaction:
        transaction.put_office(Office(OFFICE, anchor, LOOPBACK, places.broker_port))
    trust = places.hub / "trust"
    issue_hub(authority, OFFICE, _ENVIRONMENT, trust, _now())
    issue_server(authority, "broker", [LOOPBACK, "localhost"], trust, _now())
    listed = current_list(authority.store, authority.issuer(), _now())
    write_file(trust / "crl.pem", listed.encode())


async def _import_handbook(places: Places, runner: Runner) -> None:
    """The sample handbook, searchable by words at once; the hub encodes its meaning by itself."""
    command = _hub("precedents import", places, "--sample", "--no-encode")
    await runner.run("hub-precedents", command)


async def _add_accounts(places: Places, runner: Runner, accounts: tuple[Account, ...]) -> None:
    async def add(account: Account) -> None:
        command = _hub("account add", places, "--login", account.login)
        command += ["--staff-id", account.staff_id, "--name", account.name]
        for role in account.roles:
            command += ["--role", role]
        command += ["--password-fd", "{0}", "--pin-fd", "{1}"]
        secret = (account.password.encode(), account.pin.encode())
        await runner.run("hub-accounts", command, secret)

    await asyncio.gather(*(add(account) for account in accounts))


async def _enrol_unit(places: Places, authority: AuthorityFolder) -> None:
    order = TokenOrder(UNIT, OFFICE, _ENVIRONMENT, _TOKEN_LIFE)
    line = make_token(authority.store, authority.root_sha256, order, _now())
    url = f"https://{LOOPBACK}:{places.authority_port}"
    await enrol(url, OneTimeToken.parse(line), places.unit)


def _hub(verb: str, places: Places, *more: str) -> list[str]:
    program = str(_BIN / "madoguchi-hub")
    return [program, *verb.split(), "--config", str(places.hub_config), *more]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
