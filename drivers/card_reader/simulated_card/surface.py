"""The surface application of a virtual card: images of the face, age record, basic information.

The pictures are placeholders (blank PNGs, and one drawn portrait for everybody), but every
signature over them is real.
"""

import functools
import hashlib
import struct
import zlib
from importlib import resources

from drivers.card_reader.simulated_card.demo_pki import sign
from drivers.card_reader.simulated_card.persona import Persona
from drivers.card_reader.simulated_card.signing import CardPrivateKey
from intake.certificates.card_key import CardKey, write_card_key
from intake.certificates.tlv import write_tlv


def age_file(persona: Persona, issuer: CardPrivateKey, key: CardKey) -> bytes:
    """EF 0001: birth date and card key, signed."""
    covered = write_tlv(0xDF11, f"{persona.birth_date:%Y%m%d}".encode())
    covered += write_tlv(0xDF12, write_card_key(key))
    return write_tlv(0xFF10, covered + write_tlv(0xDF13, sign(issuer, covered)))


def face_file(persona: Persona, issuer: CardPrivateKey, key: CardKey) -> bytes:
    """EF 0002: pictures of text and photo, signed; expiry and security code behind that."""
    segments = (
        (
            write_tlv(0xDF22, f"{persona.birth_date:%Y%m%d}".encode()),
            write_tlv(0xDF23, persona.sex.encode()),
            write_tlv(0xDF24, write_card_key(key)),
        ),
        (write_tlv(0xDF25, blank_png(144, 24)), write_tlv(0xDF26, blank_png(288, 48))),
        (write_tlv(0xDF27, portrait()),),
    )
    digests = b"".join(hashlib.sha256(b"".join(segment)).digest() for segment in segments)
    fields = [field for segment in segments for field in segment]
    fields.append(write_tlv(0xDF28, sign(issuer, digests)))
    fields.append(write_tlv(0xDF29, f"{persona.expires_on:%Y%m%d}".encode()))
    fields.append(write_tlv(0xDF2A, blank_png(24, 12)))
    return _with_offsets(fields)


def _with_offsets(fields: list[bytes]) -> bytes:
    """FF20 with its table: the start of each field, counted from the start of the file."""
    table_bytes = len(write_tlv(0xDF21, bytes(2 * len(fields))))
    content = b"".join(fields)
    body = table_bytes + len(content)
    header = len(write_tlv(0xFF20, bytes(body))) - body
    starts = [
        header + table_bytes + sum(len(field) for field in fields[:index])
        for index in range(len(fields))
    ]
    table = write_tlv(0xDF21, b"".join(start.to_bytes(2, "big") for start in starts))
    return write_tlv(0xFF20, table + content)


def basic_file() -> bytes:
    """EF 0003: version, key id, municipality (DF34)."""
    key_id = b"5000024\x08\x05001\x00\x00\x00\x00"
    return write_tlv(
        0xFF30,
        write_tlv(0xDF31, b"\x06\x03\x0e\x01")
        + write_tlv(0xDF32, key_id)
        + write_tlv(0xDF33, b"\x00")
        + write_tlv(0xDF34, b"99999")
        + write_tlv(0xDF35, key_id + b"\xff" * 256),
    )


def number_image_file(issuer: CardPrivateKey, key: CardKey) -> bytes:
    """EF 0005: the picture of the My Number, signed."""
    covered = write_tlv(0xDF41, blank_png(72, 12)) + write_tlv(0xDF42, write_card_key(key))
    return write_tlv(0xFF40, covered + write_tlv(0xDF43, sign(issuer, covered)))


def blank_png(width: int, height: int) -> bytes:
    """A white 1-bit greyscale PNG."""
    rows = (b"\x00" + b"\xff" * ((width + 7) // 8)) * height
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@functools.cache
def portrait() -> bytes:
    """A face that belongs to nobody, drawn: JPEG 2000, 240 by 320."""
    return (resources.files("drivers.card_reader.simulated_card") / "portrait.jp2").read_bytes()
