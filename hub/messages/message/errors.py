"""Why a message is refused: a code, the line of the XML, and classes that say whose turn it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from hub.errors import HubError


class Reason(StrEnum):
    """What is wrong with a message; the sentences are `message_reason.<code>` of hub/text."""

    TOO_LARGE = "too-large"
    NOT_UTF8 = "not-utf-8"
    DOCTYPE = "doctype"
    INSTRUCTION = "processing-instruction"
    TOO_DEEP = "too-deep"
    NOT_XML = "not-xml"
    TIME_LIMIT = "time-limit"
    CRASHED = "crashed"
    SCHEMA = "schema"
    RULE = "rule"
    VALUE = "value"
    NO_SIGNATURE = "no-signature"
    SIGNATURE_PLACE = "signature-place"
    SIGNATURE_FORM = "signature-form"
    UNKNOWN_CERTIFICATE = "unknown-certificate"
    SIGNATURE_TIME = "signature-time"
    SIGNATURE = "signature"
    WRONG_ISSUER = "wrong-issuer"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: line of the XML (from 1; 0: the whole), what, and a detail.

    detail: the rule's id or the schema's own words, never a value of the message.
    """

    line: int
    reason: Reason
    detail: str = ""


class MessageRefusedError(HubError):
    """A message is not what it must be; correct what the problems name and send it again."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "message_refused"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        detail = f" ({first.detail})" if first.detail else ""
        place = f" at line {first.line}" if first.line else ""
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(
            f"the message is refused{place}: {first.reason.value}{detail}{more}; "
            "see docs/message-format.md"
        )
        self.problems: tuple[Problem, ...] = problems


class MessageSignatureError(MessageRefusedError):
    """The signature of a message does not hold; nothing in the message is to be believed."""

    exit_code: ClassVar[int] = 5
    code: ClassVar[str] = "message_signature"
