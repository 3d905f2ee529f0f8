"""Which certificates are revoked, as far as the office knows: the body of a downward `revocation`.

Units must not ask the revocation service; with a fresh digest they need not guess either. A
certificate stands in it as a short keyed mark, so that the digest lists no serial numbers.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from intake import canonical
from intake.certificates.outcome import CertificateCheck, CertificateReason
from intake.errors import DecodeError
from intake.record import OFFICE, Record

VERSION: Final = 1
LIMIT: Final = 480 * 1024
SALT_SIZE: Final = 16
MARK_SIZE: Final = 6
MAX_MARKS: Final = 75_000
MAX_COVERS: Final = 16
_ANCHOR_SIZE: Final = 32


@dataclass(frozen=True)
class Cover:
    """One issuer (SHA-256 of its certificate) of which every revocation is in the digest."""

    anchor: bytes
    valid_until_us: int
    """When newer information is due: afterwards nothing is known again."""


@dataclass(frozen=True)
class RevocationDigest:
    """Marks in order, each once. An issuer that is not covered is one nothing is known about."""

    office: str
    version: int
    salt: bytes
    covers: tuple[Cover, ...]
    marks: tuple[bytes, ...]

    def judge(self, check: CertificateCheck, serial: int, now_us: int | None) -> CertificateCheck:
        """The check of a certificate with this serial, completed by the digest where it can be.

        Only an answer that waits for revocation is completed; it stays as it is without a clock,
        without a cover of its issuer, and when newer information is due.
        """
        anchor = bytes.fromhex(check.anchor_sha256 or "")
        until_us = next((one.valid_until_us for one in self.covers if one.anchor == anchor), None)
        waiting = check.reason is CertificateReason.REVOCATION_NOT_ASKED
        if not waiting or until_us is None or now_us is None or now_us > until_us:
            return check
        listed = mark_of(self.salt, anchor, serial) in self.marks
        reason = CertificateReason.REVOKED if listed else CertificateReason.NOT_REVOKED
        until = dt.datetime.fromtimestamp(until_us / 1_000_000, dt.UTC)
        return replace(check, result=reason.result, reason=reason, holds_until=until)


def mark_of(salt: bytes, anchor: bytes, serial: int) -> bytes:
    """The mark of one certificate: 6 bytes of SHA-256 over salt, issuer and serial number.

    Two certificates share a mark once in 2**48; the one that is not revoked is then asked about
    with documents, never the other way round.
    """
    number = serial.to_bytes((serial.bit_length() + 7) // 8 or 1, "big")
    return hashlib.sha256(salt + anchor + number).digest()[:MARK_SIZE]


def make_digest(
    office: str, version: int, covers: Iterable[tuple[Cover, Iterable[int]]]
) -> RevocationDigest:
    """The digest of issuers with their revoked serial numbers.

    An issuer with more of them than there is room for is left out: nothing is known about it. The
    salt follows from the content, so that equal content has equal bytes.
    """
    room = MAX_MARKS
    taken: list[tuple[Cover, frozenset[int]]] = []
    for cover, serials in covers:
        listed = frozenset(serials)
        if len(listed) <= room and len(taken) < MAX_COVERS:
            room -= len(listed)
            taken.append((cover, listed))
    content = canonical.encode(
        [[cover.anchor, cover.valid_until_us, _listed(serials)] for cover, serials in taken]
    )
    salt = hashlib.sha256(content).digest()[:SALT_SIZE]
    marks = {mark_of(salt, cover.anchor, serial) for cover, listed in taken for serial in listed}
    return RevocationDigest(
        office, version, salt, tuple(cover for cover, _ in taken), tuple(sorted(marks))
    )


def encode(digest: RevocationDigest) -> bytes:
    """The canonical bytes; DecodeError when `decode` would refuse them."""
    data = canonical.encode(
        {
            "v": VERSION,
            "office": digest.office,
            "version": digest.version,
            "salt": digest.salt,
            "covers": [dict(vars(cover)) for cover in digest.covers],
            "marks": b"".join(digest.marks),
        }
    )
    decode(data)
    return data


def decode(data: bytes) -> RevocationDigest:
    """The digest in `data`; DecodeError when it is not exactly in the known form."""
    record = Record(canonical.decode(data, limit=LIMIT, depth=4), "digest of revocations")
    record.version(VERSION)
    joined = record.octets("marks", limit=MAX_MARKS * MARK_SIZE)
    marks = tuple(joined[at : at + MARK_SIZE] for at in range(0, len(joined), MARK_SIZE))
    digest = RevocationDigest(
        office=record.text("office", pattern=OFFICE),
        version=record.integer("version", minimum=1),
        salt=record.octets("salt", size=SALT_SIZE),
        covers=tuple(_cover(item) for item in record.items("covers", limit=MAX_COVERS)),
        marks=marks,
    )
    record.close()
    if len(joined) % MARK_SIZE or tuple(sorted(set(marks))) != marks:
        raise DecodeError("the marks of a digest are cut off, doubled or not in order")
    return digest


def _cover(item: object) -> Cover:
    record = Record(item, "cover")
    cover = Cover(
        record.octets("anchor", size=_ANCHOR_SIZE), record.integer("valid_until_us", minimum=1)
    )
    record.close()
    return cover


def _listed(serials: frozenset[int]) -> list[bytes]:
    """Serial numbers are longer than the integers that may be written; their octets are not."""
    return sorted(one.to_bytes((one.bit_length() + 7) // 8 or 1, "big") for one in serials)
