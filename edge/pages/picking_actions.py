"""What both pages can ask for while a character is found: conditions, a look, a pick."""

from collections.abc import Awaitable, Callable, Mapping

from edge.pages.body import Body
from edge.pages.choosing import Chooser
from edge.session import narrowing
from edge.session.picking_steps import PickingSteps

Act = Callable[[Body], Awaitable[dict[str, object] | None]]


def picking_actions(steps: PickingSteps, chooser: Chooser) -> Mapping[str, Act]:
    """The actions for one page; `steps` is the hand of who sits before it."""

    async def narrow(body: Body) -> None:
        await steps.narrow(
            narrowing.typed(**{name: body.text(name, "") for name in narrowing.CONDITIONS})
        )

    async def widen(body: Body) -> None:
        await steps.widen(body.text("condition", "all"))

    async def look_at(body: Body) -> None:
        chooser.look_at(body.text("mj_name"))

    async def pick(body: Body) -> None:
        steps.pick(body.text("mj_name"))

    async def none_fits(_body: Body) -> None:
        steps.pick(None)

    async def unpick(_body: Body) -> None:
        steps.unpick()

    async def recognise(_body: Body) -> None:
        await steps.recognise()

    return {
        "narrow": narrow,
        "widen": widen,
        "look_at": look_at,
        "pick": pick,
        "none_fits": none_fits,
        "unpick": unpick,
        "recognise": recognise,
    }
