"""What is refused about a request as such; each carries what the caller needs to do it right."""

from collections.abc import Mapping
from typing import ClassVar

from hub.errors import BadRequestError, ConflictError, HubError, RefusedError


class RateLimitError(RefusedError):
    """The token's limit for a minute is reached; the same request is taken a little later."""

    status: ClassVar[int] = 429
    code: ClassVar[str] = "rate_limit"

    def __init__(self, what: str, limit: int, wait_s: int) -> None:
        super().__init__(f"{limit} {what} a minute are the limit; wait {wait_s} s")
        self.more: Mapping[str, object] = {"limit": limit, "of": what, "retry_after": wait_s}
        self.wait_s = wait_s


class TooLargeError(BadRequestError):
    """The body is longer than this address takes."""

    status: ClassVar[int] = 413
    code: ClassVar[str] = "too_large"

    def __init__(self, largest: int) -> None:
        super().__init__(f"at most {largest} bytes are taken")
        self.more: Mapping[str, object] = {"largest_bytes": largest}


class MediaTypeError(BadRequestError):
    """The body is of a type that this address does not take."""

    status: ClassVar[int] = 415
    code: ClassVar[str] = "media_type"

    def __init__(self, accepted: str) -> None:
        super().__init__(f"this address takes {accepted}")
        self.more: Mapping[str, object] = {"accepted": accepted}


class BodyError(BadRequestError):
    """The request lacks a part, or a part has another form; `fields` says where, never what."""

    code: ClassVar[str] = "body"

    def __init__(self, *fields: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{where}: {why}" for where, why in fields))
        self.more: Mapping[str, object] = {
            "fields": [{"where": where, "why": why} for where, why in fields]
        }


class IdempotencyConflictError(ConflictError):
    """Something else came under the same key before."""

    code: ClassVar[str] = "idempotency_conflict"

    def __init__(self, batch: int) -> None:
        super().__init__("something else was taken in under this key")
        self.more: Mapping[str, object] = {"batch": str(batch)}


def more_of(error: HubError) -> Mapping[str, object]:
    """What an error says beside its code: numbers and names of fields, never a value."""
    found = getattr(error, "more", None)
    return found if isinstance(found, Mapping) else {}
