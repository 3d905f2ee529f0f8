"""The two pages made of their parts: what each shows, and what each may do."""

from edge.capture.browser_pen import BrowserPen
from edge.pages.actions import clerk_actions, refuse_stale, resident_actions
from edge.pages.binding import DisplayBinding
from edge.pages.body import Body
from edge.pages.choosing import Chooser
from edge.pages.face import CardFace
from edge.pages.finder import CharacterFinder
from edge.pages.kept_drawings import KeptDrawings
from edge.pages.page import Page
from edge.pages.rendering import Rendering
from edge.pages.socket import SocketParts
from edge.pages.unit_status import outbox_rows, unit_status
from edge.session.view import clerk_view, resident_view
from edge.unit_process import UnitProcess


def resident_page(process: UnitProcess, rendering: Rendering, pen: BrowserPen | None) -> Page:
    """The page under the pen; `pen` where the page itself is the tablet."""
    session, settings = process.session, process.settings

    chooser = Chooser(session, process.changes.changed)

    def view() -> dict[str, object]:
        return resident_view(session) | {
            "version": session.version,
            "looked_at": chooser.view(),
            "browser_pen": pen is not None,
            "environment": process.counter.unit.environment,
        }

    return Page(
        binding=DisplayBinding("resident", settings.unit.state),
        rendering=rendering,
        view=view,
        actions=resident_actions(session, chooser),
        shapes=chooser.shapes,
        socket=SocketParts(
            process.counter.capture, process.changes, settings.tablet.picture_hz, pen
        ),
        check=lambda body: refuse_stale(body, session),
        language=settings.resident.language,
        begins_anew=True,
    )


def clerk_page(process: UnitProcess, rendering: Rendering) -> Page:
    """The clerk's page; whoever acts on it while logged in stays logged in."""
    session, settings, counter = process.session, process.settings, process.counter
    finder = CharacterFinder(session, process.changes.changed)
    chooser = Chooser(session, process.changes.changed)
    face = CardFace(session)
    kept = KeptDrawings(counter)

    def view() -> dict[str, object]:
        shown = clerk_view(session) | {"version": session.version}
        shown["unit"] = unit_status(counter, process.link.status)
        if counter.staff_desk.on_duty is not None:
            shown["outbox"] = outbox_rows(counter)
            shown["finder"] = finder.view()
            shown["looked_at"] = chooser.view()
            shown["face"] = face.view()
            shown["kept_drawings"] = kept.view()
        return shown

    def check(body: Body) -> None:
        if counter.staff_desk.on_duty is not None:
            counter.staff_desk.touch()
        refuse_stale(body, session)

    return Page(
        binding=DisplayBinding("clerk", settings.unit.state),
        rendering=rendering,
        view=view,
        actions={
            **clerk_actions(session, finder, chooser, process.link.ask_returned),
            **kept.actions(),
        },
        shapes=lambda: (*chooser.shapes(), *finder.shapes()),
        socket=SocketParts(
            counter.capture,
            process.changes,
            settings.tablet.picture_hz,
            None,
            may_see=lambda: counter.staff_desk.on_duty is not None,
        ),
        check=check,
        language=settings.clerk.language,
        picture=face.picture,
    )
