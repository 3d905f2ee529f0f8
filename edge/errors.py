"""Every way the counter unit can fail, each with the sentence that says what to do next.

One root, so that a page or the command line catches once; `exit_code` ends the process.
"""


class EdgeError(Exception):
    """The counter unit cannot do what was asked; the message says the next step."""

    exit_code = 1


class SettingsError(EdgeError):
    """The configuration file or the enrolment folder is not usable as it stands."""

    exit_code = 2


class OutboxError(EdgeError):
    """The outbox on disk cannot be read or does not hold together."""

    exit_code = 5


class OutboxFullError(EdgeError):
    """The disk has no room for one more notification; nothing accepted so far is lost."""


class ForbiddenStepError(EdgeError):
    """The step is not possible in the state the counter session is in."""


class StaleViewError(EdgeError):
    """The page acted on an older state of the session than the one that holds now."""


class FieldError(EdgeError):
    """A value typed or read does not fit the field it is meant for."""


class BlockedFilingError(EdgeError):
    """A rule of the notification blocks filing until the clerk has corrected it."""


class LoginError(EdgeError):
    """The staff id or its PIN was not accepted, or the roster has run out."""


class DraftError(EdgeError):
    """The draft on disk cannot be opened with the key this process was given."""


class UntrustedMessageError(EdgeError):
    """A message from the office did not verify against the keys this unit holds."""

    exit_code = 5


class WitnessAlarmError(EdgeError):
    """The office's log shrank or no longer contains what it had signed before."""

    exit_code = 5


class BrokerError(EdgeError):
    """No broker of the list can be reached; filing goes on and waits on disk."""

    exit_code = 6
