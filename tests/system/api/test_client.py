"""The client that docs/messages-api.md prints does what its page says, against a real hub."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.hub.api.conftest import printed_client, xml
from tests.system.api.conftest import Api

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The client as a module, taken out of the page as a reader would."""
    return printed_client(tmp_path_factory.mktemp("client"))


def test_messages_are_handed_in_followed_and_withdrawn(api: Api, printed: ModuleType):
    client: Any = printed.Madoguchi(api.url, api.token)
    one = client.hand_in(xml("1-1"), "tax-1")
    assert client.hand_in(xml("1-1"), "tax-1")["id"] == one["id"]
    given = {f"tax-{n}": xml(f"1-{n}") for n in range(2, 130)} | {"tax-wrong": b"<a/>"}
    results = client.hand_in_many(given)
    assert sum(result["problem"] is None for result in results.values()) == 128
    assert results["tax-wrong"]["problem"]["code"] == "message_refused"
    assert len(client.states(["tax-1", "tax-2", "tax-none"])) == 2
    seen: dict[str, str] = {}
    cursors = ["0"]
    for cursor, messages in client.changes():
        cursors.append(cursor)
        seen |= {message["reference"]: message["state"] for message in messages}
    assert len(seen) == 129
    assert client.pdf(one["id"]).startswith(b"%PDF-")
    with pytest.raises(printed.Refused, match="404 not_found"):
        client.cancel("7d1c4f0e-8f0a-5a43-9d8a-2f6f0b7c1e55")
    ((_, changed),) = list(client.changes(cursors[-1], wait=1))
    assert len(changed) <= 129


def test_documents_become_a_batch_once(api: Api, printed: ModuleType, tmp_path: Path):
    client: Any = printed.Madoguchi(api.url, api.token)
    document, people = tmp_path / "notices.pdf", tmp_path / "people.csv"
    document.write_bytes(b"%PDF-1.7\nnot much of one")
    people.write_text("atena_no,name\n1,田中花子\n", encoding="utf-8")
    batch = client.hand_in_documents([document], people, "2026-11-tax")
    assert client.hand_in_documents([document], people, "2026-11-tax")["id"] == batch["id"]
    assert client.batch(batch["id"])["state"] in ("waiting", "reading", "refused")
    document.write_bytes(b"%PDF-1.7\nanother")
    with pytest.raises(printed.Refused) as refused:
        client.hand_in_documents([document], people, "2026-11-tax")
    assert refused.value.problem["batch"] == batch["id"]


def test_a_refusal_says_the_next_step(api: Api, printed: ModuleType):
    client: Any = printed.Madoguchi(api.url, api.token + "x")
    with pytest.raises(printed.Refused, match=r"401 token_unknown: See that it was copied whole"):
        client.states(["tax-1"])
