"""The session's table: every way through it, and every step that is not in it."""

import pytest

from edge.errors import ForbiddenStepError
from edge.session.states import TABLE, State, Step, next_state


def walk(*steps: Step, start: State = State.IDLE) -> State:
    state = start
    for step in steps:
        state = next_state(state, step)
    return state


def test_a_notification_is_walked_through() -> None:
    steps = (
        Step.START,
        Step.READ_CARD,
        Step.CARD_ACCEPTED,
        Step.FILL_IN,
        Step.TO_NAMES,
        Step.DRAW,
        Step.PICK,
        Step.TO_REVIEW,
        Step.CORRECT,
        Step.TO_RESIDENT,
        Step.CONFIRM,
        Step.SIGN,
        Step.FILE,
    )
    assert walk(*steps) is State.FILED
    assert walk(Step.FINISH, start=State.FILED) is State.IDLE


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", list(Step))
def test_every_step_is_in_the_table_or_refused_with_what_is_possible(
    state: State, step: Step
) -> None:
    if step in TABLE[state]:
        assert next_state(state, step) is TABLE[state][step]
    else:
        with pytest.raises(ForbiddenStepError, match="possible is: "):
            next_state(state, step)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (State.IDLE, Step.FILE),
        (State.REVIEW, Step.FILE),
        (State.CONFIRM, Step.FILE),
        (State.FILL, Step.CONFIRM),
        (State.FILED, Step.CANCEL),
        (State.FILED, Step.CORRECT),
        (State.SIGN, Step.CORRECT),
        (State.IDENTIFY, Step.TO_REVIEW),
    ],
)
def test_nothing_is_filed_unseen_or_changed_after_confirmation(state: State, step: Step) -> None:
    with pytest.raises(ForbiddenStepError):
        next_state(state, step)


def test_filing_comes_only_out_of_signing_and_signing_only_out_of_confirmation() -> None:
    into = {
        target: {
            (s, step) for s, steps in TABLE.items() for step, t in steps.items() if t is target
        }
        for target in State
    }
    assert into[State.FILED] == {(State.SIGN, Step.FILE)}
    assert into[State.SIGN] == {(State.CONFIRM, Step.CONFIRM), (State.SIGN, Step.SIGN)}


def test_every_state_is_reached_and_leads_back_to_idle() -> None:
    reached = {State.IDLE}
    for _ in State:
        reached |= {target for state in reached for target in TABLE[state].values()}
    assert reached == set(State)
    leads_back = {State.IDLE}
    for _ in State:
        leads_back |= {state for state in State if leads_back & set(TABLE[state].values())}
    assert leads_back == set(State)
