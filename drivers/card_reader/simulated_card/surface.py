"""The surface application of the virtual card: images of the face, age record, check numbers.

The pictures are placeholders (blank PNGs, and one drawn portrait for everybody), but every
signature over them is real.
"""

import datetime as dt
import functools
import hashlib
import struct
import zlib
from importlib import resources

from cryptography.hazmat.primitives.asymmetric import rsa

from drivers.card_reader.layout import SURFACE_AID, SurfaceFile
from drivers.card_reader.simulated_card.demo_pki import sign
from drivers.card_reader.simulated_card.file_system import CardApplication, DataFile, PinEntry
from drivers.card_reader.simulated_card.persona import Persona, PinState
from intake.certificates.card_key import write_card_key
from intake.certificates.tlv import write_tlv

_ERA_STARTS = (
    (dt.date(2019, 5, 1), 2018),
    (dt.date(1989, 1, 8), 1988),
    (dt.date(1926, 12, 25), 1925),
    (dt.date(1912, 7, 30), 1911),
    (dt.date(1868, 1, 25), 1867),
)
_CODE_TRIES = 10


@functools.cache
def portrait() -> bytes:
    """A face that belongs to nobody, drawn: JPEG 2000, 240 by 320."""
    return (resources.files("drivers.card_reader.simulated_card") / "portrait.jp2").read_bytes()


def check_number_b(persona: Persona) -> str:
    """照合番号B: birth date YYMMDD in the Japanese era year, expiry year, security code."""
    return f"{era_birth(persona.birth_date)}{persona.expires_on:%Y}{persona.security_code}"


def era_birth(date: dt.date) -> str:
    """YYMMDD with the era year the birth date lies in."""
    base = next(base for start, base in _ERA_STARTS if date >= start)
    return f"{date.year - base:02d}{date:%m%d}"


def surface_application(
    persona: Persona,
    issuer: rsa.RSAPrivateKey,
    certificate: bytes,
    card_key: rsa.RSAPrivateKey,
) -> CardApplication:
    """Age record, face, basic information, certificate and number image with their locks."""
    codes = frozenset({SurfaceFile.CODE_A, SurfaceFile.CODE_B})
    key = write_card_key(card_key.public_key())
    return CardApplication(
        SURFACE_AID,
        files={
            SurfaceFile.AGE: DataFile(
                _age_record(persona, issuer, key), frozenset({SurfaceFile.BIRTH_PIN})
            ),
            SurfaceFile.FACE: DataFile(_face(persona, issuer, key), codes),
            SurfaceFile.BASIC: DataFile(_basic()),
            SurfaceFile.CERTIFICATE: DataFile(certificate),
            SurfaceFile.NUMBER_IMAGE: DataFile(
                _number_image(issuer, key), frozenset({SurfaceFile.CODE_A})
            ),
        },
        pins={
            SurfaceFile.BIRTH_PIN: _code(era_birth(persona.birth_date)),
            SurfaceFile.CODE_A: _code(persona.my_number),
            SurfaceFile.CODE_B: _code(check_number_b(persona)),
        },
        card_key=card_key,
    )


def _code(value: str) -> PinEntry:
    return PinEntry.fresh(PinState(value, _CODE_TRIES), _CODE_TRIES)


def _age_record(persona: Persona, issuer: rsa.RSAPrivateKey, key: bytes) -> bytes:
    covered = write_tlv(0xDF11, f"{persona.birth_date:%Y%m%d}".encode()) + write_tlv(0xDF12, key)
    return write_tlv(0xFF10, covered + write_tlv(0xDF13, sign(issuer, covered)))


def _face(persona: Persona, issuer: rsa.RSAPrivateKey, key: bytes) -> bytes:
    segments = (
        (
            write_tlv(0xDF22, f"{persona.birth_date:%Y%m%d}".encode()),
            write_tlv(0xDF23, persona.sex.encode()),
            write_tlv(0xDF24, key),
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


def _basic() -> bytes:
    key_id = b"5000024\x08\x05001\x00\x00\x00\x00"
    return write_tlv(
        0xFF30,
        write_tlv(0xDF31, b"\x06\x03\x0e\x01")
        + write_tlv(0xDF32, key_id)
        + write_tlv(0xDF33, b"\x00")
        + write_tlv(0xDF34, b"99999")
        + write_tlv(0xDF35, key_id + b"\xff" * 256),
    )


def _number_image(issuer: rsa.RSAPrivateKey, key: bytes) -> bytes:
    covered = write_tlv(0xDF41, blank_png(72, 12)) + write_tlv(0xDF42, key)
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
