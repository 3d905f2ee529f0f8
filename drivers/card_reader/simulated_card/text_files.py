"""The text application of a virtual card: number, attributes, the issuer's record over them."""

import hashlib
from dataclasses import replace

from drivers.card_reader.simulated_card.demo_pki import sign
from drivers.card_reader.simulated_card.persona import Persona
from drivers.card_reader.simulated_card.signing import CardPrivateKey
from intake.certificates.anchors import Hierarchy
from intake.certificates.card_key import CardKey, write_card_key
from intake.certificates.tlv import write_tlv

_NUMBER_FILLER = b"\xff\xff"
_TABLE_BYTES = 11


def number_file(persona: Persona) -> bytes:
    """EF 0001 with its two bytes of filler."""
    return write_tlv(0xFF10, persona.my_number.encode("ascii")) + _NUMBER_FILLER


def attributes_file(persona: Persona) -> bytes:
    """EF 0002; with the fault `tampered_text` another name than the record's."""
    shown = replace(persona, name="見本　太郎") if persona.faults.tampered_text else persona
    return _attributes(shown)[0]


def integrity_file(persona: Persona, issuer: CardPrivateKey) -> bytes:
    """EF 0003: digests of number and attributes, signed."""
    covered = _attributes(persona)[1]
    digests = write_tlv(0xDF31, hashlib.sha256(number_file(persona)).digest()) + write_tlv(
        0xDF32, hashlib.sha256(covered).digest()
    )
    return _signed(0xFF30, 0xDF33, digests, issuer)


def signed_key_file(key: CardKey, issuer: CardPrivateKey) -> bytes:
    """EF 0007: the card's own public key, signed."""
    return _signed(0xFF50, 0xDF52, write_tlv(0xDF51, write_card_key(key)), issuer)


def session_key_file(key: CardKey) -> bytes:
    """EF 0006: a key for secure messaging, which nobody can use before the PIN went in clear."""
    return write_tlv(0xA1, write_card_key(key))


def basic_file(persona: Persona) -> bytes:
    """EF 0005: version and key id."""
    first = b"5" if persona.hierarchy is Hierarchy.PRODUCTION else b"6"
    key_id = first + b"000034\x08\x05001\x00\x00\x00\x00"
    return write_tlv(
        0xFF40,
        write_tlv(0xDF41, b"\x01\x03\x0e\x01")
        + write_tlv(0xDF42, key_id)
        + write_tlv(0xDF43, b"\xff" * 128),
    )


def _signed(tag: int, signature_tag: int, covered: bytes, issuer: CardPrivateKey) -> bytes:
    return write_tlv(tag, covered + write_tlv(signature_tag, sign(issuer, covered)))


def _attributes(persona: Persona) -> tuple[bytes, bytes]:
    """The file and the part of it that the issuer's digest covers (DF22 to the end)."""
    fields = (
        write_tlv(0xDF22, persona.name.encode()),
        write_tlv(0xDF23, persona.address.encode()),
        write_tlv(0xDF24, f"{persona.birth_date:%Y%m%d}".encode()),
        write_tlv(0xDF25, persona.sex.encode()),
    )
    covered = b"".join(fields)
    header = len(write_tlv(0xFF20, bytes(_TABLE_BYTES) + covered)) - _TABLE_BYTES - len(covered)
    starts = [header + _TABLE_BYTES + len(b"".join(fields[:index])) for index in range(len(fields))]
    table = write_tlv(0xDF21, b"".join(start.to_bytes(2, "big") for start in starts))
    return write_tlv(0xFF20, table + covered), covered
