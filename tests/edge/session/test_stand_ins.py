"""The bridge: what the certificate could not write is drawn at once, and kept beside the card's."""

import logging
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from drivers.card_reader.simulated_card.persona import CertificateNames, Persona, PinState
from intake.characters import NameText
from intake.event.manifest import PartName
from intake.ink import name_drawings
from intake.notification import Address, Notification, Source
from intake.notification import codec as notifications
from tests.edge.a_unit import Json, fields
from tests.edge.card_bench import CardBench, card_bench, on_disk
from tests.edge.forms import FORM
from tests.edge.session.steps import draw, refused

pytestmark = pytest.mark.system  # real servers and keys: seconds, apart from the fast part
PIN, PASSWORD = "7391", "QZXW7391AB"
NAME = "𠮷野　花子"
ADDRESS = "青海県白波市内町二丁目３番４号"


def persona(**other: object) -> Persona:
    """Somebody whose name and address the certificate writes with stand-ins."""
    stand_ins = {
        "name": "吉野　花子",
        "name_flags": "10000",
        "address": ADDRESS,
        "address_flags": "0" * len(ADDRESS),
    }
    return Persona(
        title="代替文字の試験",
        name=NAME,
        address=ADDRESS,
        my_number="123456789018",
        auth_pin=PinState(PIN, 3),
        text_pin=PinState(PIN, 3),
        sign_password=PinState(PASSWORD, 5),
        certificate=CertificateNames(**{**stand_ins, **other}),  # pyright: ignore[reportArgumentType]
    )


@pytest.fixture
async def bench(tmp_path: Path, demo_cards: Path) -> AsyncGenerator[CardBench]:
    async with card_bench(tmp_path, demo_cards) as found:
        await found.unit.clerk.do("start", procedure="move_in")
        await found.unit.clerk.do("card_way", card_way="certificate")
        yield found


async def read(bench: CardBench, **other: object) -> Json:
    await bench.put(persona(**other))
    await bench.unit.resident.do("read_card", auth_pin=PIN, sign_password=PASSWORD)
    view = await bench.unit.clerk.view()
    assert view["card"]["outcome"] == "ok", view["card"]
    return view


async def pick(bench: CardBench, what: str, codepoint: str) -> None:
    await draw(bench.unit, what)
    answer = await bench.unit.resident.do("recognise")
    groups = answer["view"]["drawing"]["candidates"]
    mj_name = next(c["mj_name"] for g in groups for c in g if c["codepoint"] == codepoint)
    await bench.unit.resident.do("pick", mj_name=mj_name)


def todo_states(view: Json) -> list[tuple[str, int, str]]:
    return [(one["what"], one["number"], one["state"]) for one in view["stand_ins"]["todos"]]


async def filed(bench: CardBench) -> tuple[Notification, dict[PartName, bytes]]:
    clerk, resident = bench.unit.clerk, bench.unit.resident
    kept = ("persons/p1/name", "notifier_name", "old_address", "persons/p2/")
    await clerk.do("fill", values={k: v for k, v in FORM.items() if not k.startswith(kept)})
    await clerk.do("to_review")
    await clerk.do("to_resident")
    await resident.do("confirm")
    await draw(bench.unit)
    identity = (await resident.do("file"))["view"]["filed"]["identity"]
    envelope = bench.unit.process.counter.outbox.envelope(bytes.fromhex(identity))
    assert envelope is not None
    _, parts = bench.unit.office.opened(envelope)
    return notifications.decode(parts[PartName.NOTIFICATION]), parts


async def test_the_marked_character_is_drawn_at_once_and_both_are_kept(bench: CardBench) -> None:
    view = await read(bench)
    assert view["state"] == "names"
    assert view["drawing"]["stand_in"] == {"what": "name", "number": 1, "stand_in": "吉"}
    assert todo_states(view) == [("name", 1, "open")]
    await pick(bench, "U+20BB7", "U+20BB7")
    view = await bench.unit.clerk.view()
    assert todo_states(view) == [("name", 1, "chosen")]
    assert view["stand_ins"]["conflicts"] == []
    assert view["drawing"] is None
    await bench.unit.clerk.do("to_fill")
    notification, parts = await filed(bench)
    for field in (notification.fields["notifier_name"], notification.person("p1").fields["name"]):
        assert isinstance(field.value, NameText)
        assert [c.repertoire for c in field.value] == ["mj", "ucs", "ucs", "ucs", "ucs"]
        assert field.source is Source.PEN
        before = [(str(c.old_value.plain()), c.old_source) for c in field.history]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
        assert before == [("吉野　花子", Source.CARD), (NAME, Source.CARD)]
    (drawing,) = name_drawings.decode(parts[PartName.NAME_INK])
    assert (drawing.person_id, drawing.field, drawing.position) == ("p1", "name", 0)


async def test_a_second_mark_follows_the_first_and_unresolved_is_enough(bench: CardBench) -> None:
    await read(bench, name="吉野　華子", name_flags="10010")
    await draw(bench.unit, "U+20BB7")
    await bench.unit.resident.do("none_fits")
    view = await bench.unit.clerk.view()
    assert todo_states(view) == [("name", 1, "unresolved"), ("name", 3, "open")]
    assert (view["drawing"]["target"]["position"], view["drawing"]["touched"]) == (3, False)
    await bench.unit.clerk.do("to_fill")
    notification, _ = await filed(bench)
    name = notification.person("p1").value("name")
    assert isinstance(name, NameText)
    assert name.blocks_certificate


async def test_a_mark_in_the_address_is_drawn_into_it(bench: CardBench) -> None:
    flags = "".join("1" if one == "内" else "0" for one in ADDRESS)
    stand_in = ADDRESS.replace("内", "中")
    view = await read(bench, name=NAME, name_flags="00000", address=stand_in, address_flags=flags)
    assert view["drawing"]["stand_in"] == {"what": "address", "number": 7, "stand_in": "中"}
    assert view["drawing"]["target"]["where"] == "old_address"
    await pick(bench, "U+5167", "U+5167")
    view = await bench.unit.clerk.view()
    assert fields(view)["old_address"]["value"]["town"] == "內町二丁目"
    assert fields(view)["old_address"]["source"] == Source.PEN
    assert [one["code"] for one in view["stand_ins"]["conflicts"]] == ["chosen"]
    await bench.unit.clerk.do("to_fill")
    notification, _ = await filed(bench)
    address = notification.fields["old_address"]
    assert isinstance(address.history[0].old_value, Address)
    assert address.history[0].old_value.town == "内町二丁目"


async def test_texts_that_disagree_are_told_and_stop_nothing(bench: CardBench) -> None:
    view = await read(bench, name="吉野　花代", name_flags="00000")
    assert view["state"] == "fill"
    conflicts = view["stand_ins"]["conflicts"]
    assert [(one["code"], one["number"]) for one in conflicts] == [("unmarked", 1), ("unmarked", 4)]
    await filed(bench)


async def test_the_clerk_can_find_it_instead(bench: CardBench) -> None:
    await read(bench)
    await bench.unit.clerk.do("to_fill")
    await bench.unit.clerk.do("find_open", character="persons/p1/name@0")
    found = (await bench.unit.clerk.do("find", query="U+20BB7"))["view"]["finder"]["glyphs"]
    await bench.unit.clerk.do("find_pick", mj_name=found[0]["mj_name"])
    assert todo_states(await bench.unit.clerk.view()) == [("name", 1, "chosen")]


async def test_another_way_marks_nothing(bench: CardBench) -> None:
    await bench.unit.clerk.do("card_way", card_way="pin")
    await bench.put(persona())
    await bench.unit.resident.do("read_card", auth_pin=PIN, sign_password=PASSWORD)
    view = await bench.unit.clerk.view()
    assert (view["state"], view["stand_ins"]) == ("fill", None)


async def test_a_wrong_password_is_sent_once(bench: CardBench) -> None:
    card = await bench.put(persona())
    await bench.unit.resident.do("read_card", auth_pin=PIN, sign_password="ABCDEF")
    view = await bench.unit.clerk.view()
    assert (view["card"]["outcome"], view["card"]["tries_left"]) == ("pin_wrong", 4)
    tries = {ask["pin"]: ask["tries"] for ask in view["card"]["asks"]}
    assert tries == {"auth": 3, "text": 3, "sign": 4}
    assert card.commands_seen > 0
    assert await refused(bench.unit, "clerk", "face_same") == "bad_value"


def stands_in(secret: str, text: str) -> bool:
    """Whether a secret stands in a text by itself: ids drawn by chance have any four digits."""
    return re.search(rf"(?<![0-9A-Za-z]){secret}(?![0-9A-Za-z])", text) is not None


def test_a_secret_is_found_where_it_stands_by_itself() -> None:
    assert stands_in(PIN, f"{{'auth_pin': '{PIN}'}}")
    assert stands_in(PASSWORD, f"<input value={PASSWORD}>")
    assert not stands_in(PIN, f"'session': 'a{PIN}f0'")


async def test_no_secret_is_anywhere_afterwards(
    bench: CardBench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await bench.put(persona())
    await bench.unit.resident.do("read_card", auth_pin="7392", sign_password=PASSWORD)
    view = await read(bench)
    await bench.unit.clerk.do("to_fill")
    _, parts = await filed(bench)
    shown = [repr(view), repr(await bench.unit.resident.view())]
    for page in (bench.unit.clerk, bench.unit.resident):
        async with page.session.get(f"{page.base}/") as answer:
            shown.append(await answer.text())
    draft = bench.unit.process.counter.drafts.get("session")
    assert draft is not None
    kept = [*on_disk(tmp_path), draft, *parts.values()]
    for secret in (PASSWORD, PIN, "7392", "123456789018"):
        assert secret not in caplog.text
        assert not any(stands_in(secret, text) for text in shown)
        assert not any(
            secret.encode() in data for data in kept if secret in (PASSWORD, "123456789018")
        )
    assert NAME not in caplog.text
    assert any(NAME.encode() in data for data in kept), "the control: this looks inside"
