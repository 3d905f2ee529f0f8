"""SHA-256 of data files without OpenSSL, which would take four megabytes of a small unit's memory.

Python's own implementation is a third as fast; a few megabytes at start do not notice.
"""

import importlib
from typing import Any


def _implementation() -> Any:  # noqa: ANN401 - these modules carry no types
    for name in ("_sha2", "_sha256"):  # Python 3.12 and later; 3.11
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return importlib.import_module("hashlib")


_SHA256 = _implementation().sha256


def sha256_hex(data: bytes) -> str:
    """Give the SHA-256 of `data` as 64 hexadecimal digits."""
    return str(_SHA256(data).hexdigest())
