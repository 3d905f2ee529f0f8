"""Core systems hand in documents with their list, once for each key, and see their own only."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.accounts.systems import Scope
from hub.messages.delivery.accepting import accept
from hub.messages.sending.outbound import outgoing
from hub.storage.tables import DocumentBatch, MessageLedger
from tests.hub.api.conftest import Caller, Served, content
from tests.hub.browser import Answer

pytestmark = pytest.mark.system  # real servers and children: seconds, apart from the fast part

LIST = "atena_no,name\n100000000000001,田中花子\n"
LISTED = ("list.csv", LIST.encode())
DOCUMENT = ("notice.pdf", b"%PDF-1.7\nnot much of one")


def give(caller: Caller, key: str | None = "k-1", document: bytes = DOCUMENT[1]) -> Answer:
    files = {"addressees": LISTED, "document": (DOCUMENT[0], document)}
    return caller.give_documents(files, key)


def test_a_batch_is_taken_in_once_for_each_key(served: Served):
    caller = served.caller()
    first = give(caller)
    assert first.status == 202, first.text
    view = first.json()
    assert (view["state"], view["pages_read"]) == ("waiting", 0)
    assert first.headers["location"] == f"/api/v1/batches/{view['id']}"
    assert give(caller).json()["id"] == view["id"]
    changed = give(caller, document=b"%PDF-1.7\nanother")
    assert (changed.status, changed.json()["code"]) == (409, "idempotency_conflict")
    assert changed.json()["batch"] == view["id"]
    assert give(caller, "k-2").json()["id"] != view["id"]
    assert give(served.caller("care")).json()["id"] != view["id"]  # its keys are its own
    with served.desk.office.database.reading() as session:
        batches = session.query(DocumentBatch).all()
    assert [batch.created_by for batch in batches] == ["api:tax", "api:tax", "api:care"]


def test_the_same_batch_at_the_same_moment_is_taken_in_once(served: Served):
    caller = served.caller()
    together = threading.Barrier(4)

    def hand_in(_: int) -> Answer:
        together.wait()
        return give(caller)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(hand_in, range(4)))
    assert [answer.status for answer in answers] == [202] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_batches_are_listed_newest_first_and_found_by_their_own_only(served: Served):
    caller, other = served.caller(), served.caller("care")
    ids = [give(caller, f"k-{n}").json()["id"] for n in range(3)]
    first = caller.get("/batches?limit=2").json()
    assert [one["id"] for one in first["batches"]] == ids[:0:-1]
    second = caller.get(f"/batches?before={first['next']}").json()
    assert ([one["id"] for one in second["batches"]], second["next"]) == (ids[:1], None)
    assert other.get("/batches").json() == {"batches": [], "next": None}
    assert other.get(f"/batches/{ids[0]}").status == 404
    assert other.post(f"/batches/{ids[0]}/cancel", {}).status == 404
    assert caller.get("/batches/999999").json()["code"] == "not_found"
    assert caller.get(f"/messages?batch={ids[0]}").json()["messages"] == []


def test_a_batch_is_discarded_by_its_system(served: Served):
    caller = served.caller()
    view = give(caller).json()
    for _ in range(2):
        answer = caller.post(f"/batches/{view['id']}/cancel", {})
        assert (answer.status, answer.json()["state"]) == (200, "discarded")


def test_a_wrong_list_is_said_and_the_documents_stay(served: Served):
    caller = served.caller()
    files = {"addressees": ("list.csv", b"a,b\n1,2\n"), "document": DOCUMENT}
    answer = caller.give_documents(files, "k-1")
    assert (answer.status, answer.json()["state"]) == (202, "refused")
    assert answer.json()["problem"] == "list"
    assert answer.json()["list_lines"] == [{"line": None, "problem": "no-heading"}]
    files["addressees"] = ("list.csv", LIST.encode() + b"2,\n")
    lines = caller.give_documents(files, "k-2").json()["list_lines"]
    assert lines == [{"line": 3, "problem": "no-name"}]


@pytest.mark.parametrize(
    ("files", "key", "where"),
    [
        ({"addressees": LISTED}, "k", "body.document"),
        ({"document": DOCUMENT}, "k", "body.addressees"),
        ({"addressees": LISTED, "document": DOCUMENT}, None, "header.idempotency-key"),
        ({"addressees": LISTED, "document": DOCUMENT}, "a b", "header.idempotency-key"),
    ],
)
def test_what_is_missing_is_named(
    served: Served, files: dict[str, tuple[str, bytes]], key: str | None, where: str
):
    answer = served.caller().give_documents(files, key)
    assert (answer.status, answer.json()["code"]) == (400, "body")
    assert where in [field["where"] for field in answer.json()["fields"]]


def test_what_the_office_does_not_take_is_said(served: Served):
    caller = served.caller()
    head = '--X\r\nContent-Disposition: form-data; name="template"\r\n\r\nnone-such\r\n'
    for field in ("addressees", "document"):
        head += f'--X\r\nContent-Disposition: form-data; name="{field}"; filename="a"\r\n\r\na\r\n'
    answer = caller.call(
        "POST",
        "/batches",
        f"{head}--X--\r\n".encode(),
        content_type="multipart/form-data; boundary=X",
        idempotency_key="k",
    )
    assert (answer.status, answer.json()["code"]) == (422, "documents_refused")
    assert answer.json()["fields"] == [{"where": "body", "why": "unknown-template"}]


def test_documents_need_their_scope_and_give_no_right_to_messages(served: Served):
    caller = served.caller(scopes=(Scope.DOCUMENTS_WRITE, Scope.MESSAGES_READ))
    assert give(caller).status == 202
    assert caller.give(b"<a/>").json()["scope"] == "messages:write"


def test_the_messages_of_a_batch_belong_to_the_system_that_handed_it_in(served: Served):
    caller, other = served.caller(), served.caller("care")
    office, number = served.desk.office, give(caller).json()["id"]
    made = outgoing(content(), office.ring.message_key(), batch=number)
    with office.database.writing() as session:
        accepted = accept(session, made, "sato")
        session.add(
            MessageLedger(
                message=accepted.number,
                batch=number,
                channel="letter",
                what="sent",
                pages=2,
                postage_yen=110,
                print_yen=20,
                tariff="2026",
                time_us=office.clock(),
            )
        )
    (view,) = caller.get(f"/messages?batch={number}").json()["messages"]
    assert (view["id"], view["batch"], view["reference"]) == (made.message_id, number, None)
    total = {"channel": "letter", "what": "sent", "count": 1, "postage_yen": 110, "print_yen": 20}
    assert caller.get(f"/ledger?batch={number}").json() == {"totals": [total]}
    assert caller.get("/ledger").json() == {"totals": [total]}
    assert caller.get(f"/ledger?batch={int(number) + 1}").json() == {"totals": []}
    for path in (f"/messages?batch={number}", "/messages"):
        assert other.get(path).json()["messages"] == []
    assert other.get(f"/ledger?batch={number}").json() == {"totals": []}
    assert other.get(f"/messages/{view['id']}").status == 404
