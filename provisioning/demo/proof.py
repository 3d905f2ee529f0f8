"""The demo's own check of what it claims: envelope, seal and receipt, read from the unit's disk.

It believes nothing that the unit or the hub says over HTTP: the signature is checked with the
certificate that the authority issued, the receipt with the office anchor given at enrolment.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

from cryptography import x509

from intake.errors import IntakeError
from intake.event import envelope as envelopes
from intake.event import seal
from intake.event.envelope import Envelope
from intake.event.keys import PublicKey
from intake.event.keyset import read_keyset
from intake.event.manifest import Manifest
from intake.event.receipt import Receipt, verify_receipt
from intake.office.environment import environment_of
from provisioning.demo.places import Places
from provisioning.errors import DemoError

_ROW = (
    "SELECT identity, envelope.bytes, receipt, reception_number FROM event "
    "JOIN envelope USING (row) WHERE notification_id = ? ORDER BY row DESC LIMIT 1"
)


@dataclass(frozen=True)
class Kept:
    """What the unit's outbox holds of a notification's newest event."""

    identity: bytes
    envelope: bytes
    receipt: bytes | None
    reception_number: str


@dataclass(frozen=True)
class Proven:
    """What is proven about a filed notification."""

    manifest: Manifest
    identity: bytes
    receipt: Receipt


def kept(places: Places, notification_id: str) -> Kept:
    """The outbox row of a notification; DemoError when the disk holds none."""
    address = f"file:{places.outbox}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=5)) as database:
        row = database.execute(_ROW, (notification_id,)).fetchone()
    if row is None:
        raise DemoError("the unit's outbox holds nothing of this notification")
    return Kept(*row)


def prove(places: Places, row: Kept) -> Proven:
    """Verify seal, parts, identity and receipt of a row; DemoError naming what does not hold."""
    if row.receipt is None:
        raise DemoError("the unit has no receipt for this notification")
    identity_folder = places.unit / "identity"
    anchor = PublicKey.from_pem((identity_folder / "office_anchor.pub").read_bytes())
    certificate = x509.load_pem_x509_certificate((identity_folder / "signing.crt").read_bytes())
    try:
        envelope = envelopes.decode(row.envelope)
        if not isinstance(envelope, Envelope):
            raise DemoError("the envelope has a version that this demo does not know")
        sealed = seal.read_sealed(envelope.sealed)
        manifest = seal.verify(sealed, PublicKey.from_certificate(certificate))
        envelopes.check_parts(manifest, envelope.parts)
        keyset = read_keyset(places.office_keys.read_bytes(), anchor)
        receipt = verify_receipt(row.receipt, keyset, sealed.identity)
        stated = environment_of(certificate)
    except IntakeError as error:
        raise DemoError(f"the proof does not hold: {type(error).__name__}: {error}") from error
    if sealed.identity != row.identity or stated is not manifest.environment:
        raise DemoError("row, manifest and certificate do not agree")
    return Proven(manifest, sealed.identity, receipt)
