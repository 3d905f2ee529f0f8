"""`backup` and `restore`: one encrypted file with the database and the keys."""

import argparse
from pathlib import Path

from hub.backup import archive, content
from hub.command_line.options import ACTOR, Commands, command, load, opened, secret, show


def add_to(group: Commands) -> None:
    """Add the commands."""
    backup = command(group, "backup", _backup, "write an encrypted backup while the hub runs")
    backup.add_argument("--to", type=Path, required=True, metavar="FILE")
    backup.add_argument("--passphrase-fd", type=int, metavar="N")
    restore = command(group, "restore", _restore, "restore into an empty state folder")
    restore.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE")
    restore.add_argument("--passphrase-fd", type=int, metavar="N")


def _backup(given: argparse.Namespace) -> None:
    passphrase = secret(given.passphrase_fd, "passphrase")
    archive.check_passphrase(passphrase)
    with opened(given) as office:
        size = content.back_up(office, given.to, passphrase, ACTOR)
    show(given, {"file": str(given.to), "bytes": size}, f"wrote {given.to} ({size} bytes)")


def _restore(given: argparse.Namespace) -> None:
    settings = load(given)
    passphrase = secret(given.passphrase_fd, "passphrase")
    epoch = content.restore(settings, given.source, passphrase, ACTOR)
    text = f"restored; the log goes on in epoch {epoch}, and units will send again what is missing"
    show(given, {"epoch": epoch}, text)
