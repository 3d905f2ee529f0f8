"""One HTTP call that always ends in time, and an honest word about calls that ended badly.

What fails before the request was sent surely did not arrive; what fails after it may have.
"""

import contextlib
import http.client
import json
import socket
import ssl
import threading
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from hub.messages.channels.channel import (
    PermanentError,
    RateLimitedError,
    TemporaryError,
    UnknownOutcomeError,
)

LIMIT: Final = 4 * 1024 * 1024
LONGEST_WAIT_S: Final = 6 * 3600.0
REFUSED: Final = (400, 406, 411, 413, 414, 415, 422)
GONE: Final = (404, 410)
ELSEWHERE: Final = (*GONE, 405)
"""What a server answers that is not the service, or not at this path."""
NO_SUCH_RECIPIENT: Final = "no_such_recipient"
"""In `error`, beside our key: the one answer that says an address is dead (docs/channels.md)."""
NOT_ALLOWED: Final = (401, 403, 407)
NUL: Final = rb"\u0000"


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Deadline:
    """Ends what a socket does when its time is over: an answer may drip within every timeout."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._sock = sock
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def over(self) -> None:
        """It ended in time."""
        self._timer.cancel()

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            # Not an encrypted socket's own: whoever reads from it would meet one half taken apart.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


@dataclass(frozen=True)
class Server:
    """Where to call, and for how long at most. ca_file: instead of the system's authorities."""

    url: str
    timeout_s: float
    ca_file: Path | None = None

    def call(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        """The answer. TemporaryError: it did not arrive. UnknownOutcomeError: it may have."""
        address = urllib.parse.urlsplit(self.url)
        connection = _connection(address, self.timeout_s, self.ca_file)
        try:
            _connect(connection)
            watch = Deadline(connection.sock, self.timeout_s)
        except BaseException:
            connection.close()
            raise
        try:
            return _exchange(connection, method, address.path.rstrip("/") + path, headers, body)
        finally:
            watch.over()
            connection.close()


def accepted(answer: Answer, key: str = "", *, any_text: bool = False) -> dict[str, Any]:
    """The JSON object of an answer that took what was sent; the right error for any other.

    key: of what was sent. Only an answer that names it can say that its recipient does not exist.
    any_text: text in it that no table takes is the caller's to refuse, piece by piece.
    """
    if answer.status in (200, 201, 202):
        return json_object(answer, any_text=any_text)
    again_s = _retry_after(answer.headers)
    if answer.status == http.client.TOO_MANY_REQUESTS:
        raise RateLimitedError("rate_limited", again_s)
    if answer.status == http.client.SERVICE_UNAVAILABLE:
        raise TemporaryError("unavailable", again_s)
    if answer.status in NOT_ALLOWED:
        raise TemporaryError("token_refused")  # mended by a new token; nothing is given up
    if answer.status in GONE and _says_no_such_recipient(answer, key):
        raise PermanentError("no_such_address", suppress=True)
    if answer.status in ELSEWHERE:  # the operator's to mend; nobody's registration ends by it
        raise TemporaryError(f"not_found_{answer.status}", again_s)
    if answer.status in REFUSED:
        raise PermanentError(f"refused_{answer.status}")
    if answer.status < 400:
        raise TemporaryError("redirected")  # never followed: the token would travel along
    raise UnknownOutcomeError(f"status_{answer.status}")


def json_object(answer: Answer, *, any_text: bool = False) -> dict[str, Any]:
    """The object in the body; UnknownOutcomeError for anything else.

    Text that no table takes (half a surrogate pair, a zero) is refused too: a reference of it would
    keep every outcome of the channel from being stored.
    """
    try:
        value = json.loads(answer.body)
        written = json.dumps(value, ensure_ascii=any_text).encode()
    except (ValueError, RecursionError) as error:
        raise UnknownOutcomeError("answer_not_json") from error
    if NUL in written and not any_text:
        raise UnknownOutcomeError("answer_not_text")
    if not isinstance(value, dict):
        raise UnknownOutcomeError("answer_not_json")
    return cast("dict[str, Any]", value)


def _says_no_such_recipient(answer: Answer, key: str) -> bool:
    try:
        said = json_object(answer)
    except UnknownOutcomeError:
        return False
    return bool(key) and said.get("key") == key and said.get("error") == NO_SUCH_RECIPIENT


def storable(text: str) -> str:
    """The text; ValueError when no table takes it."""
    if "\0" in text:
        raise ValueError("a zero")
    text.encode()
    return text


def _connection(
    address: urllib.parse.SplitResult, timeout_s: float, ca_file: Path | None
) -> http.client.HTTPConnection:
    host, port = address.hostname or "", address.port
    if address.scheme == "https":
        try:
            context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
        except OSError as error:
            raise TemporaryError("ca_file_unreadable") from error
        return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=context)
    return http.client.HTTPConnection(host, port, timeout=timeout_s)


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise TemporaryError(f"unreachable_{type(error).__name__}"[:64]) from error


def _exchange(
    connection: http.client.HTTPConnection,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes | None,
) -> Answer:
    try:
        connection.request(method, target, body, dict(headers))
        response = connection.getresponse()
        content = response.read(LIMIT + 1)
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        raise UnknownOutcomeError(f"no_answer_{type(error).__name__}"[:64]) from error
    if len(content) > LIMIT:
        raise UnknownOutcomeError("answer_too_long")
    return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, content)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of Retry-After; a date or nonsense is no time."""
    text = headers.get("retry-after", "").strip()
    if not text.isascii() or not text.isdecimal():
        return None
    return min(float(text), LONGEST_WAIT_S)
