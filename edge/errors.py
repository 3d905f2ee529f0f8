"""Every way the counter unit can fail, each with the sentence that says what to do next.

One root, so that a page or the command line catches once. `exit_code` ends the process, `code` is
the key of the sentence in `edge/text/*.toml`, which pages show instead of the English message.
"""

from typing import ClassVar


class EdgeError(Exception):
    """The counter unit cannot do what was asked; the message says the next step."""

    exit_code: ClassVar[int] = 1
    default_code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code or self.default_code


class SettingsError(EdgeError):
    """The configuration file or the enrolment folder is not usable as it stands."""

    exit_code = 2
    default_code = "settings"


class OutboxError(EdgeError):
    """The outbox on disk cannot be read or does not hold together."""

    exit_code = 5
    default_code = "outbox"


class OutboxFullError(EdgeError):
    """The disk has no room for one more notification; nothing accepted so far is lost."""

    default_code = "disk_full"


class ForbiddenStepError(EdgeError):
    """The step is not possible in the state the counter session is in."""

    default_code = "forbidden_step"


class StaleViewError(EdgeError):
    """The page acted on an older state of the session than the one that holds now."""

    default_code = "stale_view"


class FieldError(EdgeError):
    """A value typed or read does not fit the field it is meant for."""

    default_code = "bad_value"


class BlockedFilingError(EdgeError):
    """A rule of the notification blocks filing until the clerk has corrected it."""

    default_code = "blocked"


class NoKeysError(EdgeError):
    """The office has not yet told this unit to whom it encrypts: connect it once."""

    default_code = "no_keys"


class LoginError(EdgeError):
    """The staff id or its PIN was not accepted, or the roster has run out."""

    default_code = "wrong_pin"


class DraftError(EdgeError):
    """The draft on disk cannot be opened with the key this process was given."""

    default_code = "draft"


class UntrustedMessageError(EdgeError):
    """A message from the office did not verify against the keys this unit holds."""

    exit_code = 5
    default_code = "untrusted_message"


class BrokerError(EdgeError):
    """No broker of the list can be reached; filing goes on and waits on disk."""

    exit_code = 6
    default_code = "no_broker"
