"""What people see of the simulator: a resident's box, a telephone, and the switches."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader

from hub.clock import iso
from hub.messages.channels.simulator.app import Given
from hub.messages.channels.simulator.faults import Lie

TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True
)


def _minute(time_us: int) -> str:
    return iso(time_us)[:16].replace("T", " ")


TEMPLATES.filters["time"] = _minute
SWITCHES: Final = ("down", "expired_token", "keyless")
NUMBERS: Final = ("slow_ms", "per_second", "cut", "busy", "unknown", "bounce")


def router(given: Given) -> APIRouter:
    """The pages."""
    found = APIRouter()
    store, switches = given.store, given.switches

    @found.get("/")
    def start() -> Response:
        """Every box and telephone, and the switches."""
        return _page(
            "start.html",
            places=store.places(),
            faults=asdict(switches.now),
            switches=SWITCHES,
            numbers=NUMBERS,
            lies=list(Lie),
        )

    @found.post("/switches")
    async def switch(request: Request) -> Response:
        """Set every switch as the form says."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        values: dict[str, object] = {**dict.fromkeys(SWITCHES, False), **form}
        try:
            switches.set(values)
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        return RedirectResponse("/", 303)

    @found.get("/{kind}/{place}/")
    def box(kind: str, place: str) -> Response:
        """What lies in one box or on one telephone."""
        items = store.items(kind, place)
        return _page("box.html", kind=kind, place=place, items=items)

    @found.get("/{kind}/{place}/{number}")
    def one(kind: str, place: str, number: int) -> Response:
        """One message as the resident sees it; opening it is reading it."""
        item = store.item(number)
        if item is None or (item.kind, item.place) != (kind, place):
            raise HTTPException(404)
        store.read(number)
        return HTMLResponse(given.show(item))

    @found.post("/{kind}/{place}/refuse")
    def refuse(kind: str, place: str, number: Annotated[int, Form()]) -> Response:
        """The resident sends it back."""
        item = store.item(number)
        if item is None or (item.kind, item.place) != (kind, place):
            raise HTTPException(404)
        store.report(item.key, "refused", "refused_by_resident")
        return RedirectResponse("./", 303)

    return found


def _page(name: str, **values: object) -> Response:
    return HTMLResponse(TEMPLATES.get_template(name).render(**values))
