"""Content of the part `individual_number`: kept apart from the notification, shown to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from intake import canonical
from intake.errors import DecodeError
from intake.notification.check_digits import individual_number_ok
from intake.notification.model import NotificationError
from intake.record import TOKEN, UUID, Record

FORMAT_VERSION: Final = 1
_LIMIT: Final = 4096


@dataclass(frozen=True)
class IndividualNumbers:
    """個人番号 by person_id of the notification; its repr shows no digit.

    NotificationError when a number is not twelve digits with its check digit: unlike a field of
    the notification it comes from a chip, so a wrong digit is a fault and no one's handwriting.
    """

    notification_id: str
    numbers: Mapping[str, str] = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", MappingProxyType(dict(self.numbers)))
        if not self.numbers or not all(map(individual_number_ok, self.numbers.values())):
            raise NotificationError("an individual number is missing or mistyped; read it again")
        if not UUID.fullmatch(self.notification_id) or not all(map(TOKEN.fullmatch, self.numbers)):
            raise NotificationError("individual numbers name no notification or person")


def encode(numbers: IndividualNumbers) -> bytes:
    """Give canonical bytes."""
    return canonical.encode(
        {
            "v": FORMAT_VERSION,
            "notification_id": numbers.notification_id,
            "numbers": dict(numbers.numbers),
        }
    )


def decode(data: bytes) -> IndividualNumbers:
    """Read `encode`'s bytes back; DecodeError for anything else."""
    record = Record(canonical.decode(data, limit=_LIMIT), "individual numbers")
    record.version(FORMAT_VERSION)
    notification_id = record.text("notification_id", pattern=UUID)
    numbers = record.texts("numbers", limit=50, length=12)
    record.close()
    try:
        return IndividualNumbers(notification_id, numbers)
    except NotificationError:
        raise DecodeError("an individual number is missing or mistyped") from None
