"""What each page can ask for: names of actions, and the steps of the session they stand for.

The resident's page has the resident's steps and nothing else; the clerk's page the clerk's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from edge.errors import FieldError, StaleViewError
from edge.pages.body import Body
from edge.pages.card_actions import clerk_card_actions, resident_card_actions
from edge.pages.choosing import Chooser
from edge.pages.finder import CharacterFinder
from edge.pages.picking_actions import picking_actions
from edge.session.clerk_steps import ClerkSteps
from edge.session.counter_session import CounterSession
from edge.session.picking_steps import PickingSteps
from edge.session.resident_steps import ResidentSteps
from edge.session.states import Step
from intake.notification import Procedure, Source

E = TypeVar("E", bound=StrEnum)
Result = dict[str, object]
Action = Callable[[Body], Awaitable[Result | None]]


def _now(act: Callable[[Body], Result | None]) -> Action:
    async def action(body: Body) -> Result | None:
        return act(body)

    return action


def _plain(act: Callable[[], None]) -> Action:
    return _now(lambda _body: act())


def resident_actions(session: CounterSession, chooser: Chooser) -> Mapping[str, Action]:
    """The resident's page."""
    steps = ResidentSteps(session)
    return {
        **resident_card_actions(session),
        "draw_again": _plain(steps.draw_again),
        "undo_stroke": _plain(steps.undo_stroke),
        "redo_stroke": _plain(steps.redo_stroke),
        **picking_actions(PickingSteps(session, steps.hand_on_drawing), chooser),
        "confirm": _plain(steps.confirm),
        "object": _now(lambda body: steps.object_to(body.text("what", ""))),
        "file": lambda _body: steps.file(),
    }


def clerk_actions(
    session: CounterSession,
    finder: CharacterFinder,
    chooser: Chooser,
    ask_returned: Callable[[], None],
) -> Mapping[str, Action]:
    """The clerk's page."""
    steps = ClerkSteps(session)
    desk = session.counter.staff_desk

    async def login(body: Body) -> Result:
        counter = session.counter
        on_duty = await asyncio.to_thread(
            desk.login,
            body.text("staff_id").strip(),
            body.text("pin"),
            counter.office.words.roster,
            counter.clock.wall_us(),
        )
        return {"staff_id": on_duty.staff_id}

    return {
        **clerk_card_actions(session),
        "login": login,
        "logout": _plain(desk.logout),
        "touch": _plain(lambda: None),
        "start": _now(lambda body: steps.start(_chosen(Procedure, body.text("procedure")))),
        "resume": _now(lambda body: steps.resume(body.text("notification_id"))),
        "show_documents": _now(
            lambda body: steps.show_documents(body.text("method"), body.texts("documents"))
        ),
        "fill": _now(
            lambda body: steps.fill(
                body.values(),
                source=_chosen(Source, body.text("source", Source.CLERK)),
                why=body.text("why", ""),
            )
        ),
        "add_person": _now(lambda _body: {"person_id": steps.add_person()}),
        "remove_person": _now(lambda body: steps.remove_person(body.text("person_id"))),
        "draw": _now(lambda body: steps.aim(body.text("where"), body.number("position"))),
        **picking_actions(PickingSteps(session, steps.hand_on_drawing), chooser),
        "find_open": _now(lambda body: finder.open(body.text("character"))),
        "find": _now(lambda body: finder.find(body.text("query", ""))),
        "find_pick": _now(lambda body: finder.pick(body.text("mj_name"), steps.fill)),
        "find_close": _plain(finder.close),
        "to_fill": _plain(lambda: steps.go(Step.TO_FILL)),
        "to_review": _plain(lambda: steps.go(Step.TO_REVIEW)),
        "take_back": _plain(lambda: steps.go(Step.TAKE_BACK)),
        "to_resident": _plain(steps.to_resident),
        "amend": _plain(steps.amend),
        "withdraw": _now(lambda body: steps.withdraw(body.text("reason", ""))),
        "finish": _plain(steps.finish),
        "cancel": _plain(steps.cancel),
        "ask_returned": _plain(lambda: (desk.demand(), ask_returned())[1]),
    }


def refuse_stale(body: Body, session: CounterSession) -> None:
    """StaleViewError when the page says which version it acted on and that is not the present."""
    if body.has("version") and body.number("version") != session.version:
        raise StaleViewError("The session has moved on meanwhile: look at the page again")


def _chosen(kind: type[E], text: str) -> E:
    try:
        return kind(text)
    except ValueError:
        raise FieldError(f"{text[:40]!r} is no {kind.__name__.lower()}") from None
