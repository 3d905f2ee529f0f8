"""The unit's configuration: one TOML file read into frozen dataclasses, nothing else.

`edge/unit.example.toml` shows every key; a test keeps the two in step. Secrets are never here:
keys lie in the enrolment folder, page tokens in the state folder (both readable by the unit only).
"""

import dataclasses
import difflib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from edge.errors import SettingsError


@dataclass(frozen=True)
class UnitFolders:
    """Where the unit keeps what enrolment gave it and what it must not lose."""

    identity: Path = Path("/var/lib/madoguchi/identity")  # keys, certificates, office.toml
    state: Path = Path("/var/lib/madoguchi/state")  # outbox, drafts, page tokens


@dataclass(frozen=True)
class ResidentPage:
    """The listener of the display under the pen."""

    host: str = "127.0.0.1"
    port: int = 8101  # 0 takes a free port; state/pages.json says which
    language: str = "ja"


@dataclass(frozen=True)
class ClerkPage:
    """The listener of the clerk's display."""

    host: str = "127.0.0.1"
    port: int = 8102
    language: str = "ja"
    idle_minutes: float = 15.0  # without a touch the clerk is logged out
    warning_seconds: float = 60.0  # the page warns this long before
    attempts: int = 5  # wrong PINs until a lock-out
    lockout_seconds: float = 300.0


@dataclass(frozen=True)
class Broker:
    """How notifications travel to the office."""

    addresses: tuple[str, ...] = ()  # "host:port" in order of preference; empty: office.toml
    window: int = 100  # events without a receipt in flight at once
    resend_seconds: float = 1.5
    resend_ceiling_seconds: float = 30.0
    keepalive_seconds: int = 20
    health_seconds: float = 30.0


@dataclass(frozen=True)
class Outbox:
    """How the outbox treats the disk it lies on."""

    keep_days: int = 14  # receipted bytes stay this long, so that the office can ask again
    ballast_mib: float = 16.0  # given back when the disk is full, so that the outbox can drain
    reserve_mib: float = 16.0  # with less room than this no new notification is taken


@dataclass(frozen=True)
class Tablet:
    """The pen."""

    address: str = "browser:"
    browser_pen: bool = False  # the resident's page is a pen too, beside the tablet
    picture_hz: float = 60.0  # how often ink is sent to a page; the log keeps every sample


@dataclass(frozen=True)
class CardReader:
    """The reader of My Number cards."""

    address: str = "pcsc:0"
    anchors: Path | None = None  # folder of pinned card anchors; None: no card is genuine
    demo_authority: Path | None = None  # of virtual cards (`sim:PERSONA`); never in production
    number_procedures: tuple[str, ...] = ()  # that need the individual number of the card's holder
    signed_procedures: tuple[str, ...] = ()  # that are signed with the card as well as by pen


@dataclass(frozen=True)
class Recogniser:
    """Recognition of drawn characters."""

    runtime: str = "litert"
    candidates: int = 12
    font: Path | None = None  # None: the Debian font fonts-ipamj-mincho


@dataclass(frozen=True)
class Logging:
    """What is written to stderr."""

    level: str = "info"


@dataclass(frozen=True)
class Settings:
    """Everything the unit can be told."""

    unit: UnitFolders = field(default_factory=UnitFolders)
    resident: ResidentPage = field(default_factory=ResidentPage)
    clerk: ClerkPage = field(default_factory=ClerkPage)
    broker: Broker = field(default_factory=Broker)
    outbox: Outbox = field(default_factory=Outbox)
    tablet: Tablet = field(default_factory=Tablet)
    card_reader: CardReader = field(default_factory=CardReader)
    recogniser: Recogniser = field(default_factory=Recogniser)
    log: Logging = field(default_factory=Logging)


def load(path: Path) -> Settings:
    """Settings of the TOML file at `path`; SettingsError names file, key and the nearest key."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); give --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error
    hints = get_type_hints(Settings)
    sections: dict[str, Any] = {}
    for name, value in table.items():
        if name not in hints:
            raise SettingsError(_unknown(path, name, tuple(hints)))
        if not isinstance(value, dict):
            raise SettingsError(f"{path}: {name} must be a table, written [{name}]")
        sections[name] = _section(path, name, hints[name], value)
    return Settings(**sections)


def _section(path: Path, name: str, kind: type[Any], table: dict[str, Any]) -> object:
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for key, value in table.items():
        where = f"{name}.{key}"
        if key not in hints:
            raise SettingsError(_unknown(path, where, tuple(f"{name}.{k}" for k in hints)))
        values[key] = _value(path, where, hints[key], value)
    return kind(**values)


def _value(path: Path, where: str, wanted: Any, value: object) -> object:  # noqa: ANN401 - a type hint is a runtime value of no one type
    if isinstance(wanted, UnionType):
        wanted = next(part for part in get_args(wanted) if part is not type(None))
    if get_origin(wanted) is tuple:
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return tuple(value)
        raise SettingsError(f"{path}: {where} must be a list of strings")
    if wanted is Path and isinstance(value, str):
        return (path.parent / value).absolute()
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is wanted:
        return value
    raise SettingsError(f"{path}: {where} must be a {wanted.__name__}, not {value!r}")


def _unknown(path: Path, key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
    return f"{path}: unknown key {key}; did you mean {near[0] if near else known[0]}?"


def keys() -> tuple[str, ...]:
    """Every `section.key`, in the order of the classes; what the example file must show."""
    hints = get_type_hints(Settings)
    return tuple(
        f"{name}.{part.name}" for name, kind in hints.items() for part in dataclasses.fields(kind)
    )
