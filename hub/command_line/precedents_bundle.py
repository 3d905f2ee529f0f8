"""`precedents bundle make` for a publisher, `precedents verdicts` for an evaluation.

What they need is loaded when they run: a search, which shares their options, needs none of it.
"""

import argparse
import importlib
import json
from pathlib import Path

from hub.command_line.options import Commands, command, opened, secret, show


def add_to(verbs: Commands) -> None:
    """Add the commands below `precedents`."""
    noun = verbs.add_parser("bundle", help="what a publisher of laws signs")
    below = noun.add_subparsers(dest="bundle_verb", required=True, metavar="VERB")
    about = "list a folder's files in a manifest and sign it, so that hubs take them"
    parser = command(below, "make", _make, about)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--key", type=Path, required=True, metavar="K", help="private key (PEM)")
    parser.add_argument("--passphrase-fd", type=int, metavar="FD", help="where its passphrase is")
    parser.add_argument("--name", required=True, metavar="N", help="the same in every version")
    parser.add_argument(
        "--version", type=int, required=True, metavar="V", help="a number that only grows"
    )
    parser.add_argument(
        "--complete", action="store_true", help="what a former version had besides is withdrawn"
    )
    about = "what staff said of answers, a JSON line each; questions only where they agreed"
    command(verbs, "verdicts", _verdicts, about)


def _make(given: argparse.Namespace) -> None:
    passphrase = None if given.passphrase_fd is None else secret(given.passphrase_fd, "Passphrase")
    making = importlib.import_module("hub.precedents.bundle_making")
    key = making.read_private_key(given.key, passphrase)
    name, version = given.name, given.version
    count = making.make_bundle(given.folder, key, name, version, complete=given.complete)
    found = {"name": name, "version": version, "files": count}
    show(given, found, f"{name} {version}: {count} files signed")


def _verdicts(given: argparse.Namespace) -> None:
    verdicts = importlib.import_module("hub.precedents.verdicts")
    with opened(given) as office, office.database.reading() as session:
        for row in verdicts.every(session):
            print(json.dumps(row, ensure_ascii=False))
