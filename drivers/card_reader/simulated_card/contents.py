"""What stands in each file of a virtual card, by the file's name in the card's profile."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization

from drivers.card_reader.profile import CardProfile, KnownFile, KnownKey
from drivers.card_reader.simulated_card import surface, text_files
from drivers.card_reader.simulated_card.demo_pki import DemoPki
from drivers.card_reader.simulated_card.leaf_certificate import leaf_certificate
from drivers.card_reader.simulated_card.persona import Persona
from drivers.card_reader.simulated_card.signing import CardPrivateKey
from intake.certificates.anchors import Purpose
from intake.certificates.card_key import CardKey
from intake.certificates.profile import jpki_profile

_DER = serialization.Encoding.DER


@dataclass(frozen=True)
class Issued:
    """Everything that a card is made from. `record` is the issuer of its text and face."""

    persona: Persona
    profile: CardProfile
    pki: DemoPki
    now: dt.datetime
    keys: Mapping[str, CardPrivateKey]
    session_key: CardPrivateKey
    record: CardPrivateKey
    record_certificate: bytes

    def public(self, key: str) -> CardKey:
        """The public half of one of the card's keys."""
        return self.keys[key].public_key()


def content_of(name: str, card: Issued) -> bytes | None:
    """The content of a file; None when this card lacks it. KeyError for an unknown name."""
    return _MAKERS[name](card)


def _certificate(card: Issued, purpose: Purpose, key: str) -> bytes:
    form = card.profile.certificate_form or jpki_profile()
    return leaf_certificate(
        card.persona, card.pki, purpose, card.keys[key], now=card.now, form=form
    )


def _sign_certificate(card: Issued) -> bytes | None:
    if not card.persona.signing_certificate:
        return None
    return _certificate(card, Purpose.SIGN, KnownKey.SIGN)


def _ca(card: Issued, purpose: Purpose) -> bytes:
    return card.pki.issuers[purpose, card.persona.hierarchy].certificate.public_bytes(_DER)


def _token(card: Issued) -> bytes:
    """The big-endian CK_TOKEN_INFO: label, maker, model, serial, then numbers."""
    profile = card.profile
    label = (card.persona.token or profile.labels[0]).encode("ascii").ljust(profile.label_bytes)
    texts = b"JPKI".ljust(32) + b"0001".ljust(16) + b"0000000000000001"
    return (label + texts).ljust(profile.file(KnownFile.TOKEN).size or 0, b"\x00")


def _present(card: Issued) -> bytes:
    told = card.profile.certificates
    content = bytearray(card.profile.file(KnownFile.PRESENT).size or 0)
    if told is not None:
        content[told.auth] = told.value
        content[told.sign] = told.value if card.persona.signing_certificate else 0
    return bytes(content)


_MAKERS: Mapping[str, Callable[[Issued], bytes | None]] = {
    "token": _token,
    "certificates_present": _present,
    "auth_certificate": lambda card: _certificate(card, Purpose.AUTH, KnownKey.AUTH),
    "sign_certificate": _sign_certificate,
    "auth_ca": lambda card: _ca(card, Purpose.AUTH),
    "sign_ca": lambda card: _ca(card, Purpose.SIGN),
    "number": lambda card: text_files.number_file(card.persona),
    "attributes": lambda card: text_files.attributes_file(card.persona),
    "integrity": lambda card: text_files.integrity_file(card.persona, card.record),
    "record_certificate": lambda card: card.record_certificate,
    "text_basic": lambda card: text_files.basic_file(card.persona),
    "session_key": lambda card: text_files.session_key_file(card.session_key.public_key()),
    "signed_key": lambda card: text_files.signed_key_file(card.public(KnownKey.TEXT), card.record),
    "age": lambda card: surface.age_file(card.persona, card.record, card.public(KnownKey.FACE)),
    "face": lambda card: surface.face_file(card.persona, card.record, card.public(KnownKey.FACE)),
    "face_basic": lambda _: surface.basic_file(),
    "face_certificate": lambda card: card.record_certificate,
    "number_image": lambda card: surface.number_image_file(card.record, card.public(KnownKey.FACE)),
}
