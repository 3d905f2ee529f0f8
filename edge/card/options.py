"""The options of `madoguchi-edge card`, apart from its work so that other commands start fast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from intake.office.environment import Environment

if TYPE_CHECKING:
    import argparse


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Options of `card read`."""
    parser.description = (
        "Read the card on a reader. Secrets come over file descriptors; one trailing newline does "
        "not count. What --want leaves out is neither read nor sent. Without --want: the parts "
        "whose secret was given. docs/cards.md lists the outcomes and their exit statuses."
    )
    parser.add_argument("--reader", metavar="NAME", default="", help="as pcscd names it")
    parser.add_argument("--trust", metavar="DIR", type=Path, required=True, help="trust anchors")
    parser.add_argument(
        "--environment",
        choices=[str(one) for one in Environment],
        default=str(Environment.PRODUCTION),
        help="production (default) takes no test card",
    )
    for name, what in (
        ("--auth-pin-fd", "user authentication PIN, 4 digits"),
        ("--text-pin-fd", "card-text PIN, 4 digits"),
        ("--sign-password-fd", "signing password, 6 to 16 of A-Z and 0-9"),
        ("--b-code-fd", "check number B, 14 digits: text and photo without a PIN"),
    ):
        parser.add_argument(name, metavar="N", type=int, help=what)
    parser.add_argument("--sign", metavar="FILE", type=Path, help="what the signing key signs")
    parser.add_argument("--want", metavar="PARTS", help="some of text,auth,sign,photo")
    parser.add_argument(
        "--allow-last-try", action="store_true", help="send a secret at one try left as well"
    )
    parser.add_argument(
        "--wait", metavar="S", type=float, default=2.0, help="seconds to wait for a card (2)"
    )
    parser.add_argument(
        "--profile", metavar="FILE", type=Path, action="append", default=[], help="one more kind"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def add_doctor(parser: argparse.ArgumentParser) -> None:
    """Options of `card doctor`."""
    parser.description = (
        "Look at everything between this program and a card, in order, and say what to do at the "
        "first thing that is missing. No PIN is asked for or sent. Exit status: 0 all well, 3 "
        "something is missing, 4 something refuses."
    )
    parser.add_argument("--reader", metavar="NAME", default="", help="as pcscd names it")
    parser.add_argument("--json", action="store_true", help="one JSON object")
