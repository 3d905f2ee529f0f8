"""Every process of the demo office, in one list, in the order of starting."""

import sys
from dataclasses import dataclass
from pathlib import Path

from provisioning.demo.places import Places

_PYTHON = sys.executable
_BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Process:
    """One process: how it is started, how it says that it is up, what to do when it does not."""

    name: str
    command: tuple[str, ...]
    ready: str  # "line": prints one line; "port": `places.broker_port` answers; "file": pages.json
    next_step: str
    seconds: float = 20.0
    secrets: tuple[Path, ...] = ()  # files given on the descriptors that `{0}`, `{1}` name


def authority(places: Places) -> Process:
    """The certificate authority, with the issuing key."""
    return Process(
        "authority",
        (
            str(_BIN / "madoguchi-provision"),
            *("authority", "serve", "--state", str(places.authority)),
            *("--port", str(places.authority_port)),
        ),
        "line",
        "see whether another program holds its port",
    )


def broker(places: Places) -> Process:
    """Mosquitto on the configuration that the hub generates."""
    return Process(
        "broker",
        (str(_BIN / "madoguchi-hub"), "broker", "run", "--config", str(places.hub_config)),
        "port",
        "check that the package mosquitto is installed (`./setup demo`)",
    )


def hub(places: Places) -> Process:
    """The office: log, review, register, staff pages."""
    return Process(
        "hub",
        (str(_BIN / "madoguchi-hub"), "serve", "--config", str(places.hub_config)),
        "line",
        "run `madoguchi-hub serve` by hand with the configuration named above",
    )


def simulator(places: Places) -> Process:
    """The services behind the channels: residents' boxes and telephones."""
    (certificate,) = (places.hub / "state" / "keys").glob("*.crt")
    return Process(
        "simulator",
        (
            *(str(_BIN / "madoguchi-hub"), "channels", "simulate"),
            *("--folder", str(places.simulator), "--port", str(places.simulator_port)),
            *("--token-fd", "{0}", "--secret-fd", "{1}", "--certificates", str(certificate)),
        ),
        "line",
        "see whether another program holds its port",
        secrets=(places.channel_secrets / "mynaportal", places.channel_secrets / "sms"),
    )


def unit(places: Places) -> Process:
    """The counter unit, inside a bench with a real event node and one with a real pcscd."""
    return Process(
        "unit",
        (
            *(_PYTHON, "-m", "drivers.tablet.simulated_tablet"),
            *("--control", str(places.tablet_control), "--"),
            *(_PYTHON, "-m", "drivers.card_reader.bench"),
            *("--control", str(places.card_control), "--pki", str(places.card_pki), "--"),
            *(str(_BIN / "madoguchi-edge"), "run", "--config", str(places.unit_config)),
        ),
        "file",
        "check that pcscd, vsmartcard-vpcd, bubblewrap and umockdev are installed (`./setup demo`)",
        seconds=40.0,
    )
