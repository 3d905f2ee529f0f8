"""One notification walked through both pages by script: card, form, drawing, signature, receipt."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from drivers.card_reader.simulated_card import demo_pki
from drivers.tablet import handwriting
from edge.settings import CardReader
from intake.certificates import evidence as evidences
from intake.characters import NameText
from intake.event.manifest import EventKind, PartName
from intake.ink import log as ink_log
from intake.ink import name_drawings
from intake.notification import Signature, Source, content_digest
from intake.notification import codec as notifications
from tests.edge.a_unit import (
    Client,
    Pen,
    RunningUnit,
    fields,
    make_office,
    running,
    settings_for,
    until,
)
from tests.edge.forms import FORM

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part


@pytest.fixture(scope="module")
def demo_cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import datetime as dt  # noqa: PLC0415 - only here

    folder = tmp_path_factory.mktemp("cards")
    demo_pki.open_pki(folder, dt.datetime.now(dt.UTC))
    return folder


@pytest.fixture
async def unit(tmp_path: Path, demo_cards: Path) -> AsyncGenerator[RunningUnit]:
    office = make_office(tmp_path)
    card_reader = CardReader("sim:head_of_household", demo_cards, demo_cards)
    settings = settings_for(tmp_path, card_reader=card_reader)
    async with running(settings, office) as unit:
        yield unit


async def draw(client: Client, pen: Pen, unit: RunningUnit, what: str) -> None:
    await pen.write(handwriting.load(what).strokes)
    await until(lambda: unit.process.counter.capture.has_strokes)
    assert client is unit.resident


async def test_a_notification_is_walked_through(unit: RunningUnit) -> None:
    clerk, resident = unit.clerk, unit.resident
    await unit.log_in()
    await clerk.do("start", procedure="move_in")
    await resident.do("read_card", auth_pin="1234", text_pin="1234")
    view = await resident.view()
    assert view["state"] == "fill", view["card"]
    assert (await clerk.do("add_person"))["result"] == {"person_id": "p2"}
    await clerk.do("fill", values={k: v for k, v in FORM.items() if k != "persons/p1/name"})
    assert fields(await clerk.view())["persons/p1/name"]["source"] == Source.CARD

    async with resident.session.ws_connect(f"{resident.base}/socket") as socket:
        pen = Pen(socket)
        await pen.announce()
        await until(lambda: unit.process.counter.capture.status.tablet is not None)
        await clerk.do("draw", where="persons/p2/name", position=3)
        await draw(resident, pen, unit, "U+20BB7")
        answer = await resident.do("recognise")
        candidates = answer["view"]["drawing"]["candidates"]
        picked = next(c for group in candidates for c in group if c["codepoint"] == "U+20BB7")
        await resident.do("pick", mj_name=picked["mj_name"])
        await clerk.do("to_review")
        blocking = [f for f in (await clerk.view())["findings"] if f["severity"] == "block"]
        assert [f["where"] for f in blocking] == ["signature"]
        await clerk.do("to_resident")
        await resident.do("confirm")
        await draw(resident, pen, unit, "signature")
        filed = (await resident.do("file"))["view"]["filed"]

    assert filed["reception_number"].startswith("012-")
    assert filed["receipt"] == "waiting"
    (identity,) = unit.process.counter.outbox.waiting()
    envelope = unit.process.counter.outbox.envelope(identity)
    assert envelope is not None
    sealed, parts = unit.office.opened(envelope)
    notification = notifications.decode(parts[PartName.NOTIFICATION])
    name = notification.person("p2").value("name")
    assert isinstance(name, NameText)
    assert [c.repertoire for c in name] == ["ucs", "ucs", "ucs", "mj", "ucs"]
    assert sealed.manifest.kind is EventKind.FILED
    signature = notification.value("signature")
    assert isinstance(signature, Signature)
    assert signature.content_sha256 == content_digest(notification)
    assert ink_log.decode(parts[PartName.SIGNATURE_INK]).strokes()
    (drawing,) = name_drawings.decode(parts[PartName.NAME_INK])
    assert drawing.picked.id == picked["mj_name"]
    evidence = evidences.decode(parts[PartName.CARD_EVIDENCE])
    assert evidences.challenge_is_for(evidence.challenge, notification.notification_id)
    await clerk.do("finish")
    assert (await resident.view())["state"] == "idle"
