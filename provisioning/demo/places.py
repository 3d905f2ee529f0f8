"""Where the demo office keeps things and which ports it speaks on."""

import hashlib
import socket
from dataclasses import dataclass
from pathlib import Path

OFFICE = "131016"
UNIT = "unit-01"
LOOPBACK = "127.0.0.1"
DEFAULT_PORTS = {
    "authority": 8443,
    "broker": 8883,
    "hub": 8200,
    "resident": 8101,
    "clerk": 8102,
    "panel": 8100,
    "simulator": 8400,
}


@dataclass(frozen=True)
class Places:
    """Folders below `state` and the ports of one demo office."""

    state: Path
    authority_port: int = 0
    broker_port: int = 0
    hub_port: int = 0
    resident_port: int = 0
    clerk_port: int = 0
    panel_port: int = 0
    simulator_port: int = 0

    @classmethod
    def choose(cls, state: Path, *, usual: bool) -> "Places":
        """Take the usual ports where they are free (`usual`), else free ones."""
        ports = _ports(usual=usual)
        return cls(state, *(ports[name] for name in DEFAULT_PORTS))

    @property
    def authority(self) -> Path:
        """The authority's folder."""
        return self.state / "authority"

    @property
    def offline(self) -> Path:
        """What would lie in a safe: root key, passphrase, recovery key."""
        return self.state / "offline"

    @property
    def hub(self) -> Path:
        """The hub's folder: hub.toml, state/, trust/."""
        return self.state / "hub"

    @property
    def hub_config(self) -> Path:
        """The hub's configuration."""
        return self.hub / "hub.toml"

    @property
    def laws(self) -> Path:
        """Files of law that a visitor puts here can be imported from the page."""
        return self.hub / "laws"

    @property
    def channel_secrets(self) -> Path:
        """The token and the secret that the hub shares with the services behind its channels."""
        return self.hub / "secrets"

    @property
    def letters(self) -> Path:
        """Where letters for the printer are put."""
        return self.hub / "letters"

    @property
    def simulator(self) -> Path:
        """The services behind the channels: what arrived."""
        return self.state / "simulator"

    @property
    def broker_runtime(self) -> Path:
        """Where the hub puts the broker's files when it runs as root, outside its own folder.

        Only for taking it away at the end: `madoguchi-hub broker run` becomes mosquitto and cannot.
        """
        mark = hashlib.sha256(str(self.hub.absolute() / "state").encode()).hexdigest()[:12]
        return Path("/run") / f"madoguchi-broker-{mark}"

    @property
    def unit(self) -> Path:
        """The unit's folder: unit.toml, identity/, state/."""
        return self.state / "unit"

    @property
    def unit_config(self) -> Path:
        """The unit's configuration."""
        return self.unit / "unit.toml"

    @property
    def outbox(self) -> Path:
        """The unit's outbox, read by the demo's own proof only."""
        return self.unit / "state" / "outbox" / "outbox.sqlite3"

    @property
    def office_keys(self) -> Path:
        """The key set of the office as the unit keeps it."""
        return self.unit / "state" / "office" / "keys"

    @property
    def tablet_control(self) -> Path:
        """The socket on which the simulated pen takes orders."""
        return self.state / "tablet.sock"

    @property
    def card_control(self) -> Path:
        """The socket on which the virtual card is inserted and removed."""
        return self.state / "card.sock"

    @property
    def card_pki(self) -> Path:
        """Keys and anchors of the virtual cards, made afresh."""
        return self.state / "card-pki"

    @property
    def logs(self) -> Path:
        """One log file for each process."""
        return self.state / "logs"


def _ports(*, usual: bool) -> dict[str, int]:
    """A port for every name; all are held until all are known, so that they differ."""
    held: list[socket.socket] = []
    chosen: dict[str, int] = {}
    try:
        for name, default in DEFAULT_PORTS.items():
            probe = _bound(default) if usual else None
            probe = probe or _bound(0)
            assert probe is not None, "the system gave no free port"
            held.append(probe)
            chosen[name] = probe.getsockname()[1]
    finally:
        for probe in held:
            probe.close()
    return chosen


def _bound(port: int) -> socket.socket | None:
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((LOOPBACK, port))
    except OSError:
        probe.close()
        return None
    return probe
