"""Where the office says so: the notification signed with the card, and the number sealed apart."""

import datetime as dt
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.trust_folder import load_anchors
from edge.errors import SettingsError
from intake.certificates import evidence as evidences
from intake.certificates.document_signature import check_document_signature
from intake.event.manifest import PartName, RecipientClass
from intake.notification import Notification, individual_number
from intake.notification import codec as notifications
from intake.notification.signed_document import document_to_sign
from intake.office.environment import Environment
from tests.edge.a_unit import Json
from tests.edge.card_bench import CardBench, card_bench, on_disk
from tests.edge.forms import FORM
from tests.edge.session.steps import draw, refused

pytestmark = pytest.mark.system  # real servers and keys: seconds, apart from the fast part
PASSWORD, NUMBER = "DEMO1234", "123456789018"
MOVE_IN = {"signed_procedures": ("move_in",), "number_procedures": ("move_in",)}


@pytest.fixture
async def bench(tmp_path: Path, demo_cards: Path) -> AsyncGenerator[CardBench]:
    async with card_bench(tmp_path, demo_cards, **MOVE_IN) as found:
        await found.unit.clerk.do("start", procedure="move_in")
        yield found


async def to_sign(bench: CardBench, persona: str = "head_of_household") -> SimulatedCard:
    """Up to the signature, with a card that identified."""
    card = await bench.put(persona)
    await bench.unit.resident.do("read_card", auth_pin="1234")
    assert (await bench.unit.clerk.view())["state"] == "fill"
    kept = ("persons/p1/name", "notifier_name", "old_address", "persons/p2/")
    form = {place: value for place, value in FORM.items() if not place.startswith(kept)}
    await bench.unit.clerk.do("fill", values=form)
    await bench.unit.clerk.do("to_review")
    await bench.unit.clerk.do("to_resident")
    await bench.unit.resident.do("confirm")
    return card


async def signed(bench: CardBench, password: str = PASSWORD) -> Json:
    return (await bench.unit.resident.do("sign_by_card", sign_password=password))["view"]


async def filed(bench: CardBench) -> tuple[Notification, dict[PartName, bytes]]:
    await draw(bench.unit)
    identity = (await bench.unit.resident.do("file"))["view"]["filed"]["identity"]
    envelope = bench.unit.process.counter.outbox.envelope(bytes.fromhex(identity))
    assert envelope is not None
    _, parts = bench.unit.office.opened(envelope)
    return notifications.decode(parts[PartName.NOTIFICATION]), parts


def holds(cards: Path, content: bytes, notification: Notification, revision: int = 1) -> bool:
    found = evidences.decode(content)
    assert found.signature is not None
    return check_document_signature(
        found.signature,
        document_to_sign(notification, revision),
        at=dt.datetime.now(dt.UTC),
        anchors=load_anchors(cards, environment=Environment.DEMO),
        environment=Environment.DEMO,
    ).holds


async def test_it_is_filed_with_the_cards_signature_over_its_content(
    bench: CardBench, demo_cards: Path
) -> None:
    await to_sign(bench)
    card = (await bench.unit.resident.view())["card"]
    assert [(one["pin"], one["tries"]) for one in card["asks"]] == [("sign", 5)]
    assert (await signed(bench))["card_signed"]
    notification, parts = await filed(bench)
    evidence = parts[PartName.CARD_EVIDENCE]
    assert holds(demo_cards, evidence, notification)
    assert not holds(demo_cards, evidence, notification, revision=2)
    assert evidences.decode(evidence).text is not None, "the reading that identified is there too"


async def test_nothing_is_filed_without_it_but_the_clerk_may_let_it_go(bench: CardBench) -> None:
    await to_sign(bench)
    await draw(bench.unit)
    assert await refused(bench.unit, "resident", "file") == "no_card_signature"
    assert await refused(bench.unit, "resident", "waive_signature") == "unknown_action"
    await bench.unit.clerk.do("waive_signature")
    await bench.unit.clerk.do("take_back")
    await bench.unit.clerk.do("to_resident")
    await bench.unit.resident.do("confirm")
    assert await refused(bench.unit, "resident", "file") == "no_signature"
    await draw(bench.unit)
    assert await refused(bench.unit, "resident", "file") == "no_card_signature", "it was for once"
    await bench.unit.clerk.do("waive_signature")
    _, parts = await filed(bench)
    assert evidences.decode(parts[PartName.CARD_EVIDENCE]).signature is None


async def test_what_is_corrected_afterwards_is_signed_anew(bench: CardBench) -> None:
    await to_sign(bench)
    assert (await signed(bench))["card_signed"]
    await bench.unit.clerk.do("take_back")
    await bench.unit.clerk.do("fill", values={"contact": "03-1111-1111"}, why="聞き直した")
    await bench.unit.clerk.do("to_resident")
    assert not (await bench.unit.resident.do("confirm"))["view"]["card_signed"]


async def test_a_wrong_password_is_sent_once_and_the_next_may_be_right(bench: CardBench) -> None:
    await to_sign(bench)
    view = await signed(bench, "WRONG123")
    assert (view["card"]["outcome"], view["card"]["tries_left"]) == ("pin_wrong", 4)
    assert (view["card_signed"], view["state"]) == (False, "sign")
    for wrong in ("abcdef", "AB12", ""):
        view = await signed(bench, wrong)
        assert view["card"]["outcome"] == "pin_format"
    assert view["card"]["asks"][0]["tries"] == 4
    assert (await signed(bench))["card_signed"]


async def test_the_card_of_somebody_else_signs_for_somebody_else(
    bench: CardBench, demo_cards: Path
) -> None:
    """Who signed is in the certificate, which the reviewer sees; the unit does not decide it."""
    await to_sign(bench)
    await bench.put("awkward")
    assert (await signed(bench))["card_signed"]
    notification, parts = await filed(bench)
    assert holds(demo_cards, parts[PartName.CARD_EVIDENCE], notification)


async def test_a_child_has_nothing_to_sign_with(bench: CardBench) -> None:
    await to_sign(bench, "under_15")
    (ask,) = (await bench.unit.resident.view())["card"]["asks"]
    assert (ask["pin"], ask["state"]) == ("sign", "absent")
    assert (await signed(bench))["card"]["outcome"] == "no_signing_certificate"


async def test_other_procedures_are_not_signed_by_card(bench: CardBench) -> None:
    await bench.unit.clerk.do("cancel")
    await bench.unit.clerk.do("start", procedure="household_change")
    assert (await bench.unit.clerk.view())["number_sealed"] is None
    assert await refused(bench.unit, "resident", "sign_by_card") == "forbidden_step"


async def test_the_number_goes_to_its_store_alone(bench: CardBench, tmp_path: Path) -> None:
    await to_sign(bench)
    assert (await bench.unit.clerk.view())["number_sealed"] is True
    await signed(bench)
    notification, parts = await filed(bench)
    numbers = individual_number.decode(parts[PartName.INDIVIDUAL_NUMBER])
    assert dict(numbers.numbers) == {"p1": NUMBER}
    assert numbers.notification_id == notification.notification_id
    assert PartName.INDIVIDUAL_NUMBER.recipient_class is RecipientClass.NUMBER_STORE
    draft = bench.unit.process.counter.drafts.get("session")
    assert draft is not None
    others = [data for name, data in parts.items() if name is not PartName.INDIVIDUAL_NUMBER]
    assert not any(NUMBER.encode() in data for data in [*on_disk(tmp_path), draft, *others])
    assert NUMBER.encode() in parts[PartName.INDIVIDUAL_NUMBER], "the control"


async def test_without_a_pin_the_number_is_missing_and_the_clerk_is_told(bench: CardBench) -> None:
    await bench.unit.clerk.do("card_way", card_way="check_number")
    await bench.put("head_of_household")
    face = {"birth_date": "1984-05-17", "expiry_year": 2031, "security_code": "4821"}
    await bench.unit.clerk.do("read_by_check_number", **face)
    await bench.unit.clerk.do("face_same")
    assert (await bench.unit.clerk.view())["number_sealed"] is False


async def test_a_procedure_that_there_is_not_is_refused_at_the_start(
    tmp_path: Path, demo_cards: Path
) -> None:
    with pytest.raises(SettingsError, match="procedures are move_in"):
        async with card_bench(tmp_path, demo_cards, signed_procedures=("moving",)):
            pass
