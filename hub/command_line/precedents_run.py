"""What the commands of `precedents` do that change or count a collection, not those that ask."""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Iterator
from typing import Any

from hub.command_line.options import show
from hub.command_line.precedents_store import model_of, opened_store
from hub.precedents.article import Revision
from hub.precedents.bundle import open_bundle, read_key
from hub.precedents.collection import BundleMark, Summary, take, undo
from hub.precedents.encoders import chosen
from hub.precedents.encoding import encode_all
from hub.precedents.errors import SourceError
from hub.precedents.rows import current_entries, revisions
from hub.precedents.sources.files import SAMPLE, read_files
from hub.precedents.store import Store, current
from hub.precedents.vectors import coverage


def run_import(given: argparse.Namespace) -> None:
    """`precedents import`."""
    began, today = time.monotonic(), dt.date.today()  # noqa: DTZ011 - the office's own day
    found, mark = _to_import(given)
    with opened_store(given, create=True) as store:
        summary = take(store, found, today, mark, _say_indexing)
        encoded = {} if given.no_encode else _encode_all(given, store)
    seconds = round(time.monotonic() - began, 1)
    show(given, summary.as_json() | {"encoded": encoded, "seconds": seconds}, _in_words(summary))


def _to_import(given: argparse.Namespace) -> tuple[Iterator[Revision], BundleMark | None]:
    """The revisions that the options name, read as they are asked for, and their bundle."""
    progress = _Progress()
    if given.sample:
        if given.paths or given.bundle_key:
            raise SourceError(
                "--sample takes no path; import other files by a command of their own"
            )
        return read_files([SAMPLE], progress), None
    if not given.paths:
        raise SourceError("give the files or folders to import")
    if not (given.bundle_key or given.unsigned):
        raise SourceError("give --bundle-key for a signed bundle, or --unsigned for plain files")
    if given.unsigned:
        return read_files(given.paths, progress), None
    if len(given.paths) != 1:
        raise SourceError("one bundle at a time")
    bundle = open_bundle(given.paths[0], read_key(given.bundle_key))
    return bundle.revisions(progress), bundle.mark


def _encode_all(given: argparse.Namespace, store: Store) -> dict[str, int]:
    """Make missing vectors with every encoder that is used; progress goes to stderr."""
    made = encode_all(store, chosen(model_of(given)), _Progress())
    if not made:
        print("no encoder is installed: only words are compared", file=sys.stderr)
    return made


class _Progress:
    """Says on stderr how far a step is, at most once a second."""

    def __init__(self) -> None:
        self._said = 0.0

    def __call__(self, name: str, done: int, whole: int) -> None:
        now = time.monotonic()
        if done == whole or now - self._said >= 1:
            self._said = now
            print(f"{name}: {done}/{whole}", file=sys.stderr, flush=True)


def _say_indexing() -> None:
    print("indexing…", file=sys.stderr, flush=True)


def _in_words(summary: Summary) -> str:
    counts = ", ".join(
        f"{summary.count(kind)} {kind.replace('_', ' ')}"
        for kind in ("new", "changed", "repealed", "not_yet_in_force")
    )
    if repeals := summary.count("to_be_repealed"):
        counts += f" ({repeals} of them to be repealed)"
    return f"generation {summary.generation}: {summary.articles} articles in force; {counts}"


def run_undo(given: argparse.Namespace) -> None:
    """`precedents undo`."""
    with opened_store(given) as store:
        today = dt.date.today()  # noqa: DTZ011 - the office's own day
        summary = undo(store, today, _say_indexing)
    show(given, summary.as_json(), _in_words(summary))


def run_encode(given: argparse.Namespace) -> None:
    """`precedents encode`."""
    with opened_store(given) as store:
        made = _encode_all(given, store)
    show(given, {"encoded": made}, ", ".join(f"{n}: {count}" for n, count in made.items()))


def run_status(given: argparse.Namespace) -> None:
    """`precedents status`."""
    with opened_store(given) as store, store.reading() as connection:
        rows, entries = revisions(connection), current_entries(connection)
        found: dict[str, Any] = {
            "generation": current(connection),
            "laws": len({row.law_id for row in rows}),
            "revisions": len(rows),
            "entries": len(entries),
            "encoders": {
                one.name: dict(
                    zip(("read", "of"), coverage(connection, one.name, entries), strict=True)
                )
                for one in chosen(model_of(given))
            },
        }
    show(given, found, "\n".join(f"{key}: {value}" for key, value in found.items()))
