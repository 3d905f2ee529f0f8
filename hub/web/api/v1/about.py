"""Whose token this is and what it may do; the ledger of what this system sent."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from hub.messages.delivery.ledger import paper_channels
from hub.messages.sending.channels_at_hand import rules_of
from hub.messages.systems import asking
from hub.web.api.v1.access import READS, System, problems
from hub.web.api.v1.messages import MOST
from hub.web.api.v1.views import BatchId, LedgerView, LimitsView, SystemView, TotalView, when
from hub.web.context import office_of

router = APIRouter(tags=["about"])


@router.get("/system", responses=problems())
def system(request: Request, caller: System) -> SystemView:
    """Whose token this is, its scopes, its end, its limits: a first call to try a token with."""
    return SystemView(
        system=caller.name,
        scopes=sorted(caller.scopes),
        expires=when(caller.expires_us),
        limits=LimitsView(messages_per_request=MOST, **vars(office_of(request).settings.api)),
    )


@router.get("/ledger", dependencies=[READS], responses=problems(400))
def ledger(
    request: Request, caller: System, batch: Annotated[BatchId | None, Query()] = None
) -> LedgerView:
    """What was sent by which channel and what that cost or saved, of all or of one batch."""
    office = office_of(request)
    with office.database.reading() as session:
        totals = asking.ledger(session, caller.name, batch, paper_channels(rules_of(office)))
    return LedgerView(totals=[TotalView(**vars(total)) for total in totals])
