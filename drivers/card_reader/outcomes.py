"""How a reading ended, as a code that never changes and a sentence that says what to do next."""

import functools
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Literal, cast

from drivers.errors import DriverError

Language = Literal["ja", "en"]


class OutcomeCode(StrEnum):
    """Every way a counter reading can end."""

    OK = "ok"
    NO_SERVICE = "no_service"
    NO_READER = "no_reader"
    NO_CARD = "no_card"
    READER_BUSY = "reader_busy"
    CARD_MUTE = "card_mute"
    NOT_MY_NUMBER_CARD = "not_my_number_card"
    NO_TEXT = "no_text"
    NO_PHOTO = "no_photo"
    NO_AUTHENTICATION_CERTIFICATE = "no_authentication_certificate"
    NO_SIGNING_CERTIFICATE = "no_signing_certificate"
    REMOVED = "removed"
    TIMEOUT = "timeout"
    CARD_REFUSED = "card_refused"
    PIN_NEEDED = "pin_needed"
    PIN_FORMAT = "pin_format"
    PIN_WRONG = "pin_wrong"
    PIN_BLOCKED = "pin_blocked"
    PIN_ONE_LEFT = "pin_one_left"
    NOT_GENUINE = "not_genuine"
    CERTIFICATE_INVALID = "certificate_invalid"
    CERTIFICATE_REVOKED = "certificate_revoked"
    SIGNATURE_UNVERIFIED = "signature_unverified"
    TRUST_UNUSABLE = "trust_unusable"


_EXIT_CODES = {
    OutcomeCode.OK: 0,
    OutcomeCode.TRUST_UNUSABLE: 2,
    **dict.fromkeys(
        (
            OutcomeCode.NO_SERVICE,
            OutcomeCode.NO_READER,
            OutcomeCode.NO_CARD,
            OutcomeCode.REMOVED,
            OutcomeCode.TIMEOUT,
        ),
        3,
    ),
    **dict.fromkeys(
        (
            OutcomeCode.NOT_GENUINE,
            OutcomeCode.CERTIFICATE_INVALID,
            OutcomeCode.CERTIFICATE_REVOKED,
            OutcomeCode.SIGNATURE_UNVERIFIED,
        ),
        5,
    ),
}
_EXIT_REFUSED = 4
_SPACE: dict[Language, str] = {"ja": "", "en": " "}


@dataclass(frozen=True)
class Outcome:
    """A code with what belongs to it: the PIN meant, tries left after it, the reason code."""

    code: OutcomeCode
    reason: str | None = None
    pin: str | None = None
    tries: int | None = None

    @property
    def ok(self) -> bool:
        """Whether the reading succeeded."""
        return self.code is OutcomeCode.OK

    @property
    def exit_code(self) -> int:
        """A command's status: 0 ok, 2 no anchors, 3 missing, 4 refused, 5 verification failed."""
        return _EXIT_CODES.get(self.code, _EXIT_REFUSED)

    def message(self, language: Language) -> str:
        """What happened and what to do next; no personal data in it."""
        sentences = _catalogue()
        text = sentences["outcome"][self.code][language].format(
            pin=sentences["pin"][self.pin or "any"][language], tries=self.tries
        )
        reason = sentences["reason"].get(self.reason or "")
        return text if reason is None else f"{text}{_SPACE[language]}{reason[language]}"


def secret_name(secret: str, language: Language) -> str:
    """What a PIN, password or check number is called at a counter."""
    return _catalogue()["pin"][secret][language]


def outcome_of(error: DriverError, *, pin: str | None = None) -> Outcome:
    """The outcome an error of this room stands for; others count as `card_refused`."""
    tries = getattr(error, "tries", None)
    code: str = getattr(error, "missing", error.code)
    known = code if code in list(OutcomeCode) else OutcomeCode.CARD_REFUSED
    return Outcome(OutcomeCode(known), pin=pin, tries=tries)


@functools.cache
def _catalogue() -> dict[str, dict[str, dict[str, str]]]:
    file = resources.files("drivers.card_reader") / "text" / "outcomes.toml"
    return cast(
        "dict[str, dict[str, dict[str, str]]]", tomllib.loads(file.read_text(encoding="utf-8"))
    )
