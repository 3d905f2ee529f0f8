"""`precedents`: import laws and the office's own texts, search them, see and undo imports.

With `--store FILE` no office is needed; else the collection lies in the office's state folder.
"""

import argparse
import datetime as dt
import importlib
import os
from collections.abc import Callable
from pathlib import Path

from hub.command_line import precedents_bundle
from hub.command_line.options import Commands, command
from hub.precedents.allocation import keep_little
from hub.precedents.article import Kind


def add_to(group: Commands) -> None:
    """Add the commands."""
    noun = group.add_parser("precedents", help="laws, circulars and past decisions, searched")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    _add_import(verbs)
    _add_search(verbs)
    precedents_bundle.add_to(verbs)
    for name, about in (
        ("undo", "go back to the collection before the last import"),
        ("encode", "make the vectors of meaning that are missing"),
        ("status", "what the collection holds"),
    ):
        _with_store(command(verbs, name, _run, about))
    about = "read pairs of texts on stdin; say whether the second follows from the first"
    command(verbs, "entail", _run_entail, about)


def _run(given: argparse.Namespace) -> None:
    """Run the verb; only then are the numeric libraries loaded, which other commands need not."""
    # One question is too small to share among threads, which would wait for each other by spinning.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    keep_little()
    area = "run"
    if given.verb == "search":
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        area = "search"
    commands = importlib.import_module(f"hub.command_line.precedents_{area}")
    run: Callable[[argparse.Namespace], None] = getattr(commands, f"run_{given.verb}")
    run(given)


def _run_entail(given: argparse.Namespace) -> None:
    """Run `entail`; it needs no collection."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    keep_little()
    importlib.import_module("hub.command_line.precedents_entail").run_entail(given)


def _with_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, metavar="FILE", help="the collection's file")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="an encoder of your own")


def _add_import(verbs: Commands) -> None:
    about = "take in e-Gov XML, JSON lines, Markdown, CSV or signed bundles, as one change"
    parser = command(verbs, "import", _run, about)
    _with_store(parser)
    parser.add_argument("paths", type=Path, nargs="*", metavar="PATH")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--sample", action="store_true", help="take the sample handbook")
    kind.add_argument("--bundle-key", type=Path, metavar="K", help="publisher's public key (PEM)")
    kind.add_argument("--unsigned", action="store_true", help="take plain files")
    parser.add_argument("--no-encode", action="store_true", help="leave meaning for `encode`")


def _add_search(verbs: Commands) -> None:
    parser = command(verbs, "search", _run, "ask in plain words; get the articles that answer")
    _with_store(parser)
    parser.add_argument("question", nargs="?")
    parser.add_argument("--stdin", action="store_true", help="a question a line, a JSON line each")
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="the law of this day")
    parser.add_argument("--law", action="append", default=[], metavar="NAME-OR-ID")
    parser.add_argument("--kind", action="append", default=[], choices=[str(kind) for kind in Kind])
    parser.add_argument(
        "--context", metavar="ARTICLE", help="where 前条 and 同項 are read: 民法710条"
    )
    parser.add_argument("--no-rerank", action="store_true", help="leave the order as it is")
    parser.add_argument("--top", type=int, default=10, metavar="N")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
