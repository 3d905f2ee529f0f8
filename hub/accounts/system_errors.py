"""Why a core system is refused at the door; each says whose turn it is."""

from typing import ClassVar

from hub.errors import AccountError, RefusedError


class SystemNameError(AccountError):
    """A core system cannot be made, renewed or revoked as asked."""


class TokenMissingError(RefusedError):
    """The request carries no token."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "token_missing"


class TokenUnknownError(RefusedError):
    """The token is not one of this office."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "token_unknown"


class TokenExpiredError(RefusedError):
    """The token's last day is over."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "token_expired"


class TokenRevokedError(RefusedError):
    """The office took the token back."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "token_revoked"


class ScopeError(RefusedError):
    """The token was not given the scope that this needs."""

    code: ClassVar[str] = "scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"this needs the scope {scope}; see `systems list`")
        self.scope = scope
