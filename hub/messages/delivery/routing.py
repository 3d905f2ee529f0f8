"""Which channel is next for a message, and why a person must decide instead."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hub.messages.channels.channel import Assurance, Traits
from hub.messages.delivery.recipients import Reach
from hub.messages.delivery.states import HoldReason


@dataclass(frozen=True)
class Route:
    """Channels in their order, those that may announce, and why it ends where it ends.

    ends: what keeps the letter from being the last of them; None when it is.
    """

    channels: tuple[str, ...]
    announce: tuple[str, ...] = ()
    ends: HoldReason | None = None

    def next(self, tried: Collection[str]) -> str | None:
        """The first channel that was not tried yet."""
        return next((channel for channel in self.channels if channel not in tried), None)


def route(
    reach: Reach, channels: Mapping[str, Traits], *, legal: bool, address_released: bool
) -> Route:
    """The way of a message to one resident through the `channels` that this office has.

    A legal notice goes by assured channels; best-effort ones only announce it. For a protected
    person only channels released by the named role count, and the address is on no letter before
    that role has said so (支援措置).
    """
    usable = [
        way.channel
        for way in reach.ways
        if way.channel in channels
        and not channels[way.channel].paper
        and (way.released or not reach.protected)
    ]
    carry = tuple(
        name for name in usable if not legal or channels[name].assurance is Assurance.ASSURED
    )
    announce = tuple(name for name in usable if channels[name].announces)
    paper = tuple(name for name, traits in channels.items() if traits.paper)[:1]
    ends = _why_no_letter(reach, paper, address_released=address_released)
    return Route(carry if ends else carry + paper, announce, ends)


def _why_no_letter(
    reach: Reach, paper: tuple[str, ...], *, address_released: bool
) -> HoldReason | None:
    if not paper:
        return HoldReason.PROTECTED_NO_CHANNEL if reach.protected else HoldReason.NO_CHANNEL
    if reach.postal is None:
        return HoldReason.NO_ADDRESS
    if reach.protected and not address_released:
        return HoldReason.PROTECTED_ADDRESS
    return None
