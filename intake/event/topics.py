"""The MQTT topics between units and hub: `madoguchi/1/<office>/...`; never anything personal."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake.errors import EncodeError, WrongTopicError
from intake.record import DEVICE, OFFICE

ROOT: Final = "madoguchi"
VERSION: Final = "1"


class Direction(StrEnum):
    """Who sends."""

    UP = "up"
    DOWN = "down"
    ALL = "all"


class Up(StrEnum):
    """From one unit to the hub."""

    INTAKE = "intake"
    STATE = "state"
    HEALTH = "health"
    ASK = "ask"


class Down(StrEnum):
    """From the hub to one unit."""

    RECEIPT = "receipt"
    DECISION = "decision"
    ANSWER = "answer"
    DESIRED = "desired"
    COMMAND = "command"


class All(StrEnum):
    """From the hub to every unit of the office, retained."""

    KEYS = "keys"
    ROSTER = "roster"
    RULES = "rules"
    GLYPHS = "glyphs"
    REVOCATION = "revocation"
    CHECKPOINT = "checkpoint"


Channel = Up | Down | All
_CHANNELS: Final = {Direction.UP: Up, Direction.DOWN: Down, Direction.ALL: All}


@dataclass(frozen=True)
class Topic:
    """A parsed topic; `device` is None exactly for direction `all`."""

    office: str
    direction: Direction
    device: str | None
    channel: Channel


def up(office: str, device: str, channel: Up) -> str:
    """The topic on which `device` sends `channel`."""
    return _topic(office, Direction.UP, device, channel)


def down(office: str, device: str, channel: Down) -> str:
    """The topic on which `device` receives `channel`."""
    return _topic(office, Direction.DOWN, device, channel)


def everyone(office: str, channel: All) -> str:
    """The retained topic `channel` of the whole office."""
    return _topic(office, Direction.ALL, None, channel)


def up_filter(office: str, channel: Up) -> str:
    """What the hub subscribes to for one channel of all units."""
    return f"{_prefix(office)}/{Direction.UP}/+/{channel}"


def down_filter(office: str, device: str) -> str:
    """What a unit subscribes to for itself."""
    return f"{_prefix(office)}/{Direction.DOWN}/{_checked(device)}/+"


def everyone_filter(office: str) -> str:
    """What a unit subscribes to for the office."""
    return f"{_prefix(office)}/{Direction.ALL}/+"


def parse(topic: str) -> Topic:
    """The parts of a topic; WrongTopicError when it is not one of ours."""
    match topic.split("/"):
        case [root, version, office, direction, device, channel] if direction != Direction.ALL:
            pass
        case [root, version, office, direction, channel] if direction == Direction.ALL:
            device = None
        case _:
            raise WrongTopicError("this is no topic of the protocol")
    if (root, version) != (ROOT, VERSION) or not OFFICE.fullmatch(office):
        raise WrongTopicError("a topic belongs to another protocol or version")
    if device is not None and not DEVICE.fullmatch(device):
        raise WrongTopicError("a topic names no device")
    try:
        known = Direction(direction)
        return Topic(office, known, device, _CHANNELS[known](channel))
    except ValueError:
        raise WrongTopicError("a topic names an unknown channel") from None


def _prefix(office: str) -> str:
    if not OFFICE.fullmatch(office):
        raise EncodeError("an office is named by its LG code of six digits")
    return f"{ROOT}/{VERSION}/{office}"


def _checked(device: str) -> str:
    if not DEVICE.fullmatch(device):
        raise EncodeError("a device id has 3 to 32 of a-z, 0-9 and hyphen")
    return device


def _topic(office: str, direction: Direction, device: str | None, channel: Channel) -> str:
    middle = "" if device is None else f"/{_checked(device)}"
    return f"{_prefix(office)}/{direction}{middle}/{channel}"
