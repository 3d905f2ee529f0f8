"""The hub's configuration: one TOML file read into frozen dataclasses.

`hub/hub.example.toml` shows every key; a test keeps the two in step. Secrets are never here: keys
lie in the state and trust folders, passphrases come through file descriptors.
"""

import dataclasses
import difflib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import Any, cast, get_args, get_type_hints

from hub.errors import SettingsError
from hub.messages.channels.configuration import Channels, DeliveryTimes
from intake.office.environment import Environment


@dataclass(frozen=True)
class Office:
    """Which municipality this hub serves."""

    code: str = ""  # 6-digit local government code, with check digit
    name: str = ""
    environment: Environment = Environment.PRODUCTION


@dataclass(frozen=True)
class Folders:
    """Where the hub keeps what it must not lose."""

    folder: Path = Path("state")


@dataclass(frozen=True)
class Trust:
    """Certificates issued by the authority (docs/hub-interface.md lists the files)."""

    folder: Path = Path("trust")


@dataclass(frozen=True)
class Authority:
    """Where the device directory and the revocation list are asked for; empty: only files."""

    url: str = ""
    refresh_seconds: float = 300.0


@dataclass(frozen=True)
class Database:
    """SQLAlchemy URL; empty: SQLite in the state folder."""

    url: str = ""


@dataclass(frozen=True)
class Broker:
    """The mosquitto that units and hub meet at."""

    child: bool = True
    program: str = "mosquitto"
    user: str = "mosquitto"
    listen: str = "127.0.0.1"
    host: str = "127.0.0.1"
    port: int = 8883
    message_size_limit: int = 1_048_576
    max_queued_bytes: int = 67_108_864
    memory_limit: int = 536_870_912


@dataclass(frozen=True)
class Intake:
    """How the writer gathers events into one commit, and what it sets aside at most."""

    batch: int = 200
    linger_ms: float = 5.0
    quarantine_bytes: int = 67_108_864


@dataclass(frozen=True)
class Web:
    """The staff pages."""

    host: str = "127.0.0.1"
    port: int = 8200
    certificate: str = ""
    key: str = ""
    secure_cookies: bool = True
    session_minutes: float = 30.0
    language: str = "ja"


@dataclass(frozen=True)
class Review:
    """How review works in this office."""

    due_days: int = 14


@dataclass(frozen=True)
class Cards:
    """Trust anchors of My Number cards, checked again at the hub; a folder of *.der files."""

    anchors: Path | None = None


@dataclass(frozen=True)
class Revocation:
    """Whom the hub asks about the revocation of residents' certificates; all empty: nobody."""

    responder: str = ""
    lists: Path | None = None
    list_urls: tuple[str, ...] = ()
    timeout_seconds: float = 5.0
    again_seconds: float = 60.0

    @property
    def configured(self) -> bool:
        """Whether there is anybody to ask."""
        return bool(self.responder or self.lists or self.list_urls)


@dataclass(frozen=True)
class Precedents:
    """The search in laws and precedents: what an operator may import, and with which model."""

    folder: Path | None = None  # files below it may be imported from the page
    publishers: Path | None = None  # public keys (*.pem) of those whose bundles the page takes
    model: Path | None = None  # an encoder of one's own; none: those that are installed


@dataclass(frozen=True)
class Sending:
    """How messages to residents are sent off in this office."""

    four_eyes_over: int = 50  # a batch to more people needs a second sender
    tell_decisions: bool = True  # accepting or returning a notification sends a message
    section: str = ""  # named in messages about notifications
    telephone: str = ""


@dataclass(frozen=True)
class Api:
    """How much each core system may hand in through the API, and at once."""

    messages_per_minute: int = 3000
    requests_per_minute: int = 1200
    request_bytes: int = 25_165_824
    batch_bytes: int = 67_108_864


@dataclass(frozen=True)
class Logging:
    """What is written to stderr."""

    level: str = "info"


@dataclass(frozen=True)
class Settings:
    """Everything the hub can be told."""

    office: Office = field(default_factory=Office)
    state: Folders = field(default_factory=Folders)
    trust: Trust = field(default_factory=Trust)
    authority: Authority = field(default_factory=Authority)
    database: Database = field(default_factory=Database)
    broker: Broker = field(default_factory=Broker)
    intake: Intake = field(default_factory=Intake)
    web: Web = field(default_factory=Web)
    review: Review = field(default_factory=Review)
    cards: Cards = field(default_factory=Cards)
    revocation: Revocation = field(default_factory=Revocation)
    precedents: Precedents = field(default_factory=Precedents)
    sending: Sending = field(default_factory=Sending)
    api: Api = field(default_factory=Api)
    channels: Channels = field(default_factory=Channels)
    delivery: DeliveryTimes = field(default_factory=DeliveryTimes)
    log: Logging = field(default_factory=Logging)

    @property
    def database_url(self) -> str:
        """The URL to connect to, with the default filled in."""
        return self.database.url or f"sqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        """Where the embedded database lies."""
        return self.state.folder / "hub.sqlite3"


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
    for name, kind in (("state", Folders), ("trust", Trust)):
        sections.setdefault(name, kind((path.parent / name).absolute()))
    settings = Settings(**sections)
    _check(path, settings)
    return settings


def keys() -> tuple[str, ...]:
    """Every `section.key`, in the order of the classes; what the example file must show."""
    return tuple(
        key for name, kind in get_type_hints(Settings).items() for key in _keys_of(name, kind)
    )


def _keys_of(name: str, kind: type[Any]) -> Iterator[str]:
    hints = get_type_hints(kind)
    for part in dataclasses.fields(kind):
        if dataclasses.is_dataclass(hints[part.name]):
            yield from _keys_of(f"{name}.{part.name}", hints[part.name])
        else:
            yield f"{name}.{part.name}"


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
    if dataclasses.is_dataclass(wanted):
        if not isinstance(value, dict):
            raise SettingsError(f"{path}: {where} must be a table, written [{where}]")
        return _section(path, where, cast("type[Any]", wanted), cast("dict[str, Any]", value))
    if isinstance(wanted, UnionType):
        wanted = next(part for part in get_args(wanted) if part is not type(None))
    if wanted is Path and isinstance(value, str):
        return (path.parent / value).absolute()
    if wanted is Environment and isinstance(value, str):
        try:
            return Environment(value)
        except ValueError:
            known = ", ".join(member.value for member in Environment)
            raise SettingsError(f"{path}: {where} must be one of {known}") from None
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if wanted == tuple[str, ...] and isinstance(value, list):
        return _texts(path, where, cast("list[object]", value))
    if type(value) is wanted:
        return value
    raise SettingsError(f"{path}: {where} must be a {getattr(wanted, '__name__', wanted)}")


def _texts(path: Path, where: str, values: list[object]) -> tuple[str, ...]:
    if not all(isinstance(value, str) for value in values):
        raise SettingsError(f"{path}: {where} must be a list of texts")
    return tuple(cast("list[str]", values))


def _check(path: Path, settings: Settings) -> None:
    office, web = settings.office, settings.web
    if not (len(office.code) == len("131016") and office.code.isdecimal()):
        raise SettingsError(f"{path}: office.code must be the 6-digit local government code")
    if not web.secure_cookies and office.environment is Environment.PRODUCTION:
        raise SettingsError(f"{path}: web.secure_cookies = false is refused in production")
    if bool(web.certificate) != bool(web.key):
        raise SettingsError(f"{path}: web.certificate and web.key are given together or not at all")


def _unknown(path: Path, key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
    return f"{path}: unknown key {key}; did you mean {near[0] if near else known[0]}?"
