"""Looks at everything between a program and a card, in order, and says what to do next.

Nothing that costs a try is sent, and no PIN is asked for.
"""

import functools
import os
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import cast

from drivers import pcsc_listing
from drivers.card_reader.card_reading import CardReading, CounterWish
from drivers.card_reader.outcomes import OutcomeCode, secret_name
from drivers.card_reader.profile import Secret
from drivers.card_reader.reader_choice import choose_reader
from drivers.discovery import discover
from drivers.pcsc_listing import ReaderList, ReaderTrouble

_MISSING, _REFUSED = 3, 4
_HOLDERS = ("pn533_usb", "port100")
"""Kernel modules that take hold of a reader for themselves."""
_Texts = dict[str, dict[str, dict[str, str]]]
ReadEmpty = Callable[[str, CounterWish], CardReading]


def _installed(program: str) -> bool:
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
    return shutil.which(program, path=path) is not None


@dataclass(frozen=True)
class Finding:
    """One step and what was found; `exit_code` 0: all well. `code` never changes."""

    step: str
    code: str
    exit_code: int
    ja: str
    en: str

    @property
    def ok(self) -> bool:
        """Whether this step stands in nobody's way."""
        return self.exit_code == 0


@dataclass(frozen=True)
class Surroundings:
    """What the doctor looks at; a test puts others in their place."""

    sysfs: Path = Path("/sys")
    dev: Path = Path("/dev")
    list_readers: Callable[[], ReaderList] = pcsc_listing.list_readers
    has_program: Callable[[str], bool] = _installed


def examine(
    wanted: str, read_empty: ReadEmpty, surroundings: Surroundings | None = None
) -> tuple[Finding, ...]:
    """Service, reader, card, PINs, up to the first that fails.

    `wanted` names a reader ("" is the first); `read_empty` reads the card on a reader, named as
    pcscd does, for the empty wish it is given.
    """
    around = surroundings or Surroundings()
    listed = around.list_readers()
    service = _service(listed, around)
    if not service.ok:
        return (service,)
    reader, name = _reader(listed, wanted, around)
    if name is None:
        return (service, reader)
    reading = read_empty(name, CounterWish(frozenset(), b""))
    card = _card(reading)
    secrets = _secrets(reading) if card.ok else ()
    return (service, reader, card, *secrets)


def step_name(step: str) -> tuple[str, str]:
    """What a step is called, Japanese and English."""
    found = _texts()["step"][step]
    return found["ja"], found["en"]


def _service(listed: ReaderList, around: Surroundings) -> Finding:
    if listed.trouble in (ReaderTrouble.NOTHING, ReaderTrouble.NONE_PLUGGED):
        return _finding("service", "service_ok", 0)
    if listed.trouble is ReaderTrouble.SERVICE and not around.has_program("pcscd"):
        return _finding("service", "pcscd_missing", _MISSING)
    refused = listed.trouble is ReaderTrouble.PERMISSION
    return _discovered("service", listed, around, _REFUSED if refused else _MISSING)


def _reader(listed: ReaderList, wanted: str, around: Surroundings) -> tuple[Finding, str | None]:
    name = choose_reader(list(listed.names), wanted)
    if name is not None:
        return _finding("reader", "reader_ok", 0, where=name), name
    if listed.names:
        names = ", ".join(listed.names)
        return _finding("reader", "reader_not_named", _MISSING, where=names), None
    for module in _HOLDERS:
        if (around.sysfs / "module" / module).exists():
            return _finding("reader", "reader_kernel_module", _REFUSED, where=module), None
    return _discovered("reader", listed, around, _MISSING), None


def _discovered(step: str, listed: ReaderList, around: Surroundings, exit_code: int) -> Finding:
    """What discovery says of card readers, in its own words."""
    found = discover(around.sysfs, around.dev, lambda: listed)
    finding = next(one for one in found.findings if one.code.startswith("reader_"))
    return Finding(step, finding.code, exit_code, finding.message_ja, finding.message_en)


def _card(reading: CardReading) -> Finding:
    outcome = reading.outcome
    if outcome.ok:
        return _finding("card", "card_ok", 0, where=str(reading.kind))
    return Finding(
        "card", outcome.code, outcome.exit_code, outcome.message("ja"), outcome.message("en")
    )


def _secrets(reading: CardReading) -> tuple[Finding, ...]:
    found = [_secret(name, tries) for name, tries in reading.tries_left.items()]
    if reading.has_signing_certificate is False:
        found.append(_finding("secrets", OutcomeCode.NO_SIGNING_CERTIFICATE, 0))
    return tuple(found)


def _secret(name: str, tries: int) -> Finding:
    codes = {0: "blocked", 1: "one_left"}
    return _finding(
        "secrets",
        codes.get(tries, "tries"),
        _REFUSED if tries == 0 else 0,
        where=secret_name(Secret(name), "ja"),
        where_en=secret_name(Secret(name), "en"),
        tries=tries,
    )


def _finding(
    step: str, code: str, exit_code: int, *, where: str = "", where_en: str = "", tries: int = 0
) -> Finding:
    text = _texts()["finding"][code]
    return Finding(
        step,
        code,
        exit_code,
        text["ja"].format(where=where, tries=tries),
        text["en"].format(where=where_en or where, tries=tries),
    )


@functools.cache
def _texts() -> _Texts:
    file = resources.files("drivers.card_reader") / "text" / "doctor.toml"
    return cast("_Texts", tomllib.loads(file.read_text(encoding="utf-8")))
