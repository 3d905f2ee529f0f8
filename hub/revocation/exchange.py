"""One question over HTTP, with a time limit and a bound on what comes back."""

import http.client
import ssl
import urllib.parse

from hub.errors import RevocationSourceError


def exchange(
    url: str, timeout_s: float, limit: int, body: bytes | None = None, content_type: str = ""
) -> bytes:
    """What `url` answers to GET, or to POST of `body`.

    RevocationSourceError when it cannot be reached, answers anything but 200, or more than `limit`
    bytes. The error names the kind of failure and never what was asked.
    """
    connection = _connection(urllib.parse.urlsplit(url), timeout_s)
    headers = {"Content-Type": content_type} if body is not None else {}
    try:
        connection.request("GET" if body is None else "POST", _target(url), body, headers)
        response = connection.getresponse()
        found = response.read(limit + 1)
    except (OSError, http.client.HTTPException) as error:
        raise RevocationSourceError(
            f"a source of revocation cannot be reached ({type(error).__name__}); check [revocation]"
        ) from error
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise RevocationSourceError(f"a source of revocation answered {response.status}")
    if len(found) > limit:
        raise RevocationSourceError("a source of revocation answered more than it may")
    return found


def _connection(address: urllib.parse.SplitResult, timeout_s: float) -> http.client.HTTPConnection:
    host, port = address.hostname or "", address.port
    if address.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=context)
    return http.client.HTTPConnection(host, port, timeout=timeout_s)


def _target(url: str) -> str:
    address = urllib.parse.urlsplit(url)
    return (address.path or "/") + (f"?{address.query}" if address.query else "")
