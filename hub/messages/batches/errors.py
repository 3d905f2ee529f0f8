"""What is refused about a batch, each with the sentence that says what to do."""

from enum import StrEnum

from hub.errors import ConflictError, HubError


class GivenProblem(StrEnum):
    """Why nothing was taken in at all."""

    NO_FILE = "no-file"
    NO_LIST = "no-list"
    TOO_LARGE = "too-large"
    TOO_MANY_FILES = "too-many-files"
    UNKNOWN_TEMPLATE = "unknown-template"
    PASSWORD_WRONG = "password-wrong"  # noqa: S105 a code, not a secret
    VALUE = "value"
    NOT_IN_LIST = "not-in-list"


class GivenRefusedError(HubError):
    """What was given cannot be taken; the page says `problem` and how to go on."""

    status = 400
    code = "given"

    def __init__(self, problem: GivenProblem) -> None:
        super().__init__(f"refused: {problem.value}; see docs/document-batches.md")
        self.problem = problem


class ItemChangedError(ConflictError):
    """Somebody else decided about these pages meanwhile; look at them again."""

    code = "item_changed"


class HandedOverError(ConflictError):
    """It would change pages that were handed over already."""

    code = "handed_over"


class NotAllowedHereError(ConflictError):
    """This decision does not settle why the pages are held."""

    code = "not_allowed_here"
