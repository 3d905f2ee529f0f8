"""Asks the authority for the device directory and the revocation list, and keeps both on disk."""

import http.client
import os
import ssl
import urllib.parse
from pathlib import Path

from hub.errors import TrustError
from hub.settings import Settings

TIMEOUT_S = 5.0
LARGEST = 32 * 1024 * 1024


def fetch(settings: Settings) -> None:
    """Bring devices.json and crl.pem in the trust folder up to date.

    Does nothing without `authority.url`. TrustError when the authority cannot be reached or its
    certificate does not lead to the pinned root; the files of before stay.
    """
    if not settings.authority.url:
        return
    folder = settings.trust.folder
    for path, name in (("/devices", "devices.json"), ("/crl", "crl.pem")):
        _replace(folder / name, _get(settings, path))


def _get(settings: Settings, path: str) -> bytes:
    folder = settings.trust.folder
    address = urllib.parse.urlsplit(settings.authority.url)
    try:
        context = ssl.create_default_context(cafile=str(folder / "root.crt"))
        context.load_cert_chain(folder / "hub.crt", folder / "hub.key")
        connection = http.client.HTTPSConnection(
            address.hostname or "", address.port or 443, timeout=TIMEOUT_S, context=context
        )
        try:
            connection.request("GET", address.path.rstrip("/") + path)
            response = connection.getresponse()
            body = response.read(LARGEST)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise TrustError(
            f"the authority cannot be asked for {path} ({type(error).__name__}); check "
            "authority.url and the trust folder"
        ) from error
    if response.status != http.client.OK:
        raise TrustError(f"the authority answered {response.status} to {path}")
    return body


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
