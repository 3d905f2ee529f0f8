"""A browser without script: cookies, forms, JSON, over a real socket to the real application."""

import json
import re
import threading
import urllib.parse
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any

import uvicorn

from hub.office import Office
from hub.running import Running
from hub.web.app import create_app
from hub.writer.intake import WriterState


@dataclass
class Recorder:
    """The units' end: remembers what would have been sent to the counters."""

    decisions: list[str] = field(default_factory=list[str])
    receipts: list[bytes] = field(default_factory=list[bytes])

    def running(self) -> Running:
        return Running(True, True, 0, WriterState(), None)

    def announce_decision(self, notification_id: str) -> None:
        self.decisions.append(notification_id)

    def announce_receipt(self, identity: bytes) -> None:
        self.receipts.append(identity)


class Pages:
    """The application served on a port of its own."""

    def __init__(self, office: Office, port: int = 0) -> None:
        self.units = Recorder()
        config = uvicorn.Config(
            create_app(office, self.units),
            host="127.0.0.1",
            port=port,
            log_config=None,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        return json.loads(self.text)

    @property
    def csrf_token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        assert found
        return found[1]


@dataclass
class Browser:
    port: int
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    csrf_token: str = ""

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            if self.cookies:
                sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "surrogateescape")
            for line in response.headers.get_all("set-cookie") or []:
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            return Answer(response.status, dict(response.headers.items()), text)
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, None, **headers)

    def form(self, path: str, **fields: str) -> Answer:
        body = urllib.parse.urlencode(fields).encode()
        return self.request("POST", path, body, content_type="application/x-www-form-urlencoded")

    def post(self, path: str, value: object) -> Answer:
        return self.request(
            "POST",
            path,
            json.dumps(value).encode(),
            content_type="application/json",
            x_csrf_token=self.csrf_token,
        )

    def log_in(self, login: str, password: str) -> Answer:
        answer = self.post("/api/login", {"login": login, "password": password})
        if answer.status == 200:
            self.csrf_token = answer.json()["csrf_token"]
        return answer
