"""Content of the part `individual_number`: kept apart from the notification, shown to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class IndividualNumbers:
    """個人番号 by person_id of the notification; its repr shows no digit."""

    notification_id: str
    numbers: Mapping[str, str]


def encode(numbers: IndividualNumbers) -> bytes:
    """Give canonical bytes; NotificationError when a number is not 12 digits with its check digit."""
    raise NotImplementedError


def decode(data: bytes) -> IndividualNumbers:
    """Read `encode`'s bytes back; DecodeError for anything else."""
    raise NotImplementedError
