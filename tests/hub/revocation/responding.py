"""A responder and list server for tests: real HTTP, answers made by a test authority."""

import datetime as dt
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.x509 import ocsp

from tests.intake.certificates.authority import Authority

Answer = Callable[[bytes | None], bytes]
"""What is answered to a question with this nonce."""


class RespondingServer:
    """POST is answered by `answer`, GET by `lists`; both count."""

    def __init__(self) -> None:
        self.answer: Answer = lambda _nonce: b""
        self.lists: dict[str, bytes] = {}
        self.status = 200
        self.asked = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def good(self, authority: Authority, leaf: x509.Certificate) -> None:
        """Answer every question about `leaf` with good, fresh, with its nonce."""
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        self.answer = lambda nonce: authority.ocsp(
            about=leaf, begins=now, ends=now + dt.timedelta(hours=1), nonce=nonce
        )

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(server: RespondingServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            server.asked += 1
            self._reply(server.status, server.answer(_nonce(question)))

        def do_GET(self) -> None:
            found = server.lists.get(self.path)
            self._reply(404 if found is None else server.status, found or b"")

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
            """Nothing on stderr."""

    return Handler


def _nonce(question: bytes) -> bytes | None:
    request = ocsp.load_der_ocsp_request(question)
    try:
        return request.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return None
