"""Why an event is set aside instead of journalled: a code and two sentences each."""

import tomllib
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Literal

from intake.errors import DecodeError, VerificationError

Language = Literal["ja", "en"]


class QuarantineReason(StrEnum):
    """The codes; they stand in receipts, on the operator's page and in the log."""

    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    REVOKED_KEY = "revoked_key"
    NOT_YET_VALID_KEY = "not_yet_valid_key"
    WRONG_TOPIC = "wrong_topic"
    WRONG_OFFICE = "wrong_office"
    WRONG_ENVIRONMENT = "wrong_environment"
    CONFLICT = "conflict"
    GARBLED = "garbled"
    OVERSIZE = "oversize"
    UNKNOWN_VERSION = "unknown_version"
    PART_MISSING = "part_missing"
    PART_MISMATCH = "part_mismatch"
    UNDECRYPTABLE = "undecryptable"

    def sentence(self, language: Language) -> str:
        """What happened and what to do next, for the clerk."""
        return _sentences()[self][language]

    @property
    def ja(self) -> str:
        """The Japanese sentence."""
        return self.sentence("ja")

    @property
    def en(self) -> str:
        """The English sentence."""
        return self.sentence("en")


def reason_of(error: DecodeError | VerificationError) -> QuarantineReason:
    """The reason code under which an event with this error is set aside."""
    return QuarantineReason(error.code)


def sentence_of(code: str, language: Language) -> str:
    """The sentence for a code from a receipt; an unknown code of a newer hub stands for itself."""
    try:
        return QuarantineReason(code).sentence(language)
    except ValueError:
        return code


@cache
def _sentences() -> dict[str, dict[str, str]]:
    catalogue = resources.files("intake.event").joinpath("text/quarantine.toml")
    return tomllib.loads(catalogue.read_text(encoding="utf-8"))
