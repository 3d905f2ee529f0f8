"""`log verify` and `quarantine list`: is the log what was signed, and what waits outside it."""

import argparse
from dataclasses import asdict

from hub import operations
from hub.command_line.options import Commands, command, opened, show
from hub.errors import LogCorruptError
from hub.log.verify import verify_log


def add_to(group: Commands) -> None:
    """Add the commands."""
    log = group.add_parser("log", help="the log").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    command(log, "verify", _verify, "check every leaf, node, checkpoint and part")
    quarantine = group.add_parser("quarantine", help="the quarantine").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    listed = command(quarantine, "list", _list, "list quarantined envelopes")
    listed.add_argument("--state", choices=("waiting", "accepted", "discarded"), default="waiting")


def _verify(given: argparse.Namespace) -> None:
    with opened(given) as office:
        report = verify_log(office)
    value = {**asdict(report), "ok": report.ok}
    problems = "\n".join(report.problems)
    text = f"{report.leaves} leaves, {report.checkpoints} checkpoints: "
    show(given, value, text + ("in order" if report.ok else f"not in order\n{problems}"))
    if not report.ok:
        raise LogCorruptError("the log is not what was signed; keep a copy and restore a backup")


def _list(given: argparse.Namespace) -> None:
    with opened(given) as office, office.database.reading() as session:
        rows = operations.quarantine(session, state=given.state)
    lines = (f"{row.number}  {row.reason}  {row.topic_device}  {row.received_at}" for row in rows)
    show(given, [asdict(row) for row in rows], "\n".join(lines))
