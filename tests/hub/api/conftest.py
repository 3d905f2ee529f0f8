"""A served office and a core system with a token."""

import importlib.util
import json
import re
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from lxml import etree

from hub.accounts import systems
from hub.accounts.systems import Scope
from hub.messages.message.content import Content, Document, Issuer, Paragraph, Recipient
from hub.messages.message.to_xml import tree
from intake.characters import NameText
from tests.hub.browser import Answer
from tests.hub.conftest import Desk, Opened
from tests.hub.counter_unit import OFFICE
from tests.hub.messages.message.message_samples import minimal

ALL = tuple(Scope)
PAGE = Path(__file__).parents[3] / "docs" / "messages-api.md"


def content(number: str | None = "7-1", to: str = "100000000000001", **changes: Any) -> Content:  # noqa: ANN401 - any field
    """A message such as a core system writes."""
    made = replace(
        minimal(),
        issuer=Issuer(OFFICE, "千代田区長"),
        recipient=Recipient(to, NameText.from_plain("田中花子"), "田中花子"),
        document_number=number or "",
        main=Document("お知らせ", text=(Paragraph("手続が終わりました。"),)),
    )
    return replace(made, **changes)


def xml(number: str | None = "7-1", to: str = "100000000000001", **changes: Any) -> bytes:  # noqa: ANN401 - any field
    """The same as XML, not signed: a core system has no key of the office."""
    root = tree(content(number, to, **changes))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def printed_client(folder: Path) -> ModuleType:
    """The client that docs/messages-api.md prints, as a module."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert 80 < code.count("\n") < 125
    file = folder / "madoguchi_client.py"
    file.write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("madoguchi_client", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Caller:
    """A core system: every request carries its token."""

    port: int
    token: str | None

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            if self.token is not None:
                sent["Authorization"] = f"Bearer {self.token}"
            connection.request(method, f"/api/v1{path}", body, sent)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, text)
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, value: object) -> Answer:
        return self.call("POST", path, json.dumps(value).encode(), content_type="application/json")

    def give(self, data: bytes, reference: str | None = None) -> Answer:
        headers = {} if reference is None else {"message_reference": reference}
        return self.call("POST", "/messages", data, content_type="application/xml", **headers)

    def give_documents(self, files: dict[str, tuple[str, bytes]], key: str | None) -> Answer:
        parts: list[bytes] = []
        for field, (name, data) in files.items():
            head = (
                f'--X\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
            )
            parts += [head.encode(), data, b"\r\n"]
        headers = {} if key is None else {"idempotency_key": key}
        return self.call(
            "POST",
            "/batches",
            b"".join([*parts, b"--X--\r\n"]),
            content_type="multipart/form-data; boundary=X",
            **headers,
        )


@dataclass
class Served:
    """The office's pages with the API among them."""

    desk: Desk
    port: int

    def caller(self, name: str = "tax", scopes: tuple[Scope, ...] = ALL) -> Caller:
        token = systems.add(self.desk.office.journal, name, scopes, None, "op")
        return Caller(self.port, token)


@pytest.fixture
def served(opened: Opened) -> Served:
    return Served(opened.desk, opened.pages.port)
