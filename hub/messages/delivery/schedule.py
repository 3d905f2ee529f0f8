"""When is tried again and for how long: the table of docs/delivery.md, in one place."""

from dataclasses import dataclass
from typing import Final

SECOND_US: Final = 1_000_000
DAY_US: Final = 24 * 3600 * SECOND_US


@dataclass(frozen=True)
class Schedule:
    """How a channel is tried again, how long the whole may last, and when unread is unread.

    retries, retry_s: so often, at this distance, after the first try. blind_retries: as often after
    an unknown outcome at a channel that keeps no keys, since each may reach the resident again.
    give_up_s: a hand-over older than this has failed, however few its tries. first_reminder_days,
    second_reminder_days, next_channel_days: days unread since the channel took the message.
    """

    retries: int = 48
    retry_s: float = 300.0
    blind_retries: int = 3
    give_up_s: float = 72 * 3600.0
    first_reminder_days: float = 3.0
    second_reminder_days: float = 7.0
    next_channel_days: float = 10.0

    def next_us(self, now_us: int, again_s: float | None) -> int:
        """When to try again: at the usual distance, or when the other side said."""
        return now_us + int((self.retry_s if again_s is None else again_s) * SECOND_US)

    def unread_us(self, step: int) -> int | None:
        """How long after step `step` (0: just handed over) the next one comes; None after all."""
        days = (
            self.first_reminder_days,
            self.second_reminder_days - self.first_reminder_days,
            self.next_channel_days - self.second_reminder_days,
        )
        return int(max(days[step], 0.0) * DAY_US) if step < len(days) else None
