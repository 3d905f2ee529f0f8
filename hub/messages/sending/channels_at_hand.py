"""Which channels this office has and how they behave, for pages that decide or count by them."""

from collections.abc import Sequence
from typing import Final

from hub.messages.channels.building import build
from hub.messages.channels.channel import Channel
from hub.messages.channels.letter import LetterChannel
from hub.messages.delivery.rules import Rules
from hub.office import Office
from hub.register.drawing import nothing_of_its_own

PAPER: Final = (LetterChannel.name,)


def rules_of(office: Office) -> Rules:
    """Rules with the traits of every configured channel."""
    return Rules({one.name: one.traits for one in _channels(office)})


def registrable(office: Office) -> Sequence[str]:
    """Names of the channels that a resident may register."""
    return [one.name for one in _channels(office) if not one.traits.paper]


def _channels(office: Office) -> Sequence[Channel]:
    settings = office.settings
    return build(
        settings.channels,
        settings.office.name,
        office.ring,
        office.clock,
        lambda: nothing_of_its_own,
    )
