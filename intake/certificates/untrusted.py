"""Reads foreign DER: whatever the parser says about it, the answer is a value or None."""

from collections.abc import Callable
from typing import TypeVar

from cryptography import x509

T = TypeVar("T")


def read_or_none(read: Callable[[], T]) -> T | None:
    """What `read` gives, None when the parser refuses the bytes.

    The parser's exceptions have no common root, only a common home.
    """
    try:
        return read()
    except (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None
    except Exception as error:
        if type(error).__module__.startswith("cryptography"):
            return None
        raise
