"""Which collection and which encoder a command means: those of its options, else the office's."""

import argparse
from pathlib import Path

from hub.command_line.options import load
from hub.precedents.store import FILE_NAME, Store


def opened_store(given: argparse.Namespace, *, create: bool = False) -> Store:
    """The collection; CollectionError when there is none (unless `create`)."""
    path = given.store or load(given).state.folder / FILE_NAME
    return Store(path, create=create)


def model_of(given: argparse.Namespace) -> Path | None:
    """The operator's own model: that of --model, else the settings'."""
    if given.model is not None or given.store is not None:
        return given.model
    return load(given).precedents.model
