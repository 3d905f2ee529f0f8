"""The counter session as a state machine: one table, and nothing moves that is not in it.

    idle -> identify -> fill <-> names -> review -> confirm -> sign -> filed -> idle

The clerk leads; the resident reads the card, draws, picks, confirms and signs.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from edge.errors import ForbiddenStepError


class State(StrEnum):
    """Where one notification stands at this counter."""

    IDLE = "idle"  # nobody is served
    IDENTIFY = "identify"  # who is at the counter: card and PIN, or documents
    FILL = "fill"  # the clerk asks and fills in
    NAMES = "names"  # the resident draws characters and picks from the candidates
    REVIEW = "review"  # the clerk checks, corrects, sees the findings
    CONFIRM = "confirm"  # the resident reads everything
    SIGN = "sign"  # the resident signs with the pen
    FILED = "filed"  # on disk, with a reception number


class Step(StrEnum):
    """What somebody does."""

    START = "start"
    RESUME = "resume"  # a notification that the office returned
    READ_CARD = "read_card"
    CARD_ACCEPTED = "card_accepted"
    SHOW_DOCUMENTS = "show_documents"
    FILL_IN = "fill_in"
    TO_FILL = "to_fill"
    TO_NAMES = "to_names"
    DRAW = "draw"
    PICK = "pick"
    UNPICK = "unpick"  # what was picked is drawn again
    TO_REVIEW = "to_review"
    CORRECT = "correct"
    TO_RESIDENT = "to_resident"
    OBJECT = "object"  # the resident: this is not right
    CONFIRM = "confirm"
    SIGN = "sign"  # the pen begins anew
    TAKE_BACK = "take_back"
    FILE = "file"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    FINISH = "finish"
    CANCEL = "cancel"


_S = State
TABLE: Mapping[State, Mapping[Step, State]] = MappingProxyType(
    {
        _S.IDLE: {Step.START: _S.IDENTIFY, Step.RESUME: _S.REVIEW},
        _S.IDENTIFY: {
            Step.READ_CARD: _S.IDENTIFY,
            Step.CARD_ACCEPTED: _S.FILL,
            Step.SHOW_DOCUMENTS: _S.FILL,
            Step.CANCEL: _S.IDLE,
        },
        _S.FILL: {
            Step.FILL_IN: _S.FILL,
            Step.TO_NAMES: _S.NAMES,
            Step.TO_REVIEW: _S.REVIEW,
            Step.CANCEL: _S.IDLE,
        },
        _S.NAMES: {
            Step.DRAW: _S.NAMES,
            Step.PICK: _S.NAMES,
            Step.UNPICK: _S.NAMES,
            Step.TO_FILL: _S.FILL,
            Step.TO_REVIEW: _S.REVIEW,
            Step.CANCEL: _S.IDLE,
        },
        _S.REVIEW: {
            Step.CORRECT: _S.REVIEW,
            Step.TO_FILL: _S.FILL,
            Step.TO_NAMES: _S.NAMES,
            Step.TO_RESIDENT: _S.CONFIRM,
            Step.WITHDRAW: _S.CONFIRM,
            Step.CANCEL: _S.IDLE,
        },
        _S.CONFIRM: {
            Step.CONFIRM: _S.SIGN,
            Step.OBJECT: _S.REVIEW,
            Step.TAKE_BACK: _S.REVIEW,
            Step.CANCEL: _S.IDLE,
        },
        _S.SIGN: {
            Step.SIGN: _S.SIGN,
            Step.FILE: _S.FILED,
            Step.TAKE_BACK: _S.REVIEW,
            Step.CANCEL: _S.IDLE,
        },
        _S.FILED: {
            Step.AMEND: _S.REVIEW,
            Step.WITHDRAW: _S.CONFIRM,
            Step.FINISH: _S.IDLE,
        },
    }
)


def next_state(state: State, step: Step) -> State:
    """The state after `step`; ForbiddenStepError where the table has no such step."""
    allowed = TABLE[state]
    if step not in allowed:
        can = ", ".join(sorted(allowed))
        raise ForbiddenStepError(f"{step} is not possible in state {state}; possible is: {can}")
    return allowed[step]
