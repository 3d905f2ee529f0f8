"""The page: answers with their grounds, nothing of a question anywhere, verdicts, imports."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
from typing import Any

import pytest
from sqlalchemy import select

from hub.log.entry import decode
from hub.logs import JsonLines
from hub.precedents.collection import take
from hub.precedents.service.assistant import INCOMING
from hub.precedents.store import Store
from hub.precedents.verdicts import every
from hub.storage.tables import LogEntry
from intake.office.roster import Role
from tests.hub.browser import Answer, Browser
from tests.hub.conftest import Opened, staff
from tests.hub.precedents.small_town import TODAY, TOWN

pytestmark = pytest.mark.system  # real servers and the search process

SECRET = "犬の登録は何日以内ですか犬太郎"
ANSWER = "/precedents/laws/x-town/3?on="


@pytest.fixture
def clerk(opened: Opened) -> Browser:
    with Store(opened.desk.office.precedents.store, create=True) as store:
        take(store, [TOWN], TODAY)
    staff(opened.desk, "s002", Role.REVIEWER)
    return opened.browser("s002")


def asked(clerk: Browser, question: str, **fields: str) -> Answer:
    return clerk.form("/precedents", csrf_token=clerk.csrf_token, question=question, **fields)


def streamed(clerk: Browser, question: str, **fields: str) -> list[dict[str, str]]:
    token = clerk.csrf_token
    found = clerk.form("/precedents/answers", csrf_token=token, question=question, **fields)
    assert found.status == 200
    return [json.loads(line) for line in found.text.splitlines()]


def entries(opened: Opened) -> list[dict[str, Any]]:
    with opened.desk.office.database.reading() as session:
        kinds = select(LogEntry.payload).where(LogEntry.kind == "precedent")
        return [dict(decode(one).body) for one in session.scalars(kinds) if one]


def test_the_whole_page_answers_without_script(clerk: Browser) -> None:
    page = asked(clerk, "犬の登録は何日以内ですか")
    assert page.status == 200
    first = page.text[page.text.index('id="answer-1"') :]
    assert ANSWER in first[:1000]
    assert "<mark>犬の所有者は、三十日以内に登録を申請しなければならない。</mark>" in first
    assert 'data-citation="町の届出に関する条例第3条"' in first
    assert "2020-04-01 から" in first


def test_answers_come_stage_by_stage(clerk: Browser) -> None:
    lines = streamed(clerk, "犬の登録")
    assert lines[0]["stage"] == "words"
    assert lines[-1] == {"stage": "done", "html": ""}
    assert ANSWER in lines[0]["html"]
    assert "<html" not in lines[0]["html"]


def test_nothing_close_and_what_is_not_there_are_said(clerk: Browser) -> None:
    assert 'id="nothing-close"' in asked(clerk, "xyzzy plugh").text
    assert 'id="nothing-close"' not in asked(clerk, "犬の登録").text
    assert "町の届出に関する条例第九十九条" in asked(clerk, "町の届出に関する条例第99条").text
    many = asked(clerk, "町の届出に関する条例1、2、3、4、5、6条").text
    assert "引用が多いので" in many
    assert "町の届出に関する条例第六条" in many


@pytest.mark.parametrize(
    ("question", "fields", "problem"),
    [
        ("", {}, "empty"),
        ("犬" * 10_001, {}, "too_long"),
        ("犬", {"law": "猫法"}, "no_such_law"),
        ("犬", {"on": "きのう"}, "failed"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(
    clerk: Browser, question: str, fields: dict[str, str], problem: str
) -> None:
    assert f'data-problem="{problem}"' in asked(clerk, question, **fields).text


def test_narrowing_is_shown_and_never_silent(clerk: Browser) -> None:
    page = asked(clerk, "犬の登録", law="町の届出に関する条例", on="2021-01-01")
    assert "この法令だけ" in page.text
    assert "2021-01-01 に効力のある条文" in page.text
    assert "この法令だけ" not in asked(clerk, "犬の登録").text
    before = asked(clerk, "犬の登録", on="2019-01-01").text
    assert 'id="answer-1"' not in before
    assert 'id="nothing-close"' in before


def test_an_empty_collection_says_what_to_do(opened: Opened) -> None:
    for login, role in (("s002", Role.CLERK), ("op", Role.OPERATOR)):
        staff(opened.desk, login, role)
        browser = opened.browser(login)
        page = browser.get("/precedents")
        assert 'data-problem="no_collection"' in page.text
        assert ('class="button" href="/precedents/collection"' in page.text) is (login == "op")
        assert 'data-problem="no_collection"' in asked(browser, "犬").text


def test_an_article_stands_in_its_context(clerk: Browser) -> None:
    page = clerk.get("/precedents/laws/x-town/2?on=2026-11-23")
    assert page.status == 200
    for part in ("出生の届出は", "準用する", "/laws/x-town/1?on", "/laws/x-town/2_2?on"):
        assert part in page.text
    law = clerk.get("/precedents/laws/x-town")
    assert "犬の登録" in law.text
    for gone in ("/x-town/99", "/x-town/2?on=2019-01-01", "/none/1", "/x-town/2?on=x"):
        assert clerk.get(f"/precedents/laws{gone}").status == 404


def test_a_question_is_in_no_log_and_in_no_address(opened: Opened, clerk: Browser) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        page = asked(clerk, SECRET)
        streamed(clerk, SECRET)
        streamed(clerk, SECRET * 1000)
        asked(clerk, SECRET, law=SECRET)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)
    assert "犬太郎" in page.text
    assert "犬太郎" not in stream.getvalue()
    assert clerk.get(f"/precedents?question={SECRET.encode().hex()}").status == 200
    folder = opened.desk.office.settings.state.folder
    kept = b"".join(path.read_bytes() for path in folder.rglob("*.sqlite3*"))
    assert "犬太郎".encode() not in kept


def test_a_verdict_holds_the_question_only_by_consent(opened: Opened, clerk: Browser) -> None:
    fields = {
        "csrf_token": clerk.csrf_token,
        "on": "2026-11-23",
        "generation": "1",
        "question": SECRET,
    }
    kept = clerk.form("/precedents/verdicts", verdict="yes|1|x-town|3", **fields)
    assert (kept.status, "評価を残しました" in kept.text) == (200, True)
    fields["keep_question"] = "yes"
    clerk.form("/precedents/verdicts", verdict="no|2|x-town|2_2", **fields)
    assert clerk.form("/precedents/verdicts", verdict="maybe|1|x|3", **fields).status == 400
    with opened.desk.office.database.reading() as session:
        rows = list(every(session))
    assert [(one["num"], one["helped"], one["question"]) for one in rows] == [
        ("3", True, None),
        ("2_2", False, SECRET),
    ]
    assert "login" not in rows[0]
    assert [one["with_question"] for one in entries(opened)] == [False, True]
    assert "犬太郎" not in str(entries(opened))


def test_a_form_without_its_token_is_refused(clerk: Browser) -> None:
    for path in ("/precedents", "/precedents/answers", "/precedents/context"):
        fields = {"question": "犬", "procedure": "move_in", "rule": "late"}
        assert clerk.form(path, **fields).status == 403


def test_a_finding_leads_to_its_rule_only(clerk: Browser) -> None:
    token = clerk.csrf_token
    page = clerk.form("/precedents/context", csrf_token=token, procedure="move_in", rule="late")
    assert "転入届　14日以内の届出（住民基本台帳法第22条第1項、第23条" in page.text
    for wrong in ({"procedure": "x"}, {"rule": "渡辺"}):
        fields = {"procedure": "move_in", "rule": "late"} | wrong
        assert clerk.form("/precedents/context", csrf_token=token, **fields).status == 400


def test_a_search_process_that_dies_is_started_again(opened: Opened, clerk: Browser) -> None:
    search = opened.desk.office.precedents.search
    assert ANSWER in asked(clerk, "犬の登録").text
    first = search.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    answered = [ANSWER in asked(clerk, "犬の登録").text for _ in range(3)]
    assert answered[-1]
    assert search.pid != first


def test_an_operator_imports_and_undoes(opened: Opened) -> None:
    staff(opened.desk, "op", Role.OPERATOR)
    browser = opened.browser("op")
    importing = opened.desk.office.precedents.importing
    page = "/precedents/collection"
    assert browser.form(f"{page}/sample", csrf_token=browser.csrf_token).status == 303
    importing.wait()
    shown = browser.get(page).text
    assert "新しい条文 96" in shown
    assert "見本の手引きだけ" in shown
    assert "窓口の手引き" in asked(browser, "転入届").text
    assert browser.form(f"{page}/undo", csrf_token=browser.csrf_token).status == 303
    importing.wait()
    assert "まだ何も収録されていません" in browser.get(page).text
    assert [(one["action"], one["new"]) for one in entries(opened)] == [("sample", 96), ("undo", 0)]
    assert browser.get(f"{page}/sample").status == 303


def upload(browser: Browser, name: str, content: bytes, trust: str) -> Answer:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in (("csrf_token", browser.csrf_token), ("trust", trust))
    ]
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = b"".join([*parts, head.encode(), content, b"\r\n--x--\r\n"])
    kind = "multipart/form-data; boundary=x"
    return browser.request("POST", "/precedents/collection/upload", body, content_type=kind)


def test_an_upload_is_taken_or_refused_whole(opened: Opened) -> None:
    staff(opened.desk, "op", Role.OPERATOR)
    browser = opened.browser("op")
    assistant = opened.desk.office.precedents
    assert upload(browser, "犬.md", "# 犬の覚え\n\n## 登録\n\n三十日".encode(), "").status == 400
    assert upload(browser, "犬.exe", b"MZ", "unsigned").status == 400
    taken = upload(browser, "../犬.md", "# 犬の覚え\n\n## 登録\n\n三十日".encode(), "unsigned")
    assert taken.status == 303
    assistant.importing.wait()
    assert "三十日" in asked(browser, "犬の登録").text
    bad = upload(browser, "x.xml", b"<!DOCTYPE a []><Law/>", "unsigned")
    assert bad.status == 303
    assistant.importing.wait()
    shown = browser.get("/precedents/collection").text
    assert "収録は元のままです" in shown
    assert "x.xml" in shown
    assert "三十日" in asked(browser, "犬の登録").text
    kept = opened.desk.office.settings.state.folder / INCOMING
    assert list(kept.iterdir()) == []


def test_only_operators_change_the_collection(clerk: Browser) -> None:
    assert clerk.get("/precedents/collection").status == 403
    for verb in ("sample", "undo"):
        path = f"/precedents/collection/{verb}"
        assert clerk.form(path, csrf_token=clerk.csrf_token).status == 403
