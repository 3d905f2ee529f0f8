"""Batches of documents in a real browser: from the upload over a held page to ready; axe agrees."""

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub.messages.batches.reader import BatchReader
from hub.register.numbers import import_numbers
from tests.hub.messages.batches.cases import front, loose
from tests.hub.messages.pdf_maker import made
from tests.hub.messages.samples import NOTICES, manifest
from tests.system.pages.office.conftest import Open
from tests.system.pages.office.office_with_work import Work
from tests.system.pages.office.test_templates import looked_at
from tests.system.pages.office.test_work import looks

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
DRAWN = "document.querySelector('.page-picture img').naturalWidth > 500"
SHOTS = os.environ.get("MADOGUCHI_SCREENSHOTS", "")


def listed(**changed: str) -> list[dict[str, str]]:
    """The list of the sample mail merge, spelled with JIS characters as a core system may."""
    messages = manifest()["bat-01-mail-merge"]["expect"]["messages"]
    rows = [{"atena_no": m["fields"]["atena_no"], "name": m["fields"]["name"]} for m in messages]
    return [{**row, "name": row["name"].replace("髙", "高"), **changed} for row in rows]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "納税通知書.pdf").write_bytes((NOTICES / "bat-01-mail-merge.pdf").read_bytes())
    (tmp_path / "list.json").write_text(json.dumps(listed()), encoding="utf-8")
    (tmp_path / "wrong.csv").write_text("atena_no,name\n0012,山田　太郎\n,鈴木　花子\n")
    (tmp_path / "right.csv").write_text("atena_no,name\n0012,山田　太郎\n")
    return tmp_path


@pytest.fixture(scope="module")
def reader(work: Work) -> Generator[BatchReader]:
    found = BatchReader(work.office)
    found.start()
    yield found
    found.stop()


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


READING_MS = 90_000  # a process of its own reads, on a machine that runs other tests beside


def give(page: Page, work: Work, documents: list[Path], people: Path) -> None:
    page.goto(f"{work.url}/documents/new")
    page.set_input_files("#files", documents)
    page.set_input_files("#people", people)
    page.click("main form button.primary")
    page.wait_for_url(lambda url: url.rsplit("/", 1)[1].isdecimal())


@pytest.mark.usefixtures("reader")
def test_the_sample_goes_from_upload_over_a_held_page_to_ready(
    opened: Open, work: Work, files: Path
):
    page = opened("endo")
    page.goto(f"{work.url}/documents")
    expect(page.locator(".empty")).to_contain_text("まだありません")
    looked_at(page, "no batches")
    shot(page, "list-empty")
    give(page, work, [files / "納税通知書.pdf"], files / "list.json")
    expect(page.locator("#batch-state .tag")).to_have_text("要確認")  # without a reload
    expect(page.locator("#batch-items tbody tr")).to_have_count(2, timeout=READING_MS)
    looked_at(page, "batch")
    shot(page, "batch-held")
    page.click("#batch-items tbody tr:first-child a")
    expect(page.locator(".page-picture img")).to_be_visible()
    expect(page.locator(".page-picture rect")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(DRAWN)
    expect(page.locator(".concerns")).to_contain_text("氏名が名簿と違います")
    expect(page.locator("tr.differs")).to_contain_text("髙橋")
    expect(page.locator(".fixes")).to_contain_text("ほかの1件も解決します")
    looked_at(page, "held item")
    shot(page, "item-held")
    page.click("button[value='same-name']")
    expect(page.locator(".note-good")).to_contain_text("送れる分に入りました")
    shot(page, "item-ready")
    page.goto(page.url.split("/items")[0])
    expect(page.locator("#batch-state .tag")).to_have_text("送付可")
    expect(page.locator(".tabs a[aria-current]")).to_contain_text("12")
    expect(page.locator("a[href='/messages/batches/1']")).to_be_visible()
    page.click(".tabs a:has-text('したことの記録')")
    expect(page.locator("#batch-history tbody tr")).to_have_count(2)
    looked_at(page, "history")
    shot(page, "history")
    page.click("#batch-history button:has-text('取り消す')")
    expect(page.locator("#batch-history tbody tr")).to_have_count(3)
    expect(page.locator("#batch-state .tag")).to_have_text("要確認")


@pytest.mark.usefixtures("reader")
def test_what_is_wrong_is_said_with_the_next_step(opened: Open, work: Work, files: Path):
    page = opened("endo")
    give(page, work, [files / "納税通知書.pdf"], files / "wrong.csv")
    expect(page.locator(".note-bad")).to_contain_text("3行目：宛名番号がありません")
    looked_at(page, "wrong list")
    shot(page, "list-wrong")
    page.set_input_files("#people", files / "right.csv")
    page.click("button:has-text('名簿を差し替える')")
    expect(page.locator("#batch-state .tag")).to_have_text("要確認")
    give(page, work, [files / "wrong.csv"], files / "right.csv")  # the list in the document's place
    expect(page.locator(".note-bad")).to_contain_text("PDFでもWord（.docx）でもありません")
    looked_at(page, "wrong file")
    locked = NOTICES / "enc-02-user-password.pdf"
    give(page, work, [locked], files / "right.csv")
    expect(page.locator(".note-bad")).to_contain_text("パスワードが要ります")
    looked_at(page, "locked")
    page.fill("#password", "wrong")
    page.click("button:has-text('パスワードで開く')")
    expect(page.locator("#problem")).to_contain_text("このパスワードでは開けません")
    looked_at(page, "wrong password")
    shot(page, "password-wrong")
    page.fill("#password", "himitsu-pub")
    page.click("button:has-text('パスワードで開く')")
    expect(page.locator("#batch-state .tag")).to_have_text("要確認")  # the list names another
    page.click("summary:has-text('この文書を破棄する')")
    page.click("details[open] button.danger")
    expect(page.locator("#batch-state .tag")).to_have_text("破棄")
    looked_at(page, "thrown away")


@pytest.mark.usefixtures("reader")
def test_a_value_is_typed_pages_are_given_and_taken_out_by_keyboard(
    opened: Open, work: Work, tmp_path: Path
):
    pages = [front("0000000001", "佐藤　健"), loose(), front("0000000002", "林　葉")]
    pages[2].marks = [m for m in pages[2].marks if "様".encode("utf-16-be").hex() not in m]
    (tmp_path / "d.pdf").write_bytes(made(pages))
    text = "atena_no,name\n0000000001,佐藤　健\n0000000002,林　葉\n0000000003,森　林\n"
    (tmp_path / "l.csv").write_text(text, encoding="utf-8")
    page = opened("endo")
    give(page, work, [tmp_path / "d.pdf"], tmp_path / "l.csv")
    expect(page.locator("#batch-items tbody tr")).to_have_count(4, timeout=READING_MS)
    here = page.url
    page.goto(f"{here}/items/2")
    page.focus("#row")
    page.keyboard.type("0000000001")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("1–2ページ")
    expect(page.locator("h1 .tag")).to_have_text("送れる分")
    page.click("a:has-text('次の止めた分へ')")
    expect(page.locator(".concerns")).to_contain_text("必要な値が見つかりません")
    page.fill("#value", "、")
    page.click("button[value='typed']")
    expect(page.locator("#problem")).to_contain_text("この項目の値として読めません")
    looked_at(page, "wrong value")
    page.fill("#value", "林　葉")
    page.click("button[value='typed']")
    expect(page.locator("h1 .tag")).to_have_text("送れる分")
    page.click("a:has-text('次の止めた分へ')")
    looked_at(page, "person without pages")
    page.click("summary:has-text('この人には何も送らない')")
    page.click("details[open] button.danger")
    expect(page.locator("h1 .tag")).to_have_text("外した分")
    page.click(".decided button:has-text('取り消す')")
    expect(page.locator("h1 .tag")).to_have_text("止めた分")


@pytest.mark.usefixtures("reader")
def test_a_protected_persons_pages_open_for_the_desk_alone(opened: Open, work: Work, files: Path):
    number, name = (listed()[0][key] for key in ("atena_no", "name"))
    resident = work.residents["protected"][0]
    data = f"atena_no,resident_id\n{number},{resident}\n".encode()
    import_numbers(work.office, data, "test")
    author = opened("endo")
    give(author, work, [files / "納税通知書.pdf"], files / "list.json")
    expect(author.locator("#batch-state .tag")).to_have_text("要確認")
    expect(author.locator("#batch-items")).to_contain_text("支援措置対象")
    assert name not in author.locator("main").inner_text()
    here = author.url
    for path in ("/items/1", "/items/1/pages/1.png", "/items/2/pages/1.png"):
        answer = author.goto(f"{here}{path}")
        assert answer is not None
        assert answer.status in (403, 404), path
    desk = opened("kato")
    before = looks(work)
    desk.goto(f"{here}/items/1")
    assert name not in desk.locator("main").inner_text()
    looked_at(desk, "before the look")
    desk.click("button:has-text('記録を残して開く')")
    expect(desk.locator(".page-picture img")).to_be_visible()
    desk.wait_for_load_state("networkidle")
    assert desk.evaluate(DRAWN)
    assert looks(work) == before + 1
    looked_at(desk, "protected item")
    shot(desk, "item-protected")
    desk.click("button[value='released']")
    expect(desk.locator("h1")).to_contain_text("支援措置の対象者のページです")  # asked again
    desk.goto(f"{here}?tab=ready")
    expect(desk.locator("#batch-items tbody tr").first).to_contain_text(name, timeout=READING_MS)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(("language", "text_size"), [("ja", "200"), ("en", "200"), ("en", "100")])
def test_axe_finds_nothing_on_the_pages_of_documents(
    opened: Open, work: Work, files: Path, language: str, text_size: str
):
    page = opened("endo", language, text_size)
    page.goto(f"{work.url}/documents/new")
    looked_at(page, "new")
    shot(page, f"new-{language}-{text_size}")
    page.click("main form button.primary")  # the browser itself asks for the files
    give(page, work, [files / "納税通知書.pdf"], files / "list.json")
    expect(page.locator("#batch-items tbody tr").first).to_be_visible(timeout=READING_MS)
    looked_at(page, "batch")
    shot(page, f"batch-{language}-{text_size}")
    page.click("#batch-items tbody tr:last-child a")
    expect(page.locator(".page-picture rect")).to_have_count(1)
    page.click("main .fixes summary")
    looked_at(page, "item")
    shot(page, f"item-{language}-{text_size}")
    page.goto(f"{work.url}/documents")
    looked_at(page, "list")
    shot(page, f"list-{language}-{text_size}")


def test_the_pages_are_for_those_who_work_on_messages(opened: Open, work: Work):
    for login, status in (("suzuki", 403), ("tanaka", 403), ("okada", 200), ("kato", 200)):
        page = opened(login)
        answer = page.goto(f"{work.url}/documents")
        assert answer is not None
        assert answer.status == status, login
        assert page.locator("a[href='/documents/new']").count() == 0
        answer = page.goto(f"{work.url}/documents/new")
        assert answer is not None
        assert answer.status == 403
