"""`madoguchi-edge card read`: one whole reading of the card on a reader, as one JSON object."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.card_reader import open_card_reader
from drivers.card_reader.card_reading import CardReading, CounterWish, Want
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.interface import ReaderStatus
from drivers.card_reader.outcomes import Outcome, OutcomeCode
from drivers.card_reader.profile_file import load_profiles
from drivers.card_reader.trust_folder import load_anchors
from edge.card.given_secrets import GivenSecret, secret_from
from edge.card.reading_shown import as_json, as_text
from edge.core_dumps import forbid_core_dumps
from edge.errors import SettingsError
from intake.certificates.errors import AnchorError
from intake.office.environment import Environment

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from typing import TextIO

_PARTS = (Want.TEXT, Want.AUTH, Want.SIGN, Want.PHOTO)
_SECRETS = ("auth_pin", "text_pin", "sign_password", "b_code")
_CHALLENGE_BYTES = 32


def run(args: argparse.Namespace, out: TextIO) -> int:
    """Read, write what came of it, give the exit status of the outcome.

    Raises SettingsError for arguments that contradict each other, DriverError for a profile.
    """
    forbid_core_dumps()
    profiles = load_profiles(args.profile)
    document = _document(args.sign)
    given = _given(args)
    want = _want(args.want, given, document)
    if Want.SIGN in want and document is None:
        raise SettingsError("--want sign needs --sign FILE: what the signing key signs")
    wish = _wish(want, given, document, allow_last_try=args.allow_last_try)
    environment = Environment(args.environment)
    unfit = [name for name in _needed(want, given) if given[name].pin is None]
    if unfit:
        reading = CardReading(Outcome(OutcomeCode.PIN_FORMAT, pin=_known_as(unfit[0])))
    else:
        try:
            anchors = load_anchors(args.trust, environment=environment)
        except AnchorError as error:
            return _show(args, out, wish, CardReading(Outcome(OutcomeCode.TRUST_UNUSABLE)), error)
        reader = open_card_reader(f"pcsc:{args.reader}", environment=environment)
        try:
            reader.wait_for(ReaderStatus.PRESENT, timeout_s=args.wait)
            reading = read_counter_card(
                reader, wish, anchors=anchors, environment=environment, profiles=profiles
            )
        finally:
            reader.close()
    return _show(args, out, wish, reading)


def _show(
    args: argparse.Namespace,
    out: TextIO,
    wish: CounterWish,
    reading: CardReading,
    detail: Exception | None = None,
) -> int:
    if args.json:
        out.write(json.dumps(as_json(reading, wish), ensure_ascii=False) + "\n")
    else:
        out.write(as_text(reading, wish))
    if detail is not None:
        raise SettingsError(str(detail)) from detail
    return reading.outcome.exit_code


def _document(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}; name the file to sign") from error


def _given(args: argparse.Namespace) -> dict[str, GivenSecret]:
    descriptors = {name: getattr(args, f"{name}_fd") for name in _SECRETS}
    numbers = [number for number in descriptors.values() if number is not None]
    if len(set(numbers)) != len(numbers):
        raise SettingsError("each secret comes over a file descriptor of its own")
    return {name: secret_from(number) for name, number in descriptors.items() if number is not None}


def _want(
    text: str | None, given: Mapping[str, GivenSecret], document: bytes | None
) -> frozenset[Want]:
    if text is not None:
        words = [word.strip() for word in text.split(",") if word.strip()]
        unknown = sorted(set(words) - {str(part) for part in _PARTS})
        if unknown:
            raise SettingsError(f"--want {unknown[0]}: choose from {','.join(_PARTS)}")
        return frozenset(map(Want, words))
    told = {
        Want.TEXT: bool({"text_pin", "b_code"} & set(given)),
        Want.AUTH: "auth_pin" in given,
        Want.SIGN: "sign_password" in given and document is not None,
    }
    return frozenset(part for part, wanted in told.items() if wanted)


def _wish(
    want: frozenset[Want],
    given: Mapping[str, GivenSecret],
    document: bytes | None,
    *,
    allow_last_try: bool,
) -> CounterWish:
    pins = {name: secret.pin for name, secret in given.items()}
    return CounterWish(
        want=want,
        challenge=secrets.token_bytes(_CHALLENGE_BYTES),
        auth_pin=pins.get("auth_pin"),
        text_pin=pins.get("text_pin"),
        sign_password=pins.get("sign_password"),
        b_code=pins.get("b_code"),
        document=document,
        allow_last_try=allow_last_try,
    )


def _needed(want: frozenset[Want], given: Mapping[str, GivenSecret]) -> list[str]:
    """The secrets given that some part wanted would send."""
    text = "text_pin" if "text_pin" in given else "b_code"
    names = {
        Want.TEXT: text,
        Want.AUTH: "auth_pin",
        Want.SIGN: "sign_password",
        Want.PHOTO: "b_code",
    }
    return [name for part, name in names.items() if part in want and name in given]


def _known_as(name: str) -> str:
    return name.removesuffix("_pin").removesuffix("_password")
