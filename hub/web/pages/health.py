"""/healthz for whoever watches the process, /metrics for Prometheus; neither knows a resident."""

import ipaddress

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from hub.metrics import metrics_text
from hub.web.context import office_of, units_of
from hub.web.security import logged_in, require
from intake.office.roster import Role

router = APIRouter()


@router.get("/healthz")
def healthz(request: Request) -> Response:
    """200 while an event that arrives now would be stored, else 503."""
    running = units_of(request).running()
    ok = running.takes_notifications
    return JSONResponse({"ok": ok, "broker": running.broker_up}, status_code=200 if ok else 503)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus text, on loopback or for an operator."""
    host = request.client.host if request.client else ""
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside or "x-forwarded-for" in request.headers:
        require(logged_in(request), Role.OPERATOR)
    text = metrics_text(office_of(request), units_of(request).running())
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4")
