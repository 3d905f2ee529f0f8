"""Which channels this office has and how they behave, for pages that decide or count by them."""

from collections.abc import Sequence
from typing import Final

from hub.messages.channels.building import channels_of
from hub.messages.channels.letter import LetterChannel
from hub.messages.delivery.rules import Rules
from hub.office import Office

PAPER: Final = (LetterChannel.name,)


def rules_of(office: Office) -> Rules:
    """Rules with the traits of every configured channel."""
    return Rules({one.name: one.traits for one in channels_of(office)})


def registrable(office: Office) -> Sequence[str]:
    """Names of the channels that a resident may register."""
    return [one.name for one in channels_of(office) if not one.traits.paper]
