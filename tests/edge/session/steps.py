"""The steps most tests of the session begin with: to the review, a drawing, a filing, a refusal."""

from drivers.tablet import handwriting
from tests.edge.a_unit import Pen, RunningUnit, until
from tests.edge.forms import FORM


async def to_review(unit: RunningUnit) -> None:
    await unit.clerk.do("start", procedure="move_in")
    await unit.clerk.do("show_documents", method="one_document", documents=["driving_licence"])
    await unit.clerk.do("add_person")
    await unit.clerk.do("fill", values=FORM)
    await unit.clerk.do("to_review")


async def draw(unit: RunningUnit, what: str = "signature") -> None:
    resident, capture = unit.resident, unit.process.counter.capture
    async with resident.session.ws_connect(f"{resident.base}/socket") as socket:
        pen = Pen(socket)
        await pen.announce()
        strokes = handwriting.load(what).strokes
        await pen.write(strokes)
        await until(
            lambda: (ink := capture.ink()) is not None and len(ink.strokes()) == len(strokes)
        )


async def file(unit: RunningUnit) -> dict[str, str]:
    await unit.clerk.do("to_resident")
    await unit.resident.do("confirm")
    await draw(unit)
    return (await unit.resident.do("file"))["view"]["filed"]


async def refused(unit: RunningUnit, page: str, name: str, **values: object) -> str:
    client = unit.resident if page == "resident" else unit.clerk
    status, body = await client.act(name, **values)
    assert status >= 400, (name, body)
    return body["error"]["code"]
