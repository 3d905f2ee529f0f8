"""Makes a card for a persona: all that its profile names, signed by the demo authority."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from drivers.card_reader.check_number import check_number_b, era_birth
from drivers.card_reader.errors import PersonaError
from drivers.card_reader.profile import Algorithm, CardProfile, KeyPlace, KnownKey, PinPlace
from drivers.card_reader.profile_file import built_in
from drivers.card_reader.simulated_card.contents import Issued, content_of
from drivers.card_reader.simulated_card.demo_pki import (
    DemoPki,
    RecordIssuer,
    forged,
    new_curve_key,
    new_key,
)
from drivers.card_reader.simulated_card.file_system import (
    CardApplication,
    DataFile,
    KeyFile,
    PinEntry,
)
from drivers.card_reader.simulated_card.persona import Persona, PinState
from drivers.card_reader.simulated_card.signing import CardPrivateKey

KeyMaker = Callable[[], CardPrivateKey]
_COMMON, _SESSION_KEY = "common", "session_key"
_MAKERS_NUMBER = b"DEMO0000000001399991"
_SOMEBODY_ELSE = {"name": "別人　花子", "address": "青海県白波市別町１番地"}


def issue_card(
    persona: Persona,
    pki: DemoPki,
    now: dt.datetime,
    make_key: KeyMaker = new_key,
    profile: CardProfile | None = None,
) -> dict[bytes, CardApplication]:
    """The applications of `persona`'s card by AID; none for a foreign card.

    `make_key` gives each RSA key of the card in turn; they must differ from each other.
    `profile` says what lies where (default: the persona's).
    """
    if not persona.my_number_card:
        return {}
    chosen = profile or built_in(persona.profile)
    card = _issued(persona, chosen, pki, now, make_key)
    if persona.faults.foreign_files:
        # all files of another, equally good card: only its keys are missing
        somebody = replace(persona, **_SOMEBODY_ELSE, certificate=None)
        card = _issued(somebody, chosen, pki, now, make_key)
    applications = {
        name: CardApplication(aid, records=_records(name))
        for name, aid in chosen.applications.items()
    }
    for place in chosen.files.values():
        content = _content(place.name, card)
        if content is not None:
            filler = b"" if place.size is not None else b"\xff" * persona.faults.filler
            locks = frozenset(chosen.pins[pin].file for pin in place.opened_by)
            applications[place.application].files[place.file] = DataFile(content + filler, locks)
    for pin in chosen.pins.values():
        applications[pin.application].pins[pin.file] = _pin(persona, pin)
    if _SESSION_KEY in chosen.files:
        applications[chosen.file(_SESSION_KEY).application].session_key = card.session_key
    for key in chosen.keys.values():
        private = _key_on_card(persona, card, key, make_key)
        if key.file is None or key.pin is None:
            applications[key.application].card_key = private
        else:
            lock = chosen.pins[key.pin].file
            applications[key.application].keys[key.file] = KeyFile(private, lock)
    return {application.aid: application for application in applications.values()}


def _issued(
    persona: Persona, profile: CardProfile, pki: DemoPki, now: dt.datetime, make_key: KeyMaker
) -> Issued:
    issuer = pki.records[persona.hierarchy]
    if persona.faults.forged_issuer:
        issuer = RecordIssuer(issuer.key, forged(issuer.certificate))
    return Issued(
        persona=persona,
        profile=profile,
        pki=pki,
        now=now,
        keys={name: _new_key(key, make_key) for name, key in profile.keys.items()},
        session_key=make_key(),
        record=issuer.key,
        record_certificate=issuer.certificate,
    )


def _new_key(place: KeyPlace, make_key: KeyMaker) -> CardPrivateKey:
    return new_curve_key() if place.algorithm is Algorithm.ECDSA_P384 else make_key()


def _content(name: str, card: Issued) -> bytes | None:
    try:
        return content_of(name, card)
    except KeyError:
        raise PersonaError(f"{card.profile.name}: no virtual card can fill a file {name}") from None


def _key_on_card(
    persona: Persona, card: Issued, place: KeyPlace, make_key: KeyMaker
) -> CardPrivateKey:
    """The key that the card's files are about, unless it is a card that lacks it."""
    lacking = persona.faults.foreign_files or (
        persona.faults.foreign_card_key and place.name in (KnownKey.TEXT, KnownKey.FACE)
    )
    return _new_key(place, make_key) if lacking else card.keys[place.name]


def _pin(persona: Persona, place: PinPlace) -> PinEntry:
    b_code = check_number_b(persona.birth_date, persona.expires_on.year, persona.security_code)
    states = {
        "auth": persona.auth_pin,
        "sign": persona.sign_password,
        "text": persona.text_pin,
        "a_code": PinState(persona.my_number, place.tries),
        "b_code": PinState(b_code, place.tries),
        "birth": PinState(era_birth(persona.birth_date), place.tries),
    }
    if place.secret not in states:
        return PinEntry(b"-", 0, place.tries)  # arrives blocked
    return PinEntry.fresh(states[place.secret], place.tries)


def _records(application: str) -> dict[int, tuple[bytes, ...]]:
    return {0x0001: (_MAKERS_NUMBER,)} if application == _COMMON else {}
