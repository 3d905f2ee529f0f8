"""Who a virtual card belongs to, as data: invented people, PINs, what is wrong with the card."""

import datetime as dt
import tomllib
from dataclasses import dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import Any, cast

from drivers.card_reader.errors import PersonaError
from intake.certificates.anchors import Hierarchy


@dataclass(frozen=True)
class Faults:
    """How the card misbehaves. The defaults are a well-behaved card.

    `filler`: FF bytes after each object; `short_reads`: at most so many bytes a read (0 = no
    limit); `chained`: answers by 61xx; `strict_le`: 6Cxx or 6700 for an Le that is not exact;
    `no_extended`: 6700 for extended APDUs; `end_of_file`: 6282 instead of 9000 at the end;
    `slow_ms`: delay before each answer; `wrong_signature`: signatures that do not verify;
    `foreign_card_key`: the card's own key is not the certified one; `tampered_text`: the
    attributes were changed after they were signed; `forged_issuer`: an unknown root signed;
    `foreign_files`: all files are those of another good card; `le_refused`: 6700 for an Le that
    is not exact; `lying_length`: objects say that they are so many bytes longer; `endless`: each
    answer says that more follows, for ever; `changing`: long files differ each time they are read;
    `late_ms`, `late_at`: only the command of this number (from 0, since power) is answered late;
    `torn_at`: leaves the reader in place of this answer (from 1, since power; 0 = never).
    """

    filler: int = 0
    short_reads: int = 0
    chained: bool = False
    strict_le: bool = False
    no_extended: bool = False
    end_of_file: bool = False
    slow_ms: int = 0
    wrong_signature: bool = False
    foreign_card_key: bool = False
    tampered_text: bool = False
    forged_issuer: bool = False
    foreign_files: bool = False
    le_refused: bool = False
    lying_length: int = 0
    endless: bool = False
    changing: bool = False
    late_ms: int = 0
    late_at: int = 0
    torn_at: int = 0


@dataclass(frozen=True)
class PinState:
    """A PIN's value and the tries left when the card is first put on."""

    value: str = field(repr=False)
    tries: int


@dataclass(frozen=True)
class CertificateNames:
    """What the signing certificate says; `*_flags` mark substituted characters with 1."""

    name: str
    name_flags: str
    address: str
    address_flags: str


@dataclass(frozen=True)
class Persona:
    """One card. Every person, address and number is invented.

    `profile` names the kind of card; `token` is what it calls itself ("": as its profile says).
    """

    title: str
    my_number_card: bool = True
    hierarchy: Hierarchy = Hierarchy.PRODUCTION
    profile: str = "my_number_2016"
    token: str = ""
    signing_certificate: bool = True
    name: str = ""
    address: str = ""
    birth_date: dt.date = dt.date(2000, 1, 1)
    sex: str = "9"
    my_number: str = "0" * 12
    expires_on: dt.date = dt.date(2035, 1, 1)
    security_code: str = "0000"
    certificate_days: tuple[int, int] = (-30, 1500)
    certificate: CertificateNames | None = None
    auth_pin: PinState = PinState("1234", 3)
    sign_password: PinState = PinState("DEMO1234", 5)
    text_pin: PinState = PinState("1234", 3)
    faults: Faults = Faults()


def persona_names() -> tuple[str, ...]:
    """The personas that come with the house, in alphabetical order."""
    folder = resources.files("drivers.card_reader") / "personas"
    return tuple(
        sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if _is_toml(item.name))
    )


def load_persona(name: str) -> Persona:
    """A persona by name, or from a path that ends in .toml; raises PersonaError."""
    if name.endswith(".toml"):
        return parse_persona(Path(name).read_text(encoding="utf-8"))
    if name not in persona_names():
        raise PersonaError(f"no persona {name!r}; one of {', '.join(persona_names())}")
    file = resources.files("drivers.card_reader") / "personas" / f"{name}.toml"
    return parse_persona(file.read_text(encoding="utf-8"))


def parse_persona(text: str) -> Persona:
    """The persona a TOML text describes; raises PersonaError naming the key."""
    try:
        values: dict[str, Any] = dict(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PersonaError(f"a persona is a TOML file: {error}") from error
    for key, kind in (("certificate", CertificateNames), ("faults", Faults)):
        if key in values:
            values[key] = _table(kind, values[key], key)
    for key in ("auth_pin", "sign_password", "text_pin"):
        if key in values:
            values[key] = _table(PinState, values[key], key)
    if "hierarchy" in values:
        values["hierarchy"] = Hierarchy(values["hierarchy"])
    if "certificate_days" in values:
        values["certificate_days"] = tuple(values["certificate_days"])
    return cast("Persona", _table(Persona, values, "persona"))


def with_faults(faults: Faults, values: dict[str, object]) -> Faults:
    """`faults` with some of them replaced; raises PersonaError for a name that is none."""
    merged = {item.name: getattr(faults, item.name) for item in fields(Faults)} | values
    return cast("Faults", _table(Faults, merged, "faults"))


def _table(kind: type[Any], values: dict[str, Any], where: str) -> object:
    known = {item.name for item in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise PersonaError(f"{where} has no key {unknown[0]!r}; known: {', '.join(sorted(known))}")
    try:
        return kind(**values)
    except TypeError as error:
        raise PersonaError(f"{where}: {error}") from error


def _is_toml(name: str) -> bool:
    return name.endswith(".toml")
