"""The operator's page: units, broker, alarms, quarantine, gaps, checkpoints."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub import operations
from hub.errors import NotFoundError
from hub.messages.channels.building import channels_of
from hub.messages.delivery.deciding import pause_channel
from hub.messages.delivery.view import channel_rows
from hub.messages.sandbox import ocr
from hub.storage.tables import Alarm
from hub.web.context import office_of, page, units_of
from hub.web.fleet import worst_first
from hub.web.security import FormVisitor, Visitor, require
from intake.office.roster import Role

router = APIRouter()


@router.get("/operator")
def show_operator(request: Request, visitor: Visitor) -> Response:
    """Everything an operator watches."""
    require(visitor, Role.OPERATOR)
    office = office_of(request)
    with office.database.reading() as session:
        units = worst_first(operations.devices(session), office.clock())
        return page(
            request,
            "operator.html",
            visitor,
            running=units_of(request).running(),
            units=units,
            troubled=sum(1 for unit in units if unit.weight),
            decided=[
                item
                for state in ("accepted", "discarded")
                for item in operations.quarantine(session, state=state)
            ],
            quarantine=operations.quarantine(session),
            gaps=operations.gaps(session),
            alarms=operations.alarms(session),
            checkpoints=operations.checkpoints(session),
            epochs=operations.epochs(session),
            keys=office.ring.keys,
            confinement=office.readers.confinement,
            ocr=ocr.installed(),
            ocr_packages=ocr.PACKAGES,
            channels=channel_rows(session, channels_of(office), office.clock()),
        )


@router.post("/operator/channels/{channel}")
def pause(
    request: Request, channel: str, visitor: FormVisitor, action: Annotated[str, Form()]
) -> Response:
    """Stop handing over by a channel, or let it go on."""
    require(visitor, Role.OPERATOR)
    office = office_of(request)
    if channel not in {one.name for one in channels_of(office)}:
        raise NotFoundError("there is no such channel")
    pause_channel(office.journal, visitor.staff, channel, pause=action == "pause")
    office.live.say("messages")
    return RedirectResponse("/operator#channels", status_code=303)


@router.post("/operator/alarms/{number}/seen")
def alarm_seen(request: Request, number: int, visitor: FormVisitor) -> Response:
    """Mark an alarm as seen."""
    require(visitor, Role.OPERATOR)
    office = office_of(request)
    with office.database.writing() as session:
        alarm = session.get(Alarm, number)
        if alarm is None:
            raise NotFoundError("there is no such alarm")
        alarm.seen_by, alarm.seen_us = visitor.staff.login, office.clock()
    return RedirectResponse("/operator", status_code=303)
