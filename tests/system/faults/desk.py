"""The hub's web server as somebody of the staff uses it."""

import http.client
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from intake.event.quarantine import QuarantineReason

PASSWORD, PIN = "a long pass phrase", "246810"
CLERK = "sato"
Json = dict[str, Any]


class Desk:
    """The hub's web server as a person of the staff uses it."""

    def __init__(self, web: str) -> None:
        self._address = urlsplit(web)
        self._cookies: dict[str, str] = {}
        answer = self._json("POST", "/api/login", {"login": CLERK, "password": PASSWORD})
        self._csrf = str(answer["csrf_token"])

    def operator(self) -> Json:
        return self._json("GET", "/api/operator")

    def operator_page(self) -> str:
        status, _, body = self._exchange("GET", "/operator", None, {})
        assert status == 200
        return body.decode()

    def codes_on_page(self) -> list[str]:
        """The reason codes that the operator's page shows."""
        words = re.findall(r"<code>([a-z_]+)</code>", self.operator_page())
        return [word for word in words if word in set(QuarantineReason)]

    def accept_quarantined(self, number: int) -> int:
        """Accept an envelope of the quarantine with the button of its page; the HTTP status."""
        form = urlencode({"csrf_token": self._csrf, "reason": "checked"}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._exchange("POST", f"/quarantine/{number}/accept", form, headers)[0]

    def _json(self, method: str, path: str, body: Json | None = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        status, _, answer = self._exchange(method, path, data, {"Content-Type": "application/json"})
        assert status == 200, (path, status, answer[:500])
        return json.loads(answer)

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection(
            self._address.hostname or "", self._address.port, timeout=20
        )
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        connection.request(method, path, body, {**headers, "Cookie": cookies})
        response = connection.getresponse()
        answer = response.read()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        connection.close()
        return response.status, response.headers, answer
