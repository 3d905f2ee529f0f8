"""A whole office in real processes: mosquitto with mutual TLS, the hub, and its staff's desk."""

import http.client
import json
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from hub.accounts import staff
from hub.accounts.staff import NewAccount
from hub.broker import folder as broker_folder
from hub.broker.child import command
from hub.office import Office
from hub.settings import Settings, load
from intake.event.keys import PublicKey, ReaderKey
from intake.event.keyset import KeySet, read_keyset
from intake.office.roster import Role
from tests.hub.counter_unit import OFFICE, CounterUnit, Town
from tests.system.faults.desk import CLERK, PASSWORD, PIN, Desk, Json
from tests.system.faults.processes import ROOT, RealProcess, environment, python, until

DRIVER = Path(__file__).with_name("unit_driver.py")


@dataclass
class RealOffice:
    """Town (certificates), broker and hub below one folder."""

    folder: Path
    port: int
    state: Path | None = None
    town: Town = field(init=False)
    hub: RealProcess = field(init=False)
    broker: RealProcess = field(init=False)
    units: list["RealUnit"] = field(default_factory=list["RealUnit"])

    def __post_init__(self) -> None:
        self.town = Town(self.folder / "trust")
        self.town.broker_and_hub()
        self.config.write_text(self._toml())
        office = Office.create(self.settings, ReaderKey.generate().public)
        roles = frozenset({Role.CLERK, Role.REVIEWER, Role.OPERATOR})
        staff.add(office.journal, NewAccount(CLERK, CLERK, "佐藤", roles, PASSWORD, PIN), "test")
        office.close()
        self.hub = RealProcess("hub", self.hub_command("serve"), self.folder)
        configuration = broker_folder.prepare(self.settings)
        words = command(self.settings, configuration, dies_with_parent=False)
        self.broker = RealProcess("broker", words, self.folder)

    @property
    def config(self) -> Path:
        return self.folder / "hub.toml"

    @property
    def settings(self) -> Settings:
        return load(self.config)

    def _toml(self) -> str:
        state = self.state or self.folder / "state"
        return f"""
[office]
code = "{OFFICE}"
name = "千代田区"
environment = "demo"
[state]
folder = "{state}"
[broker]
port = {self.port}
child = false
[web]
port = 0
secure_cookies = false
"""

    def hub_command(self, *words: str) -> list[str]:
        return python("-m", "hub", *words, "--config", self.config)

    def run_hub_command(self, *words: str, secret: str | None = None) -> Json | list[Json]:
        """Run one `madoguchi-hub` command with --json; `secret` goes through --passphrase-fd 0."""
        more = [] if secret is None else ["--passphrase-fd", "0"]
        done = subprocess.run(
            [*self.hub_command(*words), "--json", *more],
            input=secret or "",
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=environment(),
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr[-2000:])
        return json.loads(done.stdout)

    def start_broker(self) -> None:
        broker_folder.prepare(self.settings)
        self.broker.start()
        until(self.broker_listens, "the broker listens")

    def broker_listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def start_hub(self) -> None:
        before = self._ready_lines()
        self.hub.start()
        until(lambda: self._ready_lines() > before or not self.hub.alive, "the hub serves")
        assert self.hub.alive, self.hub.said()

    def _ready_lines(self) -> int:
        return self.hub.out.read_text().count("\n") if self.hub.out.exists() else 0

    @property
    def serving(self) -> Json:
        """What the newest hub said when it was up."""
        return json.loads(self.hub.out.read_text().splitlines()[-1])

    def start(self) -> None:
        self.start_broker()
        self.start_hub()

    def healthy(self) -> bool:
        """What /healthz says to anybody."""
        address = urlsplit(self.serving["web"])
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
        connection.close()
        return status == http.client.OK

    def desk(self) -> "Desk":
        """Somebody of the staff, logged in at the hub's web server."""
        return Desk(self.serving["web"])

    def unit(self, device: str = "unit-01", *, listed: bool = True) -> "RealUnit":
        """A unit that is enrolled and not yet started."""
        made = RealUnit(self, self.town.enrol(device, listed=listed))
        self.units.append(made)
        return made

    def list_unit(self, enrolled: CounterUnit) -> None:
        """The authority's directory names a unit that it did not name before."""
        signing = {"use": "signing", "status": "active", "pem": enrolled.signing.pem().decode()}
        listed = {"device": enrolled.device, "environment": "demo", "status": "active"}
        self.town.units.append({**listed, "certificates": [signing]})
        self.town.write()

    def anchor(self) -> bytes:
        return (self.settings.state.folder / "keys" / "office_anchor.pub").read_bytes()

    def keyset(self) -> KeySet:
        """The key set as the hub would publish it now."""
        office = Office.open(self.settings)
        try:
            return read_keyset(office.publications.key_set(), PublicKey.from_pem(self.anchor()))
        finally:
            office.close()

    def close(self) -> None:
        for unit in self.units:
            unit.process.kill()
        self.hub.kill()
        self.broker.kill()
        shutil.rmtree(broker_folder.broker_folder(self.settings), ignore_errors=True)


class RealUnit:
    """An enrolled unit's folder and the driver process that files in it."""

    def __init__(
        self, office: RealOffice, enrolled: CounterUnit, folder: Path | None = None
    ) -> None:
        self.office = office
        self.enrolled = enrolled
        self.folder = folder or office.folder / enrolled.device
        self.folder.mkdir()
        self._write_identity()
        self.configure()
        self.process = RealProcess("unit", python(DRIVER, "--config", self.config), self.folder)

    @property
    def config(self) -> Path:
        return self.folder / "unit.toml"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def configure(self, text: str = "", *, broker: str = "") -> None:
        """Write unit.toml; `text` is further tables, `broker` further lines of [broker]."""
        self.config.write_text(
            f"""
[unit]
identity = "identity"
state = "state"
[resident]
port = 0
[clerk]
port = 0
[broker]
resend_seconds = 0.5
resend_ceiling_seconds = 2.0
{broker}
{text or SMALL_OUTBOX}
"""
        )

    def _write_identity(self) -> None:
        identity, unit = self.folder / "identity", self.enrolled
        identity.mkdir()
        encryption = unit.reader.to_pem()
        for name, data in (
            ("tls.key", unit.tls.key_pem()),
            ("tls.crt", unit.tls.pem()),
            ("signing.key", unit.signing.key_pem()),
            ("signing.crt", unit.signing.pem()),
            ("encryption.key", encryption),
            ("chain.pem", (self.office.town.trust / "chain.pem").read_bytes()),
            ("office_anchor.pub", self.office.anchor()),
        ):
            (identity / name).write_bytes(data)
        number = len(self.office.units) + 1
        (identity / "office.toml").write_text(
            f'office = "{OFFICE}"\ndevice = "{unit.device}"\ndevice_code = "{number:03d}"\n'
            f'environment = "demo"\n[broker]\nhost = "127.0.0.1"\nport = {self.office.port}\n'
        )

    def start(self, *options: str) -> None:
        self.process.command = python(DRIVER, "--config", self.config, *options)
        self.process.start()

    def start_program(self) -> None:
        """Start the unit's own program on this folder instead of the driver."""
        self.process.command = python("-m", "edge", "run", "--config", self.config)
        self.process.start()

    def file(self, count: int = 1) -> None:
        """Have the driver file, and wait until it has shown the numbers."""
        before = len(self.shown())
        self.process.tell(f"file {count}")
        until(lambda: len(self.shown()) >= before + count, f"{count} filed; {self.process.said()}")

    def lines(self) -> list[Json]:
        """Whole lines that all runs of the driver have written."""
        if not self.process.out.exists():
            return []
        text = self.process.out.read_text()
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def shown(self) -> dict[str, str]:
        """Reception numbers that were shown, each with its identity."""
        return {line["number"]: line["identity"] for line in self.lines() if "number" in line}

    def rows(self) -> list[Json]:
        """The outbox as `madoguchi-edge outbox list` tells it, oldest first."""
        done = subprocess.run(
            python("-m", "edge", "outbox", "list", "--config", self.config, "--json"),
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=environment(),
        )
        return list(reversed(json.loads(done.stdout)["rows"]))

    def state_of(self, identity: str) -> tuple[str, str | None]:
        (row,) = [row for row in self.rows() if row["identity"].lower() == identity]
        return row["state"], row["reason"]

    def told(self) -> bool:
        """Whether the unit holds the office's keys."""
        return (self.state / "office" / "keys").exists()

    def waiting(self) -> int:
        """Rows without a receipt."""
        return int(self._status()["waiting"])

    def alarm(self) -> str | None:
        """What the unit, as a witness of the log, shows to the clerk."""
        found = self._status()["alarm"]
        return None if found is None else str(found)

    def holds_checkpoint(self) -> bool:
        """Whether the unit has a checkpoint of the log to compare later ones with."""
        return (self.state / "office" / "checkpoint").exists()

    def verify(self) -> Json:
        """`madoguchi-edge outbox verify`: file, chain, seals, receipts."""
        done = subprocess.run(
            python("-m", "edge", "outbox", "verify", "--config", self.config, "--json"),
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=environment(),
        )
        return json.loads(done.stdout)

    def _status(self) -> Json:
        from edge.outbox.inspection import state_of  # noqa: PLC0415 - only here
        from edge.settings import load as load_unit  # noqa: PLC0415 - only here

        return state_of(load_unit(self.config))


SMALL_OUTBOX = """
[outbox]
ballast_mib = 0.1
reserve_mib = 0.1
"""
