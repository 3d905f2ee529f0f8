"""Core systems hand in messages, ask what became of them and withdraw them."""

import datetime as dt
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, event

from hub.accounts.systems import Scope
from hub.log.entry import EntryKind
from hub.messages.delivery import deciding
from hub.messages.message.content import Document, File, MediaType, Paragraph
from hub.storage.tables import LogEntry, Message
from intake.office.roster import Role
from tests.hub.api.conftest import Served, content, xml
from tests.hub.conftest import staff

pytestmark = pytest.mark.system  # real servers and children: seconds, apart from the fast part

HOSTILE = '<!DOCTYPE x [<!ENTITY y "z">]><x xmlns="urn:madoguchi:message:1">&y;</x>'
PREPARES = (Scope.MESSAGES_WRITE, Scope.MESSAGES_READ)


def test_a_message_is_taken_in_once_and_found_again(served: Served):
    caller = served.caller()
    answer = caller.give(xml(), "tax-1")
    assert answer.status == 202, answer.text
    taken = answer.json()
    view = taken["message"]
    assert taken["new"]
    assert (view["state"], view["reference"], view["final"]) == ("created", "tax-1", False)
    assert answer.headers["location"] == f"/api/v1/messages/{view['id']}"
    for again in (caller.give(xml(), "tax-1"), caller.give(xml())):
        assert again.status == 202
        assert not again.json()["new"]
        assert again.json()["message"]["id"] == view["id"]
    assert caller.get(f"/messages/{view['id']}").json() == view
    found = caller.post("/message-states", {"references": ["tax-1", "tax-2"]}).json()
    assert found == {"messages": [view]}
    assert caller.post("/message-states", {"ids": [view["id"]]}).json() == found
    timeline = caller.get(f"/messages/{view['id']}/timeline").json()["events"]
    assert [(one["what"], one["by"]) for one in timeline] == [("accepted", "api:tax")]
    with served.desk.office.database.reading() as session:
        assert session.query(Message).count() == 1


def test_the_office_signs_what_it_took_and_gives_it_back(served: Served):
    caller = served.caller()
    view = caller.give(xml()).json()["message"]
    signed = caller.get(f"/messages/{view['id']}/xml")
    assert signed.headers["content-type"].startswith("application/xml")
    assert view["id"] in signed.text
    assert "SignatureValue" in signed.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_message_is_drawn_as_a_resident_would_print_it(served: Served):
    caller = served.caller()
    view = caller.give(xml()).json()["message"]
    drawn = caller.get(f"/messages/{view['id']}/pdf")
    assert (drawn.status, drawn.text[:5]) == (200, "%PDF-")


def test_a_system_that_may_only_prepare_waits_for_a_sender(served: Served):
    caller = served.caller(scopes=PREPARES)
    view = caller.give(xml()).json()["message"]
    assert (view["state"], view["reason"]) == ("held", "prepared")
    sender = staff(served.desk, "sato", Role.SENDER)
    with served.desk.office.database.reading() as session:
        number = session.query(Message).one().number
    deciding.send_again(served.desk.office.journal, sender, number)
    assert caller.get(f"/messages/{view['id']}").json()["state"] == "created"
    timeline = caller.get(f"/messages/{view['id']}/timeline").json()["events"]
    assert [(one["what"], one["by"]) for one in timeline] == [
        ("accepted", "api:tax"),
        ("held", "system"),
        ("decided", "staff"),
    ]


def test_a_message_is_withdrawn_until_a_channel_has_it(served: Served):
    caller = served.caller()
    view = caller.give(xml()).json()["message"]
    withdrawn = caller.post(f"/messages/{view['id']}/cancel", {})
    assert (withdrawn.status, withdrawn.json()["state"]) == (200, "cancelled")
    late = caller.post(f"/messages/{view['id']}/cancel", {})
    assert (late.status, late.json()["code"]) == (409, "message_state")
    with served.desk.office.database.reading() as session:
        entries = session.query(LogEntry).filter_by(kind=EntryKind.MESSAGE.value).all()
    assert b"api:tax" in (entries[-1].payload or b"")


def test_something_else_under_the_same_name_is_refused(served: Served):
    caller = served.caller()
    caller.give(xml(), "tax-1")
    same_reference = caller.give(xml("7-2"), "tax-1")
    assert (same_reference.status, same_reference.json()["code"]) == (409, "reference_conflict")
    other_text = replace(content(), main=Document("お知らせ", text=(Paragraph("違う。"),)))
    same_number = caller.give(xml(main=other_text.main))
    assert (same_number.status, same_number.json()["code"]) == (409, "delivery_conflict")


def test_another_file_without_a_number_is_not_taken_for_the_first(served: Served):
    caller = served.caller()

    def with_file(data: bytes) -> bytes:
        file = File("notice.pdf", MediaType.PDF, b"%PDF-1.7\n" + data)
        return xml(None, main=Document("お知らせ", (file,), (Paragraph("添付。"),)))

    assert caller.give(with_file(b"one")).json()["new"]
    assert not caller.give(with_file(b"one")).json()["new"]
    assert caller.give(with_file(b"two")).status == 409


def test_many_are_taken_or_refused_each_by_itself(served: Served):
    caller = served.caller()
    bad = xml("7-2").decode().replace("<?xml", "<?xml ", 1).replace("千代田区長", "<b>", 1)
    given = [
        {"xml": xml("7-1").decode(), "reference": "a"},
        {"xml": bad, "reference": "b"},
        {"xml": HOSTILE},
        {"xml": xml("7-3").decode(), "reference": "a"},
    ]
    answer = caller.post("/many-messages", {"messages": given})
    assert answer.status == 200, answer.text
    found = answer.json()
    assert (found["taken"], found["refused"]) == (1, 3)
    codes = [(one["problem"] or {}).get("code") for one in found["results"]]
    assert codes == [None, "message_refused", "message_refused", "reference_conflict"]
    (problem, *_) = found["results"][2]["problem"]["problems"]
    assert problem["reason"] == "doctype"
    assert problem["ja"] == "DOCTYPEがあります"


def test_a_refused_message_says_line_and_reason_and_no_value(served: Served):
    answer = served.caller().give(xml().replace("千代田区長".encode(), b"", 1))
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["code"] == "message_refused"
    assert found["problems"][0]["line"] > 0
    assert "田中" not in answer.text
    other = served.caller("care").give(xml().replace(b"131016", b"132241", 1))
    assert (other.status, other.json()["problems"][0]["reason"]) == (422, "wrong-issuer")


def test_changes_come_once_each_in_their_order(served: Served):
    caller = served.caller()
    ids = [caller.give(xml(f"7-{n}")).json()["message"]["id"] for n in range(5)]
    first = caller.get("/messages?limit=3").json()
    assert [one["id"] for one in first["messages"]] == ids[:3]
    assert first["more"]
    caller.post(f"/messages/{ids[0]}/cancel", {})
    second = caller.get(f"/messages?after={first['next']}").json()
    assert [(one["id"], one["state"]) for one in second["messages"]] == [
        (ids[3], "created"),
        (ids[4], "created"),
        (ids[0], "cancelled"),
    ]
    last = caller.get(f"/messages?after={second['next']}").json()
    assert (last["messages"], last["next"], last["more"]) == ([], second["next"], False)


def test_waiting_ends_with_the_first_change(served: Served):
    caller = served.caller()
    begun = time.monotonic()
    assert caller.get("/messages?wait=1").json()["messages"] == []
    assert time.monotonic() - begun < 20
    later = threading.Timer(0.3, lambda: caller.give(xml()))
    later.start()
    begun = time.monotonic()
    assert len(caller.get("/messages?wait=30").json()["messages"]) == 1
    assert time.monotonic() - begun < 20
    later.join()


def test_nobody_sees_what_another_system_handed_in(served: Served):
    view = served.caller("tax").give(xml(), "tax-1").json()["message"]
    other = served.caller("care")
    for path in ("", "/timeline", "/xml", "/pdf"):
        answer = other.get(f"/messages/{view['id']}{path}")
        assert (answer.status, answer.json()["code"]) == (404, "not_found")
    assert other.post(f"/messages/{view['id']}/cancel", {}).status == 404
    asked = {"ids": [view["id"]], "references": ["tax-1"]}
    assert other.post("/message-states", asked).json() == {"messages": []}
    assert other.get("/messages").json()["messages"] == []
    assert other.get("/ledger").json() == {"totals": []}


@pytest.mark.parametrize("cursor", ["-1", "x", "１", "1" * 19, ""])
def test_a_cursor_of_somebody_else_is_refused(served: Served, cursor: str):
    answer = served.caller().get("/messages?after=" + cursor.replace("１", "%EF%BC%91"))
    assert (answer.status, answer.json()["fields"][0]["where"]) == (400, "query.after")


def test_a_day_before_which_nothing_goes_out_begins_in_japan(served: Served):
    given = xml(not_before=dt.date(2099, 4, 1), legal=True)
    view = served.caller().give(given).json()["message"]
    assert view["not_before"] == "2099-04-01T00:00:00+09:00"
    assert (view["state"], view["legal"]) == ("created", True)


def test_a_repetition_is_known_whatever_id_and_time_it_was_written_under(served: Served):
    caller = served.caller()
    first = caller.give(xml(), "tax-1").json()["message"]
    later = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    again = caller.give(xml(created=later, message_id=str(uuid.uuid4())), "tax-1").json()
    assert (again["new"], again["message"]["id"]) == (False, first["id"])


def test_a_reference_may_be_given_later_but_not_changed(served: Served):
    caller = served.caller()
    first = caller.give(xml()).json()["message"]
    assert first["reference"] is None
    assert caller.give(xml(), "tax-1").json()["message"]["reference"] == "tax-1"
    assert caller.give(xml(), "tax-2").json()["code"] == "reference_conflict"


def test_the_same_message_at_the_same_moment_is_taken_in_once(served: Served):
    caller = served.caller()
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(caller.give, xml(), "tax-1") for _ in range(4)]
        answers = [one.result() for one in waiting]
    assert [answer.status for answer in answers] == [202] * 4
    assert sum(answer.json()["new"] for answer in answers) == 1


def test_a_full_disk_is_said_and_nothing_is_taken(served: Served):
    caller = served.caller()
    database = served.desk.office.database
    before = caller.give(xml("7-1")).json()["message"]

    def limit(engine: Engine, most: int) -> None:
        @event.listens_for(engine, "begin")
        def on_begin(connection: Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    limit(database._engine, 1)
    limit(database._writer, 1)
    large = Document("お知らせ", text=tuple(Paragraph("長い。" * 300) for _ in range(200)))
    answer = caller.give(xml("7-2", main=large), "tax-2")
    assert (answer.status, answer.json()["code"]) == (503, "storage")
    assert caller.get(f"/messages/{before['id']}").json() == before
    limit(database._engine, 1_000_000)
    limit(database._writer, 1_000_000)
    assert caller.post("/message-states", {"references": ["tax-2"]}).json() == {"messages": []}
    assert caller.give(xml("7-2", main=large), "tax-2").json()["new"]
