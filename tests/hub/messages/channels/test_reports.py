"""Reports of a box service: one that is broken keeps those behind it from nobody."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from hub.messages.channels.channel import ReceiptKind, TemporaryError
from hub.messages.channels.configuration import Mynaportal
from hub.messages.channels.mynaportal import MynaportalChannel

GOOD = {"key": "k-1", "kind": "read", "time_us": 5}
LATER = {"key": "k-2", "kind": "refused", "time_us": 6, "reason": "closed", "suppress": True}


@pytest.fixture
def said() -> dict[str, object]:
    return {}


@pytest.fixture
def channel(tmp_path: Path, said: dict[str, object]) -> Iterator[MynaportalChannel]:
    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    token = tmp_path / "token"
    token.write_text("t\n")
    url = f"http://127.0.0.1:{server.server_port}"
    yield MynaportalChannel(Mynaportal(url=url, token_file=token))
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "broken",
    [
        None,
        7,
        "x",
        [],
        {},
        {"key": "k", "kind": "lost", "time_us": 1},
        GOOD | {"time_us": "soon"},
        GOOD | {"key": "\ud800"},
        LATER | {"reason": "zero \0"},
    ],
)
def test_a_broken_report_is_about_nothing_that_was_sent(
    channel: MynaportalChannel, said: dict[str, object], broken: object
):
    said.update(reports=[GOOD, broken, LATER], next="3")
    found, cursor = channel.receipts("")
    assert [one.key for one in found] == ["k-1", "", "k-2"]
    assert (found[2].kind, found[2].suppress) == (ReceiptKind.REFUSED, True)
    assert cursor == "3"


@pytest.mark.parametrize("whole", [{}, {"reports": 5, "next": "1"}, {"reports": [GOOD]}])
def test_an_answer_that_is_no_list_is_asked_for_again(
    channel: MynaportalChannel, said: dict[str, object], whole: dict[str, object]
):
    said.update(whole)
    with pytest.raises(TemporaryError):
        channel.receipts("")
