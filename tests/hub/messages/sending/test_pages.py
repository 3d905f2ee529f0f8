"""The pages of what is sent: who sees what, what each button does, and who is named where."""

import re

from sqlalchemy import select

from hub.log.entry import EntryKind, decode
from hub.messages.batches import store
from hub.messages.delivery.recipients import reach
from hub.messages.delivery.resident_key import OURS
from hub.messages.delivery.states import HoldReason, MessageState
from hub.messages.from_register.telling import tell_due
from hub.messages.sending.making import make_due
from hub.register.protection import set_protection
from hub.storage.tables import (
    DecisionMessage,
    LogEntry,
    Message,
    MessageRegistration,
    ResidentNumber,
)
from intake.office.roster import Role
from tests.hub.browser import Browser
from tests.hub.conftest import Desk, Opened, staff
from tests.hub.messages.sending.conftest import logged_in
from tests.hub.test_review import accepted, filed


def browser(opened: Opened, login: str, *roles: Role) -> Browser:
    staff(opened.desk, login, *roles)
    return logged_in(opened, login)


def post(found: Browser, path: str, **fields: str) -> tuple[int, str]:
    answer = found.form(path, csrf_token=found.csrf_token, **fields)
    return answer.status, answer.headers.get("location", "")


def sent(opened: Opened) -> list[Message]:
    with opened.desk.office.database.reading() as session:
        return list(session.scalars(select(Message).order_by(Message.number)))


def test_a_batch_goes_by_two_senders(unsent: Opened):
    one = browser(unsent, "s1", Role.SENDER)
    assert "3人を超える" in one.get("/messages/batches/1").text
    assert post(one, "/messages/batches/1/send", legal="on")[0] == 303
    assert "確認できません" in one.get("/messages/batches/1").text
    assert post(one, "/messages/batches/1/agree", order="1")[0] == 403
    two = browser(unsent, "s2", Role.SENDER)
    assert 'id="agree"' in two.get("/messages/batches/1").text
    assert "あなたが確認できます" in two.get("/messages").text
    assert post(two, "/messages/batches/1/agree", order="1")[0] == 303
    make_due(unsent.desk.office)
    shown = two.get("/messages").text
    assert 'class="fill-waiting" x="0" y="0" width="1000"' in shown


def test_an_auditor_sees_everything_and_changes_nothing(opened: Opened):
    number = sent(opened)[0].number
    auditor = browser(opened, "a1", Role.AUDITOR)
    for path in (
        "/messages",
        "/messages/batches/1",
        f"/messages/one/{number}",
        "/messages/waiting",
        "/messages/single",
        "/messages/decisions",
        "/messages/residents",
        "/messages/letters",
        "/messages/ledger",
    ):
        answer = auditor.get(path)
        assert answer.status == 200, path
        assert "[" not in re.sub(r"<[^>]*>", "", answer.text), path
    for path, fields in (
        ("/messages/batches/1/send", {}),
        ("/messages/batches/1/take-back", {}),
        ("/messages/batches/1/retry", {}),
        ("/messages/batches/1/agree", {"order": "1"}),
        (f"/messages/one/{number}/decide", {"action": "cancel"}),
        ("/messages/letters/returned", {"number": "M-1"}),
        ("/messages/letters/take", {"batch": "1"}),
        ("/messages/decisions/1", {"action": "again"}),
    ):
        status, _ = post(auditor, path, **fields)
        assert status in (403, 404), path
    key = sent_key(opened)
    wishes = {"written_in": "en"}
    assert post(auditor, f"/messages/residents/{key}/wishes", **wishes)[0] == 403


def sent_key(opened: Opened) -> str:
    with opened.desk.office.database.reading() as session:
        return session.scalars(select(Message.atena_no)).first() or ""


def test_an_author_sees_their_own_batches_alone(opened: Opened):
    number = sent(opened)[0].number
    other = browser(opened, "au2", Role.AUTHOR)
    assert "batch.pdf" not in other.get("/messages").text
    for path in ("/messages/batches/1", f"/messages/one/{number}", "/messages/ledger"):
        assert other.get(path).status == 403
    with opened.desk.office.database.writing() as session:
        store.one(session, 1).created_by = "au2"
    assert other.get("/messages/batches/1").status == 200
    assert other.get(f"/messages/one/{number}").status == 200


def test_nobody_else_comes_in(opened: Opened):
    operator = browser(opened, "op", Role.OPERATOR)
    clerk = browser(opened, "cl", Role.CLERK)
    for path in ("/messages", "/messages/batches/1", "/messages/waiting", "/messages/ledger"):
        assert operator.get(path).status == 403
        assert clerk.get(path).status == 403
    assert operator.get("/messages/residents").status == 403
    assert clerk.get("/messages/residents").status == 200


def test_the_preview_is_the_residents_page_under_our_policy(opened: Opened):
    number = sent(opened)[0].number
    sender = logged_in(opened, "s1")
    answer = sender.form(
        f"/messages/one/{number}/preview",
        csrf_token=sender.csrf_token,
        shown_in="en",
        large="on",
        form="page",
    )
    assert answer.status == 200
    assert 'class="large"' in answer.text
    assert "<style" not in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert sender.get("/messages/page.css").status == 200


def test_the_first_of_a_batch_is_seen_before_it_is_sent(unsent: Opened):
    sender = browser(unsent, "s1", Role.SENDER)
    form = {"csrf_token": sender.csrf_token, "form": "page"}
    answer = sender.form("/messages/batches/1/preview", **form)
    assert answer.status == 200
    assert "納税通知書" in answer.text
    assert sent(unsent) == []
    other = browser(unsent, "au2", Role.AUTHOR)
    form = {"csrf_token": other.csrf_token, "form": "page"}
    assert other.form("/messages/batches/1/preview", **form).status == 403


def test_what_waits_is_said_and_decided(opened: Opened):
    number = sent(opened)[0].number
    with opened.desk.office.database.writing() as session:
        message = session.get_one(Message, number)
        message.state, message.reason = MessageState.HELD.value, HoldReason.NO_ADDRESS.value
    sender = logged_in(opened, "s1")
    assert "郵送先の住所がありません" in sender.get("/messages/waiting").text
    assert 'id="send_again"' in sender.get(f"/messages/one/{number}").text
    assert post(sender, f"/messages/one/{number}/decide", action="cancel")[0] == 303
    assert 'id="go_on"' in sender.get(f"/messages/one/{number}").text
    assert post(sender, f"/messages/one/{number}/decide", action="go_on")[0] == 303
    assert post(sender, f"/messages/one/{number}/decide", action="burn")[0] == 400
    assert "取消を元に戻しました" in sender.get(f"/messages/one/{number}").text


def test_the_export_is_safe_in_a_spreadsheet_and_logged(opened: Opened):
    number = sent(opened)[0].number
    with opened.desk.office.database.writing() as session:
        session.get_one(Message, number).title = "=HYPERLINK(1)"
    answer = logged_in(opened, "s1").get("/messages/batches/1/export.csv")
    assert answer.status == 200
    assert "'=HYPERLINK(1)" in answer.text
    assert "佐藤" not in answer.text
    with opened.desk.office.database.reading() as session:
        rows = session.scalars(select(LogEntry).where(LogEntry.kind == EntryKind.MESSAGE.value))
        actions = [decode(row.payload).body["action"] for row in rows if row.payload]
    assert actions[-1] == "export"


def test_channels_and_wishes_are_kept_and_logged_without_the_address(opened: Opened):
    key = sent(opened)[0].atena_no
    clerk = browser(opened, "cl", Role.CLERK)
    where = f"/messages/residents/{key}"
    fields = {"channel": "email", "address": "sakura@example.jp", "rank": "1", "opted_in": "on"}
    assert post(clerk, f"{where}/channels", **fields)[0] == 303
    quiet = {"quiet_from": "21:30", "quiet_until": "07:00"}
    assert post(clerk, f"{where}/wishes", written_in="en", large_print="on", **quiet)[0] == 303
    text = clerk.get(where).text
    assert "sakura@example.jp" in text
    assert 'value="21:30"' in text
    assert post(clerk, f"{where}/channels", **{**fields, "channel": "pigeon"})[0] == 400
    assert post(clerk, f"{where}/wishes", quiet_from="late")[0] == 400
    with opened.desk.office.database.reading() as session:
        assert session.get_one(MessageRegistration, (key, "email")).opted_in
        payloads = session.scalars(select(LogEntry.payload)).all()
    assert not any(b"sakura@" in payload for payload in payloads if payload)


def test_opting_out_holds_whatever_number_the_channel_stood_under(opened: Opened):
    desk = opened.desk
    accepted(desk, filed(desk), "s9")
    clerk = browser(opened, "cl", Role.CLERK)
    fields = {"channel": "email", "address": "a@example.jp", "opted_in": "on"}
    assert post(clerk, f"/messages/residents/{OURS}R00000001/channels", **fields)[0] == 303
    with desk.office.database.writing() as session:
        session.add(ResidentNumber(atena_no="777", resident_id="R00000001", set_us=1, set_by="t"))
        assert len(reach(session, "777").ways) == 1
    out = {"channel": "email", "address": "a@example.jp"}
    assert post(clerk, "/messages/residents/777/channels", **out)[0] == 303
    with desk.office.database.reading() as session:
        assert reach(session, "777").ways == ()
        assert reach(session, f"{OURS}R00000001").ways == ()


def test_a_search_by_number_and_by_name(opened: Opened):
    key = sent(opened)[0].atena_no
    accepted(opened.desk, filed(opened.desk), "s9")
    sender = logged_in(opened, "s1")
    for words in (key, "佐藤", "R00000001"):
        answer = sender.form("/messages/residents", csrf_token=sender.csrf_token, words=words)
        assert "/messages/residents/" in answer.text.split("<table>")[-1], words


def test_a_protected_person_is_the_desks_and_each_look_leaves_a_trace(opened: Opened):
    desk = opened.desk
    accepted(desk, filed(desk), "s9")
    tell_due(desk.office)
    guard = staff(desk, "guard", Role.PROTECTED_DESK)
    set_protection(desk.office, guard, "R00000001", protect=True, reason="支援措置")
    sender, desk_browser = logged_in(opened, "s1"), logged_in(opened, "guard")
    key, number = f"{OURS}R00000001", sent(opened)[-1].number
    answer = sender.form("/messages/residents", csrf_token=sender.csrf_token, words="R00000001")
    assert key not in answer.text
    assert sender.get(f"/messages/residents/{key}").status == 403
    shown = {"csrf_token": sender.csrf_token, "form": "page"}
    assert sender.form(f"/messages/one/{number}/preview", **shown).status == 403
    assert "R00000001" not in sender.get(f"/messages/one/{number}").text
    assert "R00000001" in desk_browser.get(f"/messages/one/{number}").text
    assert "開くと" in desk_browser.get(f"/messages/residents/{key}").text
    before = looks(desk)
    opening = desk_browser.form(
        f"/messages/residents/{key}/open", csrf_token=desk_browser.csrf_token
    )
    assert opening.status == 200
    shown = {"csrf_token": desk_browser.csrf_token, "form": "page"}
    assert desk_browser.form(f"/messages/one/{number}/preview", **shown).status == 200
    assert looks(desk) == before + 2


def looks(desk: Desk) -> int:
    with desk.office.database.reading() as session:
        return len(
            session.scalars(select(LogEntry).where(LogEntry.kind == EntryKind.LOOK.value)).all()
        )


def test_a_decision_that_cannot_be_told_is_shown_and_tried_again(opened: Opened):
    desk = opened.desk
    accepted(desk, filed(desk), "s9")
    with desk.office.database.writing() as session:
        session.scalars(select(DecisionMessage)).one().resident_id = "R99999999"
    tell_due(desk.office)
    sender = logged_in(opened, "s1")
    assert "送る相手が届出から分かりません" in sender.get("/messages/decisions").text
    with desk.office.database.writing() as session:
        session.scalars(select(DecisionMessage)).one().resident_id = "R00000001"
    assert post(sender, "/messages/decisions/1", action="again")[0] == 303
    tell_due(desk.office)
    assert "M-1" in sender.get("/messages/decisions").text
    assert post(sender, "/messages/decisions/1", action="leave-out")[0] == 409


def test_numbers_are_linked_for_a_resident_found_by_name(opened: Opened):
    accepted(opened.desk, filed(opened.desk), "s9")
    with opened.desk.office.database.writing() as session:
        session.add(ResidentNumber(atena_no="777", resident_id="R00000001", set_us=1, set_by="t"))
    sender = logged_in(opened, "s1")
    answer = sender.form("/messages/residents", csrf_token=sender.csrf_token, words="777")
    assert "/messages/residents/777" in answer.text
    assert sender.get("/messages/residents/777").status == 200


def test_the_english_pages_say_everything(opened: Opened):
    number = sent(opened)[0].number
    sender = logged_in(opened, "s1")
    sender.cookies["madoguchi_language"] = "en"
    for path in ("/messages", "/messages/batches/1", f"/messages/one/{number}"):
        text = sender.get(path).text
        assert "[" not in re.sub(r"<[^>]*>", "", text), path
