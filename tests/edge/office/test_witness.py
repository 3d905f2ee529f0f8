"""The unit as a witness: a log that shrinks, forks or goes back raises the alarm."""

import pytest

from edge.office.witness import Alarm, Witness, Witnessed
from intake.event import merkle
from intake.event.checkpoint import Checkpoint
from intake.event.merkle import MemoryTree
from tests.edge.enrolment import ENVIRONMENT, OFFICE

LEAVES = tuple(b"leaf %03d" % n for n in range(40))


def seen(
    size: int, *, leaves: tuple[bytes, ...] = LEAVES, epoch: int = 1, time_us: int | None = None
) -> Witnessed:
    root = merkle.root(MemoryTree(leaves), size)
    moment = size if time_us is None else time_us
    return Witnessed(Checkpoint(OFFICE, ENVIRONMENT, epoch, size, root, moment), b"%d" % size)


def proof(old: int, new: int, leaves: tuple[bytes, ...] = LEAVES) -> tuple[bytes, ...]:
    return merkle.consistency_proof(MemoryTree(leaves), old, new)


def test_growth_is_held_once_it_is_proven() -> None:
    witness = Witness(seen(5))
    witness.see(seen(9))
    assert witness.held == seen(5)
    assert witness.question() == (5, 9)
    witness.see(seen(12))
    assert witness.question() == (5, 12)
    witness.answer((5, 9), proof(5, 9))
    assert witness.held == seen(5), "an answer to a question of before"
    witness.answer((5, 12), proof(5, 12))
    assert witness.held == seen(12)
    assert (witness.question(), witness.alarm) == (None, None)


def test_a_rewritten_log_cannot_be_proven() -> None:
    witness = Witness(seen(5))
    rewritten = (b"other", *LEAVES[1:])
    witness.see(seen(9, leaves=rewritten))
    witness.answer((5, 9), proof(5, 9, rewritten))
    assert witness.alarm is Alarm.FORKED
    assert witness.held == seen(5)


def test_two_logs_of_one_size_are_a_fork_at_once() -> None:
    witness = Witness(seen(5))
    witness.see(seen(5, leaves=(b"other", *LEAVES[1:])))
    assert witness.alarm is Alarm.FORKED


@pytest.mark.parametrize(("time_us", "alarm"), [(99, Alarm.SHRANK), (3, None)])
def test_a_smaller_log_is_an_alarm_unless_it_is_only_late(
    time_us: int, alarm: Alarm | None
) -> None:
    witness = Witness(seen(5))
    witness.see(seen(3, time_us=time_us))
    assert witness.alarm is alarm
    assert witness.held == seen(5)


def test_a_new_epoch_is_taken_and_told_and_never_goes_back() -> None:
    told: list[int] = []
    witness = Witness(seen(5), on_new_epoch=lambda: told.append(1))
    witness.see(seen(3, epoch=2, time_us=50))
    assert witness.held == seen(3, epoch=2, time_us=50)
    assert told == [1]
    witness.see(seen(9, epoch=1, time_us=40))
    assert witness.alarm is None, "an old one that came late"
    witness.see(seen(9, epoch=1, time_us=60))
    assert witness.alarm is Alarm.WENT_BACK


def test_an_empty_log_needs_no_proof() -> None:
    witness = Witness(seen(0))
    witness.see(seen(4))
    assert witness.held == seen(4)
