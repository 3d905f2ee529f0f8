"""`precedents bundle make` for a publisher, `precedents verdicts` for an evaluation."""

import argparse
import json
from pathlib import Path

from hub.command_line.options import Commands, command, opened, secret, show
from hub.precedents.bundle_making import make_bundle, read_private_key
from hub.precedents.verdicts import every


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
    key = read_private_key(given.key, passphrase)
    count = make_bundle(given.folder, key, given.name, given.version, complete=given.complete)
    found = {"name": given.name, "version": given.version, "files": count}
    show(given, found, f"{given.name} {given.version}: {count} files signed")


def _verdicts(given: argparse.Namespace) -> None:
    with opened(given) as office, office.database.reading() as session:
        for row in every(session):
            print(json.dumps(row, ensure_ascii=False))
