"""`channels list|check|simulate`: for operators who connect a channel.

A check sends a test message to the office's own address and to nobody else.
"""

import argparse
from pathlib import Path

from hub.command_line.options import Commands, command, opened, secret, show
from hub.errors import BadRequestError
from hub.messages.channels.building import channels_of
from hub.messages.channels.channel import ChannelError
from hub.messages.delivery.view import channel_rows


def add_to(group: Commands) -> None:
    """Add the commands."""
    channels = group.add_parser("channels", help="ways to residents").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    command(channels, "list", _list, "the channels of this office and how they are")
    check = command(channels, "check", _check, "send a test message to the office's own address")
    check.add_argument("name", metavar="NAME", help="a channel, as `channels list` names it")
    about = "play the services behind the channels, for demos and trials"
    simulate = channels.add_parser("simulate", help=about, description=about)
    assert isinstance(simulate, argparse.ArgumentParser)
    simulate.add_argument("--folder", type=Path, required=True, metavar="DIR")
    simulate.add_argument("--host", default="127.0.0.1")
    simulate.add_argument("--port", type=int, default=0, help="0 takes a free one")
    simulate.add_argument("--token-fd", type=int, metavar="N", help="read the token from N")
    simulate.add_argument("--secret-fd", type=int, metavar="N", help="read the secret from N")
    simulate.add_argument(
        "--certificates", type=Path, metavar="PEM", help="certificates of the office's message keys"
    )
    simulate.set_defaults(run=_simulate)


def _list(given: argparse.Namespace) -> None:
    with opened(given) as office:
        channels = channels_of(office)
        with office.database.reading() as session:
            rows = channel_rows(session, channels, office.clock())
    value = [vars(row) for row in rows]
    lines = [f"{row.name}\t{row.assurance}\t{row.state}\twaiting {row.waiting}" for row in rows]
    show(given, value, "\n".join(lines) or "no channel is configured; see docs/channels.md")


def _check(given: argparse.Namespace) -> None:
    with opened(given) as office:
        found = {channel.name: channel for channel in channels_of(office)}
        channel = found.get(given.name)
        if channel is None:
            known = ", ".join(found) or "none"
            raise BadRequestError(f"there is no channel {given.name}; configured: {known}")
        try:
            reference = channel.check()
        except ChannelError as error:
            show(given, {"channel": given.name, "ok": False, "reason": error.reason}, "")
            raise
    show(given, {"channel": given.name, "ok": True, "reference": reference}, f"ok: {reference}")


def _simulate(given: argparse.Namespace) -> None:
    from hub.messages.channels.simulator.serving import Start, serve  # noqa: PLC0415 - a web server

    token = secret(given.token_fd, "token")
    key = secret(given.secret_fd, "secret")
    start = Start(given.folder, token, key, given.certificates, given.host, given.port)
    serve(start, lambda line: print(line, flush=True))
