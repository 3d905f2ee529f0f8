"""What the office has told this unit, verified and kept: keys, roster, checkpoint, returns."""

from dataclasses import dataclass

from edge.office.office_words import OfficeWords
from edge.office.returned import ReturnedNotifications


@dataclass(frozen=True)
class Office:
    """The office as this unit knows it."""

    words: OfficeWords
    returned: ReturnedNotifications
