"""Before anything is read: the token, the rate, the size; each refusal says how to go on."""

import io
import json
import logging
import socket
from dataclasses import replace

import pytest
from pydantic import ValidationError

from hub.accounts import systems
from hub.accounts.systems import Scope
from hub.logs import JsonLines
from hub.web.api.v1 import door
from hub.web.api.v1.problems import Problem
from tests.hub.api.conftest import ALL, Caller, Served, xml
from tests.hub.browser import Answer, Pages
from tests.hub.conftest import Desk

pytestmark = pytest.mark.system  # real servers and children: seconds, apart from the fast part

HOST = "Host: x\nConnection: close\n"


def refused(answer: Answer, status: int, code: str) -> Problem:
    """The answer is a problem of this kind, complete in both languages."""
    assert answer.headers["content-type"] == "application/problem+json"
    found = Problem.model_validate_json(answer.text)
    assert (answer.status, found.status, found.code) == (status, status, code)
    assert found.type == f"urn:madoguchi:problem:{code}"
    for sentences in (found.ja, found.en):
        assert not sentences.what.startswith("[")
        assert not sentences.next.startswith("[")
    return found


def test_no_token_no_answer(served: Served):
    answer = Caller(served.port, None).get("/messages")
    refused(answer, 401, "token_missing")
    assert answer.headers["www-authenticate"] == 'Bearer realm="madoguchi"'
    refused(Caller(served.port, "mdg_1_guess").get("/messages"), 401, "token_unknown")
    refused(Caller(served.port, None).get("/messages?token=x"), 401, "token_missing")
    refused(Caller(served.port, None).get("/no/such/page"), 401, "token_missing")


def test_an_ended_token_says_how_it_ended(served: Served):
    office = served.desk.office
    caller = served.caller()
    systems.revoke(office.journal, "tax", "op")
    refused(caller.get("/system"), 401, "token_revoked")
    token = systems.add(office.journal, "care", [Scope.MESSAGES_READ], None, "op")
    systems.renew(office.journal, "care", None, 0, "op")
    refused(Caller(served.port, token).get("/system"), 401, "token_expired")


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/messages", "messages:read"),
        ("POST", "/messages", "messages:write"),
        ("POST", "/many-messages", "messages:write"),
        ("POST", "/message-states", "messages:read"),
        ("GET", "/ledger", "messages:read"),
        ("POST", "/batches", "documents:write"),
        ("GET", "/batches/1", "messages:read"),
        ("POST", "/batches/1/cancel", "documents:write"),
    ],
)
def test_every_address_asks_for_its_scope(served: Served, method: str, path: str, scope: str):
    caller = served.caller(scopes=tuple(one for one in ALL if one != scope))
    found = refused(caller.call(method, path, b"{}"), 403, "scope")
    assert found.scope == scope


def test_the_first_call_says_whose_token_it_is(served: Served):
    answer = served.caller(scopes=(Scope.MESSAGES_READ,)).get("/system")
    assert answer.json()["system"] == "tax"
    assert answer.json()["scopes"] == ["messages:read"]
    assert answer.json()["limits"]["messages_per_minute"] == 3000
    assert answer.headers["cache-control"] == "no-store"


def test_the_limit_of_a_minute_says_when_to_come_again(desk: Desk):
    settings = desk.office.settings
    api = replace(settings.api, messages_per_minute=3, requests_per_minute=8)
    pages = Pages(replace(desk.office, settings=replace(settings, api=api)))
    try:
        served = Served(desk, pages.port)
        caller, other = served.caller(), served.caller("care")
        assert [caller.give(xml(f"7-{n}")).status for n in range(3)] == [202, 202, 202]
        answer = caller.give(xml("7-9"))
        found = refused(answer, 429, "rate_limit")
        assert (found.of, found.limit) == ("messages", 3)
        assert 1 <= int(answer.headers["retry-after"]) <= 20
        assert found.retry_after == int(answer.headers["retry-after"])
        assert other.give(xml("7-9", "100000000000002")).status == 202
        many = {"messages": [{"xml": "<a/>"}] * 3}
        refused(caller.post("/many-messages", many), 429, "rate_limit")
        while (last := caller.get("/system")).status == 200:
            pass
        assert refused(last, 429, "rate_limit").of == "requests"
    finally:
        pages.stop()


def raw(port: int, head: str, body: bytes = b"") -> bytes:
    """What the server says to bytes that no client library would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(head.replace("\n", "\r\n").encode() + body)
        answer = b""
        while part := line.recv(65536):
            answer += part
    return answer


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door does not wait for what a test never sends."""
    monkeypatch.setattr(door, "LET_FINISH_S", 0.2)


@pytest.mark.usefixtures("impatient")
def test_what_is_too_large_is_not_read(served: Served):
    token = served.caller().token
    head = f"POST /api/v1/messages HTTP/1.1\n{HOST}Authorization: Bearer {token}\n"
    declared = raw(served.port, head + "Content-Length: 99999999\n\n")
    assert b"413" in declared.splitlines()[0]
    answer = json.loads(declared.partition(b"\r\n\r\n")[2])
    assert (answer["code"], answer["largest_bytes"]) == ("too_large", 25_165_824)


def test_a_body_without_a_length_is_cut_at_the_limit(desk: Desk):
    settings = desk.office.settings
    api = replace(settings.api, request_bytes=1000, batch_bytes=2000)
    pages = Pages(replace(desk.office, settings=replace(settings, api=api)))
    try:
        served = Served(desk, pages.port)
        caller = served.caller()
        head = (
            f"POST /api/v1/messages HTTP/1.1\n{HOST}Authorization: Bearer {caller.token}\n"
            "Content-Type: application/xml\nTransfer-Encoding: chunked\n\n"
        )
        chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"
        assert b"413" in raw(served.port, head, chunk + b"0\r\n\r\n").splitlines()[0]
        as_json = head.replace("application/xml", "application/json").replace(
            "/messages ", "/many-messages "
        )
        assert b"413" in raw(served.port, as_json, chunk + b"0\r\n\r\n").splitlines()[0]
        files = {"addressees": ("l.csv", b"x" * 900), "document": ("d.pdf", b"x" * 1900)}
        refused(caller.give_documents(files, "k"), 413, "too_large")
    finally:
        pages.stop()


@pytest.mark.usefixtures("impatient")
def test_nothing_is_read_before_the_token_was_looked_at(served: Served):
    """A client that sends a token of nobody gets its answer while its body is still to come."""
    head = (
        f"POST /api/v1/messages HTTP/1.1\n{HOST}Authorization: Bearer mdg_1_x\n"
        "Content-Type: application/xml\nContent-Length: 25000000\n\n"
    )
    assert b" 401 " in raw(served.port, head, b"x" * 1000).splitlines()[0]


def test_neither_token_nor_name_nor_reference_is_logged(served: Served):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        caller = served.caller()
        caller.give(xml(), "tax-secret-reference")
        caller.give(xml()[:-20], "tax-secret-reference")
        caller.post("/message-states", {"references": ["tax-secret-reference"]})
        Caller(served.port, "mdg_1_nobodys").get("/messages")
        logging.getLogger("test").info("the control")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    said = stream.getvalue()
    assert "the control" in said
    for secret in (caller.token or "", "nobodys", "田中", "secret-reference", "100000000000001"):
        assert secret not in said


def test_a_problem_without_its_sentences_would_be_noticed():
    with pytest.raises(ValidationError):
        Problem.model_validate({"type": "x", "title": "y", "status": 400, "code": "z"})
