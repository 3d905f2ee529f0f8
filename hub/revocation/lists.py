"""Revocation lists: files that the network gateway puts into a folder, or fetched from URLs.

What is fetched is kept in the state folder, so that a restart begins with what was there.
"""

import hashlib
import logging
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cryptography import x509

from hub.errors import RevocationSourceError
from hub.keys.files import write_file
from hub.revocation.exchange import exchange
from intake.certificates.revocation_list import MAX_LIST_BYTES, RevocationList, open_list

SUFFIXES: Final = (".crl", ".der")

logger = logging.getLogger(__name__)


class ListStore:
    """The newest list of each issuer and scope that lies in its folders."""

    def __init__(
        self, folder: Path | None, urls: Iterable[str], kept: Path, timeout_s: float
    ) -> None:
        self._folder = folder
        self._urls = tuple(urls)
        self._kept = kept
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._opened: dict[Path, tuple[tuple[int, int], RevocationList | None]] = {}

    @property
    def configured(self) -> bool:
        """Whether lists can come from anywhere."""
        return self._folder is not None or bool(self._urls)

    def fetch(self) -> None:
        """Fetch every URL; RevocationSourceError names how many failed, the others are kept."""
        failed = [url for url in self._urls if not self._fetch_one(url)]
        if failed:
            raise RevocationSourceError(
                f"{len(failed)} of {len(self._urls)} lists cannot be fetched; check list_urls"
            )

    def lists(self) -> tuple[RevocationList, ...]:
        """Every list that can be read, newest first; a file is opened again when it changed."""
        with self._lock:
            paths = list(self._paths())
            for gone in self._opened.keys() - set(paths):
                del self._opened[gone]
            found = [self._open(path) for path in paths]
        readable = [one for one in found if one is not None]
        return tuple(sorted(readable, key=lambda one: one.crl.last_update_utc, reverse=True))

    def about(self, certificate: x509.Certificate) -> tuple[RevocationList, ...]:
        """The lists in the name of the certificate's issuer, newest first."""
        return tuple(one for one in self.lists() if one.crl.issuer == certificate.issuer)

    def _paths(self) -> Iterable[Path]:
        for folder in (self._folder, self._kept):
            if folder is not None and folder.is_dir():
                yield from sorted(p for p in folder.iterdir() if p.suffix in SUFFIXES)

    def _open(self, path: Path) -> RevocationList | None:
        try:
            state = path.stat()
            mark = (state.st_mtime_ns, state.st_size)
            held = self._opened.get(path)
            if held is not None and held[0] == mark:
                return held[1]
            found = open_list(path.read_bytes()) if state.st_size <= MAX_LIST_BYTES else None
        except OSError as error:
            logger.warning("%s: cannot be read (%s)", path.name, error.strerror)
            return None
        if found is None:
            logger.debug("%s: not a revocation list", path.name)
        self._opened[path] = (mark, found)
        return found

    def _fetch_one(self, url: str) -> bool:
        try:
            body = exchange(url, self._timeout_s, MAX_LIST_BYTES)
        except RevocationSourceError as error:
            logger.warning("%s", error)
            return False
        if open_list(body) is None:
            logger.warning("what was fetched is no revocation list; check list_urls")
            return False
        self._kept.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file(self._kept / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.crl", body)
        return True
