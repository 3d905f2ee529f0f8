"""What the commands of `precedents` do; `hub.command_line.precedents` has their options."""

import argparse
import datetime as dt
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hub.command_line.options import load, show
from hub.precedents.article import Kind, Revision
from hub.precedents.bundle import open_bundle, read_key
from hub.precedents.citations import Place, citations
from hub.precedents.collection import BundleMark, Summary, take, undo
from hub.precedents.encoders import chosen
from hub.precedents.encoding import encode_all
from hub.precedents.errors import PrecedentsError, QuestionError, SourceError
from hub.precedents.question import LONGEST, Question
from hub.precedents.rerank import installed_reranker
from hub.precedents.rows import current_entries, revisions
from hub.precedents.search import Searcher
from hub.precedents.sources.files import SAMPLE, read_files
from hub.precedents.store import FILE_NAME, Store, current
from hub.precedents.vectors import coverage

LONGEST_LINE: Final = 4 * LONGEST + 2


def _opened(given: argparse.Namespace, *, create: bool = False) -> Store:
    path = given.store or load(given).state.folder / FILE_NAME
    return Store(path, create=create)


def run_import(given: argparse.Namespace) -> None:
    """`precedents import`."""
    began, today = time.monotonic(), dt.date.today()  # noqa: DTZ011 - the office's own day
    found, mark = _to_import(given)
    with _opened(given, create=True) as store:
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
    made = encode_all(store, chosen(_model(given)), _Progress())
    if not made:
        print("no encoder is installed: only words are compared", file=sys.stderr)
    return made


def _model(given: argparse.Namespace) -> Path | None:
    """The operator's own model: that of --model, else the settings'."""
    if given.model is not None or given.store is not None:
        return given.model
    return load(given).precedents.model


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
    with _opened(given) as store:
        today = dt.date.today()  # noqa: DTZ011 - the office's own day
        summary = undo(store, today, _say_indexing)
    show(given, summary.as_json(), _in_words(summary))


def run_encode(given: argparse.Namespace) -> None:
    """`precedents encode`."""
    with _opened(given) as store:
        made = _encode_all(given, store)
    show(given, {"encoded": made}, ", ".join(f"{n}: {count}" for n, count in made.items()))


def run_status(given: argparse.Namespace) -> None:
    """`precedents status`."""
    with _opened(given) as store, store.reading() as connection:
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
                for one in chosen(_model(given))
            },
        }
    show(given, found, "\n".join(f"{key}: {value}" for key, value in found.items()))


def run_search(given: argparse.Namespace) -> None:
    """`precedents search`."""
    if bool(given.question) == given.stdin:
        raise QuestionError("give one question, or --stdin with a question a line")
    with _opened(given) as store:
        reranker = None if given.no_rerank else installed_reranker()
        searcher = Searcher(store, [one.verified() for one in chosen(_model(given))], reranker)
        if not given.stdin:
            _answer(given, searcher, given.question)
            return
        for line in _lines():
            try:
                _answer(given, searcher, line)
            except PrecedentsError as error:
                print(
                    json.dumps({"error": error.code, "message": str(error)}, ensure_ascii=False),
                    flush=True,
                )


def _lines() -> Iterator[str]:
    """The questions on stdin; one that is too long is passed on cut, so that it is refused."""
    stream = sys.stdin.buffer
    while line := stream.readline(LONGEST_LINE):
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        while not line.endswith(b"\n") and (line := stream.readline(LONGEST_LINE)):
            text = text[: LONGEST + 1].ljust(LONGEST + 1, "。")
        if text.strip():
            yield text


def _answer(given: argparse.Namespace, searcher: Searcher, text: str) -> None:
    question = Question(
        text=text,
        as_of=given.as_of or dt.date.today(),  # noqa: DTZ011 - the office's own day
        top=given.top,
        laws=tuple(given.law),
        kinds=frozenset(Kind(kind) for kind in given.kind),
        context=_context(searcher, given.context),
        rerank=not given.no_rerank,
    )
    result = searcher.search(question)
    if given.json or given.stdin:
        print(json.dumps(result.as_json(), ensure_ascii=False), flush=True)
        return
    if result.nothing_close:
        print("近いものはありません。 Nothing close.")
    for citation in result.citations_not_found:
        print(f"コレクションにありません。 Not in the collection: {citation}")
    for citation in result.citations_left_out:
        print(f"ここには出していません。 Not shown here: {citation}")
    for place, answer in enumerate(result.answers, 1):
        revision, article = answer.valid.revision, answer.article
        print(f"{place}. {revision.title} {article.label}（{article.caption}）")
        print(f"   {answer.reason.sentence}")


def _context(searcher: Searcher, text: str | None) -> Place | None:
    if text is None:
        return None
    found = citations(text, searcher.view().catalogue)
    if not found:
        raise QuestionError(f"--context {text[:80]!r} names no article; write it as 民法710条")
    return found[0].place
