"""Options that several commands share, and how results and secrets pass in and out."""

import argparse
import getpass
import importlib
import json
import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hub import settings as hub_settings
from hub.errors import SettingsError
from hub.logs import set_up
from hub.settings import Settings

if TYPE_CHECKING:  # most commands open no office, and its libraries are large
    from hub.office import Office

Commands = Any  # argparse's own type for a group of sub-commands is private
LONGEST_SECRET = 4096
ACTOR = "command-line"


def command(
    group: Commands, name: str, run: Callable[[argparse.Namespace], None], about: str
) -> argparse.ArgumentParser:
    """A sub-command with the options that all of them have."""
    found = group.add_parser(name, help=about, description=about)
    assert isinstance(found, argparse.ArgumentParser)
    found.add_argument("--config", type=Path, default=Path("hub.toml"), metavar="FILE")
    found.add_argument("--json", action="store_true", help="print one JSON value on stdout")
    found.set_defaults(run=run)
    return found


def load(given: argparse.Namespace) -> Settings:
    """The settings, with logging set up by them."""
    found = hub_settings.load(given.config)
    set_up(found.log.level)
    return found


@contextmanager
def opened(given: argparse.Namespace) -> "Generator[Office]":
    """The office of `--config`, closed at the end."""
    office: Office = importlib.import_module("hub.office").Office.open(load(given))
    try:
        yield office
    finally:
        office.close()


def show(given: argparse.Namespace, value: Mapping[str, Any] | Sequence[Any], text: str) -> None:
    """Print `value` as JSON with `--json`, else `text`."""
    print(json.dumps(value, ensure_ascii=False) if given.json else text)


def secret(descriptor: int | None, prompt: str) -> str:
    """A secret from a file descriptor, or typed on a terminal; never from the command line.

    SettingsError without either: there is no prompt without a terminal.
    """
    if descriptor is not None:
        try:
            with os.fdopen(os.dup(descriptor), "rb") as stream:
                return stream.read(LONGEST_SECRET).decode().rstrip("\n")
        except OSError as error:
            raise SettingsError(f"file descriptor {descriptor} cannot be read") from error
    if not sys.stdin.isatty():
        raise SettingsError(f"{prompt} is needed: give a file descriptor (see --help)")
    return getpass.getpass(f"{prompt}: ")
