"""Passwords: argon2id by argon2-cffi, and how long a wrong one makes the next wait."""

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.errors import AccountError

SHORTEST: Final = 10
FREE_FAILURES: Final = 3
FIRST_WAIT_S: Final = 5
LONGEST_WAIT_S: Final = 15 * 60

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that nothing fits; made when first asked for, since it costs what a log-in costs."""
    return _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The argon2id hash to keep; AccountError when the password is too short."""
    if len(password) < SHORTEST:
        raise AccountError(f"a password has at least {SHORTEST} characters; choose a longer one")
    return _hasher.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; as slow for a login that does not exist."""
    try:
        _hasher.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def wait_after(failures: int) -> int:
    """Seconds until the next attempt counts, after so many wrong passwords in a row."""
    if failures < FREE_FAILURES:
        return 0
    return min(FIRST_WAIT_S * 2 ** (failures - FREE_FAILURES), LONGEST_WAIT_S)
