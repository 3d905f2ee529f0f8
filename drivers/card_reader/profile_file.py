"""Reads card profiles from TOML files: those that come with the house, and any other."""

import functools
import tomllib
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, cast

from drivers.card_reader.errors import ProfileError
from drivers.card_reader.profile import (
    Algorithm,
    CardProfile,
    Certificates,
    FilePlace,
    KeyPlace,
    PinPlace,
)
from intake.certificates.errors import ProfileError as CertificateProfileError
from intake.certificates.profile import CertificateProfile
from intake.certificates.profile import parse_profile as certificate_profile

_Table = dict[str, Any]
PROFILE_KEYS = frozenset(
    {
        "name",
        "kind",
        "extends",
        "identified_by",
        "labels",
        "label_bytes",
        "certificates",
        "certificate_form",
        "application",
        "file",
        "pin",
        "key",
    }
)
DEFAULT_PROFILE = "my_number_2016"


def load_profiles(extra: Sequence[Path] = ()) -> tuple[CardProfile, ...]:
    """The profiles of the house, and those in the files `extra`, which are asked for first.

    Raises ProfileError naming the file and what is wrong in it.
    """
    return (*(_read(path) for path in extra), *_built_in())


def parse_profile(text: str, *, source: str, folder: Path | None = None) -> CardProfile:
    """The profile a TOML text describes; `extends` takes over one of the house's.

    `certificate_form` names a file in `folder`, in the form of intake/certificates/jpki.toml.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{source}: not a TOML file: {error}") from error
    try:
        return _profile(_extended(values), folder)
    except (KeyError, TypeError, ValueError, OSError, CertificateProfileError) as error:
        raise ProfileError(f"{source}: {error}; see docs/card-driver.md") from error
    except ProfileError as error:
        raise ProfileError(f"{source}: {error}") from error


def built_in(name: str) -> CardProfile:
    """One profile of the house by its name; raises ProfileError."""
    for profile in _built_in():
        if profile.name == name:
            return profile
    known = ", ".join(profile.name for profile in _built_in())
    raise ProfileError(f"no card profile {name!r}; one of {known}")


@functools.cache
def _built_in() -> tuple[CardProfile, ...]:
    # the longest known first: an unknown token name is taken for the first profile's
    names = sorted(_texts(), key=lambda name: (name != DEFAULT_PROFILE, name))
    return tuple(parse_profile(_texts()[name], source=name) for name in names)


@functools.cache
def _texts() -> dict[str, str]:
    folder = resources.files("drivers.card_reader") / "profiles"
    return {
        item.name.removesuffix(".toml"): item.read_text(encoding="utf-8")
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    }


def _read(path: Path) -> CardProfile:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: cannot be read as a card profile") from error
    return parse_profile(text, source=path.name, folder=path.parent)


def _extended(values: _Table) -> _Table:
    base = values.get("extends")
    if base is None:
        return values
    if base not in _texts():
        raise ProfileError(f"extends {base!r}, which is no profile of the house")
    return _merged(_extended(tomllib.loads(_texts()[base])), values)


def _merged(base: _Table, over: _Table) -> _Table:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        merged[key] = _merged(cast("_Table", old), cast("_Table", value)) if both else value
    return merged


def _profile(values: _Table, folder: Path | None) -> CardProfile:
    _only(values, PROFILE_KEYS, "a profile")
    certificates = values.get("certificates")
    profile = CardProfile(
        name=str(values["name"]),
        kind=str(values["kind"]),
        identified_by=str(values["identified_by"]),
        labels=tuple(values.get("labels", ())),
        label_bytes=int(values.get("label_bytes", 32)),
        certificates=None if certificates is None else Certificates(**certificates),
        certificate_form=_certificate_form(values.get("certificate_form"), folder),
        applications={name: bytes.fromhex(aid) for name, aid in values["application"].items()},
        files={name: _file(name, entry) for name, entry in values.get("file", {}).items()},
        pins={name: _pin(name, entry) for name, entry in values.get("pin", {}).items()},
        keys={name: _key(name, entry) for name, entry in values.get("key", {}).items()},
    )
    _check(profile)
    return profile


def _certificate_form(name: str | None, folder: Path | None) -> CertificateProfile | None:
    if name is None or folder is None:
        return None
    return certificate_profile((folder / name).read_text(encoding="utf-8"))


def _file(name: str, entry: _Table) -> FilePlace:
    values: _Table = {**entry, "opened_by": tuple(entry.get("opened_by", ()))}
    return FilePlace(name, **values)


def _pin(name: str, entry: _Table) -> PinPlace:
    values: _Table = {"secret": name, **entry}
    return PinPlace(name, **values)


def _key(name: str, entry: _Table) -> KeyPlace:
    values: _Table = {**entry, "algorithm": Algorithm(entry["algorithm"])}
    return KeyPlace(name, **values)


def _check(profile: CardProfile) -> None:
    places = (*profile.files.values(), *profile.pins.values(), *profile.keys.values())
    _known((place.application for place in places), profile.applications, "application")
    _known((profile.identified_by,), profile.applications, "application")
    locks = [pin for file in profile.files.values() for pin in file.opened_by]
    locks += [key.pin for key in profile.keys.values() if key.pin is not None]
    _known(locks, profile.pins, "pin")


def _known(names: Iterable[str], known: Iterable[str], what: str) -> None:
    missing = sorted(set(names) - set(known))
    if missing:
        raise ProfileError(f"{missing[0]!r} is named and is no [{what}] of the profile")


def _only(values: _Table, known: frozenset[str], where: str) -> None:
    unknown = sorted(set(values) - known)
    if unknown:
        raise ProfileError(f"{where} has no key {unknown[0]!r}; known: {', '.join(sorted(known))}")
