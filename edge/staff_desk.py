"""Staff log in at the counter, offline, against the roster that the office has signed.

Wrong PINs are counted per staff id and lock it out for a while; without a touch the log-in ends,
after a warning. The PIN is never kept, logged or put into an error.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from edge.errors import LoginError
from edge.settings import ClerkPage
from intake.errors import IntakeError
from intake.office.roster import Role, Roster, StaffMember, check_pin

log = logging.getLogger(__name__)
LOGIN_METHOD = "pin"


@dataclass(frozen=True)
class OnDuty:
    """Who is logged in."""

    staff_id: str
    name: str
    roles: frozenset[Role]


@dataclass
class _Attempts:
    wrong: int = 0
    locked_until: float = 0.0


class StaffDesk:
    """The log-in of one counter; times in seconds of a steady clock."""

    def __init__(
        self, settings: ClerkPage, *, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._steady = steady
        self._attempts: dict[str, _Attempts] = {}
        self._on_duty: OnDuty | None = None
        self._touched = 0.0

    @property
    def on_duty(self) -> OnDuty | None:
        """Who is logged in now; nobody when the time without a touch is over."""
        if self._on_duty is not None and self.seconds_left() <= 0:
            log.info("logged out for idleness", extra={"staff_id": self._on_duty.staff_id})
            self._on_duty = None
        return self._on_duty

    def login(self, staff_id: str, pin: str, roster: Roster | None, now_us: int) -> OnDuty:
        """Log in; LoginError (its `code` says why). Takes about 0.1 s: call it in a thread."""
        member = self._checked(staff_id, pin, roster, now_us)
        self._attempts.pop(staff_id, None)
        self._on_duty = OnDuty(member.staff_id, member.name, member.roles)
        self.touch()
        log.info("logged in", extra={"staff_id": staff_id})
        return self._on_duty

    def logout(self) -> None:
        """End the log-in."""
        self._on_duty = None

    def touch(self) -> None:
        """The clerk did something: the time begins anew."""
        self._touched = self._steady()

    def demand(self) -> OnDuty:
        """Who is on duty; LoginError when nobody is."""
        on_duty = self.on_duty
        if on_duty is None:
            raise LoginError("Nobody is logged in: log in first", code="not_logged_in")
        return on_duty

    def seconds_left(self) -> float:
        """Until the log-in ends without a touch."""
        return self._touched + self._settings.idle_minutes * 60 - self._steady()

    def warned(self) -> bool:
        """Whether the page should warn that the log-in is about to end."""
        return self.on_duty is not None and self.seconds_left() <= self._settings.warning_seconds

    def _checked(self, staff_id: str, pin: str, roster: Roster | None, now_us: int) -> StaffMember:
        if roster is None:
            raise LoginError(
                "The office has sent no roster yet: connect this unit once", code="no_roster"
            )
        if now_us >= roster.valid_until_us:
            raise LoginError(
                "The roster has run out: connect this unit to the office", code="roster_expired"
            )
        attempts = self._attempts.setdefault(staff_id[:64], _Attempts())
        if self._steady() < attempts.locked_until:
            raise LoginError("Too many wrong PINs: wait or ask a colleague", code="locked_out")
        member = roster.member(staff_id)
        if member is None or Role.CLERK not in member.roles or not _fits(member, pin):
            self._count(staff_id, attempts)
            raise LoginError("Staff id or PIN is wrong: try again", code="wrong_pin")
        return member

    def _count(self, staff_id: str, attempts: _Attempts) -> None:
        attempts.wrong += 1
        log.warning("log-in refused", extra={"staff_id": staff_id[:64], "count": attempts.wrong})
        if attempts.wrong >= self._settings.attempts:
            attempts.locked_until = self._steady() + self._settings.lockout_seconds
            attempts.wrong = 0


def _fits(member: StaffMember, pin: str) -> bool:
    try:
        return check_pin(member.pin_verifier, pin)
    except IntakeError:
        return False
