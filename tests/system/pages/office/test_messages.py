"""Messages in a real browser, with the simulator in its own process: sent, opened, reminded."""

import json
import os
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from hub.accounts.staff import NewAccount, add
from hub.keys.message_key import to_pem
from hub.messages.batches.reader import BatchReader
from hub.messages.batches.taking import Given, GivenFile, take
from hub.messages.channels.configuration import Channels, DeliveryTimes, Letter, Mynaportal
from hub.messages.delivery.engine import engine_of
from hub.messages.delivery.registering import register
from hub.messages.sending.worker import Sender
from hub.office import Office
from hub.storage.tables import DocumentBatch, Message
from intake.office.roster import Role
from tests.hub.browser import Pages
from tests.hub.messages.samples import NOTICES, manifest
from tests.system.delivery.simulator import Simulator
from tests.system.pages.office.conftest import Open
from tests.system.pages.office.office_with_work import PASSWORD, Work, household, office_with_work
from tests.system.pages.office.test_templates import looked_at

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
SHOTS = os.environ.get("MADOGUCHI_SCREENSHOTS", "")
SECOND = 1 / 86_400
"""A second as a part of a day: the schedule of reminders, made short."""
PATIENCE_S = 90
BOXES = 5
NEW_STAFF = (
    ("mori", "s008", "森 送", Role.SENDER),
    ("ueda", "s009", "上田 監", Role.AUDITOR),
)


@dataclass
class Post:
    """The office that sends, and the simulator it sends to."""

    work: Work
    simulator: Simulator


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Generator[Post]:
    folder = tmp_path_factory.mktemp("post")
    (folder / "letters").mkdir()
    with office_with_work(folder / "office") as filled:
        trusted = filled.office.ring.message_certificates()
        certificates = folder / "office.pem"
        certificates.write_bytes(b"".join(to_pem(one.certificate) for one in trusted))
        for login, staff_id, name, role in NEW_STAFF:
            new = NewAccount(login, staff_id, name, frozenset({role}), PASSWORD)
            add(filled.office.journal, new, "test")
        with Simulator(folder / "simulator", certificates) as simulator:
            office = with_channels(filled.office, simulator, folder)
            pages = Pages(office)
            engine = engine_of(office)
            engine.start()
            sender = Sender(office, engine.wake)
            sender.start()
            yield Post(replace(filled, office=office, pages=pages), simulator)
            sender.stop()
            engine.stop()
            office.live.close()
            pages.stop()


@pytest.fixture(scope="module")
def work(post: Post) -> Work:
    return post.work


def with_channels(office: Office, simulator: Simulator, folder: Path) -> Office:
    """A box and letters, four eyes above three people, reminders after seconds."""
    settings = office.settings
    return replace(
        office,
        settings=replace(
            settings,
            channels=Channels(
                mynaportal=Mynaportal(simulator.url, simulator.token_file),
                letter=Letter(folder / "letters"),
            ),
            delivery=DeliveryTimes(
                first_reminder_days=4 * SECOND,
                second_reminder_days=8 * SECOND,
                next_channel_days=14 * SECOND,
                poll_seconds=0.3,
            ),
            sending=replace(settings.sending, four_eyes_over=3),
        ),
    )


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def people() -> list[dict[str, str]]:
    messages = manifest()["bat-01-mail-merge"]["expect"]["messages"]
    return [{"atena_no": m["fields"]["atena_no"], "name": m["fields"]["name"]} for m in messages]


def batch_with_boxes(work: Work, boxes: int) -> int:
    """A batch that was read; the first people of its list have a box."""
    document = GivenFile("納税通知書.pdf", (NOTICES / "bat-01-mail-merge.pdf").read_bytes())
    listed = GivenFile("list.json", json.dumps(people()).encode())
    number = take(work.office, work.staff["endo"], Given((document,), listed))
    BatchReader(work.office).run_once()
    with work.office.database.writing() as session:
        assert session.get_one(DocumentBatch, number).ready > boxes
        for person in people()[:boxes]:
            register(session, person["atena_no"], "mynaportal", f"box{person['atena_no']}", "test")
    return number


def until(work: Work, atena_no: str, *states: str) -> Message:
    """The message to somebody, once it is in one of these states."""
    end = time.monotonic() + PATIENCE_S
    while True:
        with work.office.database.reading() as session:
            found = session.scalar(select(Message).where(Message.atena_no == atena_no))
        if found is not None and found.state in states:
            return found
        assert time.monotonic() < end, found and (found.state, found.reason)
        time.sleep(0.2)


def test_accepting_a_notification_opens_in_the_simulator(opened: Open, post: Post):
    work, simulator = post.work, post.simulator
    event = work.file("told", household("石川"), staff="s005")
    page = opened("suzuki")
    page.goto(f"{work.url}{work.page_of('told')}")
    page.fill("#reach-mynaportal", "ishikawa")
    page.locator("form:has(#reach-mynaportal) button").click()
    expect(page.locator("#reach-mynaportal")).to_have_value("ishikawa")
    page.click("#accept")
    expect(page.locator("h1 .tag")).to_have_text("受理")
    sender = opened("okada")
    sender.goto(f"{work.url}/messages/decisions")
    row = sender.locator(f"tr:has-text('{event.manifest.reception_number}')")
    expect(row).to_contain_text("作成済み", timeout=PATIENCE_S * 1000)
    row.locator("a.number").last.click()
    expect(sender.locator("#message-state")).to_contain_text(
        "住民が読める所に届きました", timeout=PATIENCE_S * 1000
    )
    looked_at(sender, "message")
    resident = opened(None)
    resident.goto(f"{simulator.url}/box/ishikawa/")
    resident.locator("table a").first.click()
    expect(resident.locator("body")).to_contain_text(event.manifest.reception_number)
    expect(resident.locator("body")).to_contain_text("マイナンバーカード")
    shot(resident, "in-the-simulator")
    expect(sender.locator("#message-state .tag").first).to_have_text(
        "既読", timeout=PATIENCE_S * 1000
    )  # without a reload
    shot(sender, "message-read")


def test_a_batch_goes_with_four_eyes_and_every_fate_is_seen(opened: Open, post: Post):
    work, simulator = post.work, post.simulator
    number = batch_with_boxes(work, BOXES)
    address = f"{work.url}/messages/batches/{number}"
    first, second = opened("okada"), opened("mori")
    first.goto(address)
    looked_at(first, "ready batch")
    shot(first, "batch-ready")
    first.click("#send")
    expect(first.locator("main")).to_contain_text("二人目の確認待ち")
    second.goto(f"{work.url}/messages")
    expect(second.locator("#messages-list")).to_contain_text("あなたが確認できます")
    shot(second, "list-asked")
    second.goto(address)
    looked_at(second, "asked batch")
    shot(second, "batch-asked")
    simulator.faults(per_second=3, bounce=1)
    second.click("#agree")
    read = taken_second(simulator)  # the first one comes back
    simulator.faults(per_second=0)
    reads(opened(None), simulator, read)
    until(work, read, "read")
    rows = [person["atena_no"] for person in people()]
    letter = until(work, rows[-1], "sent")
    timeline(second, work, letter.number, "本文を引き渡しました", "郵送")
    shot(second, "message-letter")
    every_fate(post, second, [row for row in rows[:BOXES] if row != read])
    second.goto(address)
    expect(second.locator("#batch-progress .legend")).to_contain_text("既読")
    looked_at(second, "sent batch")
    shot(second, "batch-sent")
    second.goto(f"{work.url}/messages/ledger")
    looked_at(second, "ledger")
    shot(second, "ledger")
    second.goto(f"{work.url}/messages/letters")
    with second.expect_download() as download:
        second.click(f"#take-{number}")
    assert download.value.suggested_filename == f"letters-{number}.zip"
    second.click(f"#printed-{number}")  # it appears without a reload
    expect(second.locator(f"#not-printed-{number}")).to_be_visible()
    expect(second.locator(f"#take-{number}")).to_have_count(0)
    looked_at(second, "letters")
    shot(second, "letters")
    second.fill("#number", f"M-{letter.number:06d}")
    second.click("#returned")
    expect(second.locator("#message-state")).to_contain_text("手紙が戻ってきました")


def every_fate(post: Post, page: Page, rows: list[str]) -> None:
    """One was tried twice, one refused, one reminded of and then sent by letter."""
    numbers = [until(post.work, row, "sent").number for row in rows]
    said: dict[int, str] = {}
    for number in numbers:
        page.goto(f"{post.work.url}/messages/one/{number}")
        said[number] = page.locator(".timeline").inner_text()
    for words in ("2回目の試行", "送付先が断りました", "未読のため再通知します（1回目）"):
        assert any(words in text for text in said.values()), words
    reminded = next(n for n, text in said.items() if "未読のため" in text)
    timeline(page, post.work, reminded, "未読のため再通知します（1回目）", "郵送")
    looked_at(page, "timeline")
    shot(page, "message-reminded")


def taken_second(simulator: Simulator) -> str:
    """The number of whom the second message of the batch went to."""
    end = time.monotonic() + PATIENCE_S
    while True:
        places = [str(one["place"]) for one in simulator.taken("box")]
        found = [place for place in reversed(places) if place.startswith("box")]
        if len(found) > 1:
            return found[1].removeprefix("box")
        assert time.monotonic() < end
        time.sleep(0.2)


def reads(page: Page, simulator: Simulator, atena_no: str) -> None:
    page.goto(f"{simulator.url}/box/box{atena_no}/")
    page.locator("table a").first.click()
    expect(page.locator("h1")).to_contain_text("納税通知書")


def timeline(page: Page, work: Work, number: int, *said: str) -> None:
    page.goto(f"{work.url}/messages/one/{number}")
    for text in said:
        expect(page.locator(".timeline")).to_contain_text(text)


@pytest.fixture(scope="module")
def pages_of(post: Post) -> dict[str, str]:
    """Every page of messages by name: of a batch, of the first message, of whom it went to."""
    work = post.work
    with work.office.database.reading() as session:
        batch = session.scalars(select(DocumentBatch.number)).first()
    first = a_message(work)
    return {
        "list": "/messages",
        "waiting": "/messages/waiting",
        "single": "/messages/single",
        "decisions": "/messages/decisions",
        "residents": "/messages/residents",
        "letters": "/messages/letters",
        "ledger": "/messages/ledger",
        "one": f"/messages/one/{first.number}",
        "resident": f"/messages/residents/{first.atena_no}",
        "batch": f"/messages/batches/{batch or batch_with_boxes(work, BOXES)}",
    }


def a_message(work: Work) -> Message:
    """The oldest message; there is one as soon as the first decision was told."""
    end = time.monotonic() + PATIENCE_S
    while True:
        with work.office.database.reading() as session:
            found = session.scalars(select(Message).order_by(Message.number)).first()
        if found is not None:
            return found
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.mark.parametrize(
    "viewer", [("okada", "ja", "200"), ("ueda", "en", "100"), ("okada", "en", "200")]
)
def test_every_page_is_accessible(
    opened: Open, post: Post, pages_of: dict[str, str], viewer: tuple[str, str, str]
):
    page, shown = opened(*viewer), " ".join(viewer[1:])
    for name, path in pages_of.items():
        answer = page.goto(f"{post.work.url}{path}")
        assert answer is not None
        assert answer.status == 200, name
        looked_at(page, f"{name} {shown}")
        shot(page, f"{name}-{shown.replace(' ', '-')}")


@pytest.mark.parametrize(
    ("login", "seen"),
    [
        ("endo", {"list", "batch"}),
        ("ito", {"residents", "resident"}),
        ("tanaka", set[str]()),
        ("suzuki", set[str]()),
    ],
)
def test_whose_work_it_is_not_is_refused(
    opened: Open, post: Post, pages_of: dict[str, str], login: str, seen: set[str]
):
    page = opened(login)
    for name, path in pages_of.items():
        answer = page.goto(f"{post.work.url}{path}")
        assert answer is not None
        assert answer.status == 200 if name in seen else answer.status in (403, 404), name
        looked_at(page, f"{name} for {login}")
