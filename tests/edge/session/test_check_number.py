"""Check number B: four attributes without a PIN, and a face that is compared and stays nowhere."""

import logging
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from drivers.card_reader.simulated_card.surface import portrait
from edge.pages.face import MOST_BYTES, png_of
from intake.notification import Source
from tests.edge.a_unit import Json, fields
from tests.edge.card_bench import CardBench, card_bench, on_disk
from tests.edge.session.steps import refused

pytestmark = pytest.mark.system  # real servers and keys: seconds, apart from the fast part
FACE = {"birth_date": "昭和59年5月17日", "expiry_year": 2031, "security_code": "4821"}
CHECK_NUMBER = "59051720314821"


@pytest.fixture
async def bench(tmp_path: Path, demo_cards: Path) -> AsyncGenerator[CardBench]:
    async with card_bench(tmp_path, demo_cards) as found:
        await found.unit.clerk.do("start", procedure="move_in")
        await found.unit.clerk.do("card_way", card_way="check_number")
        await found.put("head_of_household")
        yield found


async def read(bench: CardBench, **other: object) -> Json:
    await bench.unit.clerk.do("read_by_check_number", **{**FACE, **other})
    return await bench.unit.clerk.view()


async def picture(bench: CardBench, page: str, path: str) -> tuple[int, bytes, str]:
    client = bench.unit.clerk if page == "clerk" else bench.unit.resident
    async with client.session.get(f"{client.base}/face/{path}") as answer:
        return answer.status, await answer.read(), answer.headers["Cache-Control"]


async def test_four_attributes_without_a_pin_after_the_face_was_compared(bench: CardBench) -> None:
    view = await read(bench)
    assert (view["card"]["outcome"], view["state"]) == ("ok", "identify")
    assert view["notification"]["identity_proof"] is None, "a genuine card is not yet a person"
    await bench.unit.clerk.do("face_same")
    view = await bench.unit.clerk.view()
    assert view["state"] == "fill"
    assert view["notification"]["identity_proof"] == {
        "method": "one_document",
        "outcome": "confirmed",
        "documents": ["my_number_card"],
    }
    found = fields(view)
    assert found["persons/p1/name"]["text"] == "髙橋　健一"
    assert found["persons/p1/birth_date"]["value"] == "1984-05-17"
    assert found["persons/p1/sex"]["value"] == "male"
    assert found["old_address"]["value"]["town"] == "港町二丁目"
    assert {found[f"persons/p1/{n}"]["source"] for n in ("name", "sex")} == {Source.CARD}


@pytest.mark.parametrize(
    "typed", ["昭和59年5月17日", "S59.5.17", "1984-05-17", "昭59.5.17", " 1984-05-17 "]
)
async def test_the_era_year_is_computed(bench: CardBench, typed: str) -> None:
    assert (await read(bench, birth_date=typed))["card"]["outcome"] == "ok"


async def test_a_wrong_code_costs_one_try_of_ten(bench: CardBench) -> None:
    view = await read(bench, security_code="0000")
    assert (view["card"]["outcome"], view["card"]["tries_left"]) == ("pin_wrong", 9)
    assert view["face"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"birth_date": "1984-05"},
        {"birth_date": "1984"},
        {"birth_date": ""},
        {"birth_date": "明治3年1月1日"},
        {"security_code": "12a4"},
        {"security_code": "１２３４"},
        {"security_code": "123"},
        {"expiry_year": 31},
        {"expiry_year": "2031x"},
    ],
)
async def test_what_cannot_be_on_a_card_is_not_sent(
    bench: CardBench, wrong: dict[str, object]
) -> None:
    status, body = await bench.unit.clerk.act("read_by_check_number", **{**FACE, **wrong})
    assert (status, body["error"]["code"]) == (422, "bad_value")
    assert (await read(bench))["card"]["outcome"] == "ok"


async def test_the_resident_is_asked_for_nothing_meanwhile(bench: CardBench) -> None:
    assert await refused(bench.unit, "resident", "read_card", auth_pin="1234") == "bad_value"
    assert await refused(bench.unit, "resident", "read_by_check_number") == "unknown_action"
    await bench.unit.clerk.do("card_way", card_way="pin")
    assert await refused(bench.unit, "clerk", "read_by_check_number", **FACE) == "bad_value"


async def test_the_face_is_for_the_clerk_until_it_was_compared(bench: CardBench) -> None:
    assert await refused(bench.unit, "clerk", "face_same") == "bad_value"
    view = await read(bench)
    assert view["face"]["pictures"] == ["address", "name", "photo"]
    path = f"{view['face']['key']}/photo"
    status, data, cached = await picture(bench, "clerk", path)
    assert (status, cached) == (200, "no-store")
    assert data.startswith(b"\x89PNG")
    assert (await picture(bench, "resident", path))[0] == 404
    assert (await picture(bench, "clerk", "0000000000000000/photo"))[0] == 404
    assert "face" not in await bench.unit.resident.view()
    await bench.unit.clerk.do("logout")
    assert (await picture(bench, "clerk", path))[0] == 404, "nobody is there to compare"
    await bench.unit.log_in()
    again = (await bench.unit.clerk.view())["face"]["key"]
    assert again != view["face"]["key"]
    await bench.unit.clerk.do("face_same")
    assert (await picture(bench, "clerk", f"{again}/photo"))[0] == 404
    assert bench.unit.process.session.held_reading is None


@pytest.mark.parametrize("ending", ["face_differs", "cancel", "card_way", "show_documents"])
async def test_whatever_ends_the_comparison_the_face_is_gone(bench: CardBench, ending: str) -> None:
    await read(bench)
    more = {
        "card_way": {"card_way": "pin"},
        "show_documents": {"method": "one_document", "documents": ["passport"]},
    }
    await bench.unit.clerk.do(ending, **more.get(ending, {}))
    view = await bench.unit.clerk.view()
    assert view["face"] is None
    assert bench.unit.process.session.held_reading is None
    if ending != "cancel":
        assert "persons/p1/name" in fields(view)
        assert fields(view)["persons/p1/name"]["value"] is None


async def test_nothing_of_the_face_is_on_disk_or_in_the_log(
    bench: CardBench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    view = await read(bench)
    _, shown, _ = await picture(bench, "clerk", f"{view['face']['key']}/photo")
    await bench.unit.clerk.do("face_same")
    session = bench.unit.process.session
    draft = session.counter.drafts.get("session")
    assert draft is not None
    kept = [*on_disk(tmp_path), draft]
    for secret in (portrait()[40:120], shown[40:120], CHECK_NUMBER.encode()):
        assert not any(secret in data for data in kept)
    assert b"4821" not in draft
    assert "髙橋".encode() in draft, "the control: this is the draft, in the clear"
    for secret in (CHECK_NUMBER, "4821", "髙橋"):
        assert secret not in caplog.text


def test_what_is_no_photograph_is_not_shown() -> None:
    assert png_of(portrait()) is not None
    assert png_of(b"") is None
    assert png_of(portrait()[:200]) is None
    assert png_of(b"\x89PNG\r\n\x1a\n" + bytes(100)) is None
    assert png_of(portrait() + bytes(MOST_BYTES)) is None
