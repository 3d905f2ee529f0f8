"""Makes a card for a persona: keys, certificates, records, signed by the demo authority."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from drivers.card_reader.layout import (
    AUTH_PIN,
    CERTIFICATE_PRESENT,
    COMMON_AID,
    JPKI_AID,
    RESIDENT_AID,
    SIGN_PASSWORD,
    TEXT_AID,
    TEXT_CODE_A,
    TEXT_CODE_B,
    TEXT_PIN,
    TOKEN_BYTES,
    TOKEN_NAME_BYTES,
    JpkiFile,
    TextFile,
)
from drivers.card_reader.simulated_card.demo_pki import DemoPki, new_key, sign
from drivers.card_reader.simulated_card.file_system import (
    CardApplication,
    DataFile,
    KeyFile,
    PinEntry,
)
from drivers.card_reader.simulated_card.leaf_certificate import leaf_certificate
from drivers.card_reader.simulated_card.persona import Persona, PinState
from drivers.card_reader.simulated_card.surface import check_number_b, surface_application
from intake.certificates.anchors import Hierarchy, Purpose
from intake.certificates.card_key import write_card_key
from intake.certificates.tlv import write_tlv

KeyMaker = Callable[[], rsa.RSAPrivateKey]
_DER = serialization.Encoding.DER
_NUMBER_FILLER = b"\xff\xff"
_BLOCKED_TRIES = 3
_FLAG_READ_OR_PIN = frozenset({TextFile.PIN, TextFile.CODE_A, TextFile.CODE_B})


def issue_card(
    persona: Persona, pki: DemoPki, now: dt.datetime, make_key: KeyMaker = new_key
) -> dict[bytes, CardApplication]:
    """The applications of `persona`'s card by AID; none for a foreign card.

    `make_key` gives each key of the card in turn; they must differ from each other.
    """
    if not persona.my_number_card:
        return {}
    record_key, certificate = _record_issuer(persona, pki)
    applications = (
        _jpki(persona, pki, now, make_key),
        _text(persona, record_key, certificate, make_key),
        surface_application(persona, record_key, certificate, make_key()),
        CardApplication(RESIDENT_AID),
        CardApplication(COMMON_AID, records={0x0001: (b"DEMO0000000001399991",)}),
    )
    return {application.aid: application for application in applications}


def _record_issuer(persona: Persona, pki: DemoPki) -> tuple[rsa.RSAPrivateKey, bytes]:
    issuer = pki.records[persona.hierarchy]
    if not persona.faults.forged_issuer:
        return issuer.key, issuer.certificate
    body_start = issuer.certificate.index(b"\x5f\x4e")
    body = issuer.certificate[body_start + 5 : body_start + 5 + 297]
    forged = write_tlv(0x5F4E, body) + write_tlv(0x5F37, sign(new_key(), body))
    return issuer.key, write_tlv(0x7F21, forged)


def _jpki(persona: Persona, pki: DemoPki, now: dt.datetime, make_key: KeyMaker) -> CardApplication:
    auth, signing = make_key(), make_key()
    auth_lock = (
        frozenset({JpkiFile.AUTH_PIN}) if persona.certificate_needs_pin else frozenset[int]()
    )
    files = {
        JpkiFile.TOKEN: DataFile(_token(persona.token)),
        JpkiFile.AVAILABILITY: DataFile(_availability(persona)),
        JpkiFile.AUTH_CERTIFICATE: _object(
            persona, leaf_certificate(persona, pki, Purpose.AUTH, auth, now), auth_lock
        ),
        JpkiFile.AUTH_CA: _object(persona, _ca(persona, pki, Purpose.AUTH)),
        JpkiFile.SIGN_CA: _object(persona, _ca(persona, pki, Purpose.SIGN)),
    }
    if persona.signing_certificate:
        files[JpkiFile.SIGN_CERTIFICATE] = _object(
            persona,
            leaf_certificate(persona, pki, Purpose.SIGN, signing, now),
            frozenset({JpkiFile.SIGN_PASSWORD}),
        )
    return CardApplication(
        JPKI_AID,
        files=files,
        pins={
            JpkiFile.AUTH_PIN: PinEntry.fresh(persona.auth_pin, AUTH_PIN.tries),
            JpkiFile.SIGN_PASSWORD: PinEntry.fresh(persona.sign_password, SIGN_PASSWORD.tries),
        },
        keys={
            JpkiFile.AUTH_KEY: KeyFile(auth, JpkiFile.AUTH_PIN),
            JpkiFile.SIGN_KEY: KeyFile(signing, JpkiFile.SIGN_PASSWORD),
        },
    )


def _text(
    persona: Persona, issuer: rsa.RSAPrivateKey, certificate: bytes, make_key: KeyMaker
) -> CardApplication:
    card_key = make_key()
    public = write_tlv(0xDF51, write_card_key(card_key.public_key()))
    number = write_tlv(0xFF10, persona.my_number.encode("ascii")) + _NUMBER_FILLER
    attributes, covered = _attributes(persona)
    digests = write_tlv(0xDF31, hashlib.sha256(number).digest()) + write_tlv(
        0xDF32, hashlib.sha256(covered).digest()
    )
    if persona.faults.tampered_text:
        attributes, _ = _attributes(replace(persona, name="見本　太郎"))
    b_lock = frozenset({TextFile.PIN, TextFile.CODE_B})
    session_key = write_tlv(0xA1, write_card_key(make_key().public_key()))
    return CardApplication(
        TEXT_AID,
        files={
            TextFile.NUMBER: DataFile(number, frozenset({TextFile.PIN, TextFile.CODE_A})),
            TextFile.ATTRIBUTES: _object(persona, attributes, b_lock),
            TextFile.INTEGRITY: _object(
                persona, _signed(0xFF30, 0xDF33, digests, issuer), _FLAG_READ_OR_PIN
            ),
            TextFile.CERTIFICATE: _object(persona, certificate),
            TextFile.BASIC: _object(persona, _text_basic(persona)),
            TextFile.SESSION_KEY: _object(persona, session_key, _FLAG_READ_OR_PIN),
            TextFile.SIGNED_KEY: _object(
                persona, _signed(0xFF50, 0xDF52, public, issuer), _FLAG_READ_OR_PIN
            ),
        },
        pins={
            TextFile.PIN: PinEntry.fresh(persona.text_pin, TEXT_PIN.tries),
            TextFile.BLOCKED: PinEntry(b"-", 0, _BLOCKED_TRIES),
            TextFile.CODE_A: PinEntry.fresh(PinState(persona.my_number, 10), TEXT_CODE_A.tries),
            TextFile.CODE_B: PinEntry.fresh(
                PinState(check_number_b(persona), 10), TEXT_CODE_B.tries
            ),
        },
        card_key=make_key() if persona.faults.foreign_card_key else card_key,
    )


def _object(persona: Persona, content: bytes, opened_by: frozenset[int] = frozenset()) -> DataFile:
    return DataFile(content + b"\xff" * persona.faults.filler, opened_by)


def _signed(tag: int, signature_tag: int, covered: bytes, issuer: rsa.RSAPrivateKey) -> bytes:
    return write_tlv(tag, covered + write_tlv(signature_tag, sign(issuer, covered)))


def _attributes(persona: Persona) -> tuple[bytes, bytes]:
    """EF 0002 and the part of it that the issuer's digest covers (DF22 to the end)."""
    fields = (
        write_tlv(0xDF22, persona.name.encode()),
        write_tlv(0xDF23, persona.address.encode()),
        write_tlv(0xDF24, f"{persona.birth_date:%Y%m%d}".encode()),
        write_tlv(0xDF25, persona.sex.encode()),
    )
    covered = b"".join(fields)
    header = len(write_tlv(0xFF20, bytes(11) + covered)) - 11 - len(covered)
    starts = [header + 11 + len(b"".join(fields[:index])) for index in range(len(fields))]
    table = write_tlv(0xDF21, b"".join(start.to_bytes(2, "big") for start in starts))
    return write_tlv(0xFF20, table + covered), covered


def _text_basic(persona: Persona) -> bytes:
    first = b"5" if persona.hierarchy is Hierarchy.PRODUCTION else b"6"
    key_id = first + b"000034\x08\x05001\x00\x00\x00\x00"
    return write_tlv(
        0xFF40,
        write_tlv(0xDF41, b"\x01\x03\x0e\x01")
        + write_tlv(0xDF42, key_id)
        + write_tlv(0xDF43, b"\xff" * 128),
    )


def _token(name: str) -> bytes:
    """The 160-byte big-endian CK_TOKEN_INFO: label, maker, model, serial, then numbers."""
    label = name.encode("ascii").ljust(TOKEN_NAME_BYTES)
    texts = b"JPKI".ljust(32) + b"0001".ljust(16) + b"0000000000000001"
    return (label + texts).ljust(TOKEN_BYTES, b"\x00")


def _availability(persona: Persona) -> bytes:
    present = bytes([CERTIFICATE_PRESENT])
    return (present if persona.signing_certificate else b"\x00") + present + b"\x00"


def _ca(persona: Persona, pki: DemoPki, purpose: Purpose) -> bytes:
    return pki.issuers[purpose, persona.hierarchy].certificate.public_bytes(_DER)
