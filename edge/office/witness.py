"""This unit as a witness of the office's log: what was signed once must stay in it.

Every verified checkpoint is compared with the one held. A greater log of the same epoch is held
only with the proof that it extends the held one; until then it is remembered and asked about.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intake.errors import ProofError
from intake.event.checkpoint import Checkpoint, check_extends

log = logging.getLogger(__name__)


class Alarm(StrEnum):
    """What is wrong with the log; shown to the clerk until an operator has looked."""

    SHRANK = "log_shrank"
    FORKED = "log_forked"
    WENT_BACK = "log_epoch_went_back"


@dataclass(frozen=True)
class Witnessed:
    """A checkpoint whose signature has been verified, and its bytes as they came."""

    checkpoint: Checkpoint
    data: bytes


class Witness:
    """Holds the greatest proven checkpoint."""

    def __init__(
        self,
        held: Witnessed | None = None,
        *,
        alarm: Alarm | None = None,
        on_new_epoch: Callable[[], None] = lambda: None,
    ) -> None:
        self.held = held
        self.alarm = alarm
        self._on_new_epoch = on_new_epoch
        self._wanted: Witnessed | None = None

    def see(self, seen: Witnessed) -> None:
        """Take in a checkpoint whose signature has been verified."""
        if self.held is None:
            self.held = seen
            return
        old, new = self.held.checkpoint, seen.checkpoint
        later = new.time_us > old.time_us
        if new.epoch > old.epoch:
            log.warning("the office opened a new epoch of its log", extra={"version": new.epoch})
            self.held, self._wanted = seen, None
            self._on_new_epoch()
        elif new.epoch < old.epoch:
            if later:
                self._raise(Alarm.WENT_BACK)
        elif new.size < old.size:
            if later:
                self._raise(Alarm.SHRANK)
        elif new.size == old.size:
            self._extends(old, new, ())
        elif old.size == 0:
            self.held = seen
        elif self._wanted is None or new.size > self._wanted.checkpoint.size:
            self._wanted = seen

    def question(self) -> tuple[int, int] | None:
        """The two sizes between which the office owes a proof, or None."""
        if self._wanted is None or self.held is None:
            return None
        return self.held.checkpoint.size, self._wanted.checkpoint.size

    def answer(self, sizes: tuple[int, int], proof: Sequence[bytes]) -> None:
        """Take in the proof between two sizes that were asked about."""
        if self._wanted is None or self.held is None or self.held.checkpoint.size != sizes[0]:
            return
        if self._wanted.checkpoint.size != sizes[1]:
            return
        if self._extends(self.held.checkpoint, self._wanted.checkpoint, proof):
            self.held = self._wanted
        self._wanted = None

    def _extends(self, old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> bool:
        try:
            check_extends(old, new, proof)
        except ProofError:
            self._raise(Alarm.FORKED)
            return False
        return True

    def _raise(self, alarm: Alarm) -> None:
        log.critical("the office's log is not the one it signed before", extra={"reason": alarm})
        self.alarm = alarm
