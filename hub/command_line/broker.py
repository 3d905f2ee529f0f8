"""`broker run|config`: the broker apart from the hub, and a look at what it is told."""

import argparse

from hub.broker.child import run_in_foreground
from hub.broker.configuration import access_list, configuration
from hub.broker.folder import broker_folder
from hub.command_line.options import Commands, command, load, show


def add_to(group: Commands) -> None:
    """Add the commands."""
    verbs = group.add_parser("broker", help="the broker").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    command(verbs, "run", _run, "become the broker, for `[broker] child = false`")
    command(verbs, "config", _config, "print the generated configuration and access list")


def _run(given: argparse.Namespace) -> None:
    run_in_foreground(load(given))


def _config(given: argparse.Namespace) -> None:
    settings = load(given)
    folder = broker_folder(settings)
    texts = {
        "folder": str(folder),
        "mosquitto.conf": configuration(settings, folder),
        "acl": access_list(settings),
    }
    show(given, texts, f"{texts['mosquitto.conf']}\n# --- acl ---\n{texts['acl']}")
