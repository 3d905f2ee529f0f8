"""An enrolled unit and its office, made for tests: throw-away certificates, keys and signed words.

`Authority` issues what enrolment writes; `OfficeDouble` signs what a hub signs and keeps a log of
what it is sent, so that a real unit can be driven without a hub. The unit's own code is untouched.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from intake.event import envelope as envelopes
from intake.event import merkle, seal, upward
from intake.event.checkpoint import Checkpoint, sign_checkpoint
from intake.event.downward import Downward, DownwardKind, seal_downward
from intake.event.envelope import Envelope
from intake.event.keys import PublicKey, ReaderKey, SigningKey
from intake.event.keyset import HubKey, KeySet, KeyStatus, KeyUse, sign_keyset
from intake.event.manifest import PartName, RecipientClass
from intake.event.parts import open_part
from intake.event.receipt import Receipt, ReceiptStatus, sign_receipt
from intake.event.upward import Answer, AskKind
from intake.office import decision as decisions
from intake.office import roster as rosters
from intake.office.decision import Decision, Outcome
from intake.office.environment import Environment, extension
from intake.office.roster import Role, Roster, StaffMember, make_pin_verifier

OFFICE, DEVICE, DEVICE_CODE = "131016", "unit-01", "012"
STAFF, PIN = "sato", "246810"
FAR_US = 4_000_000_000_000_000
ENVIRONMENT = Environment.DEMO


@cache
def verifier() -> str:
    """One for all tests: making it takes a tenth of a second by design."""
    return make_pin_verifier(PIN)


def now_us() -> int:
    return int(dt.datetime.now(dt.UTC).timestamp() * 1_000_000)


class Authority:
    """One CA for unit, broker and hub."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._issue(self.key.public_key(), "test root", None, is_ca=True)

    def issue(
        self, folder: Path, name: str, common_name: str, key: ec.EllipticCurvePrivateKey
    ) -> None:
        """Write NAME.key and NAME.crt for a subject."""
        certificate = self._issue(key.public_key(), common_name, self.certificate, is_ca=False)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        path = folder / f"{name}.key"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        path.chmod(0o600)

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def _issue(
        self,
        public: ec.EllipticCurvePublicKey,
        common_name: str,
        issuer: x509.Certificate | None,
        *,
        is_ca: bool,
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if issuer is None else issuer.subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(minutes=5))
            .not_valid_after(now + dt.timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        )
        if not is_ca:
            names = [x509.DNSName("localhost"), x509.DNSName(common_name)]
            builder = builder.add_extension(
                x509.SubjectAlternativeName(names), critical=False
            ).add_extension(extension(ENVIRONMENT), critical=False)
        return builder.sign(self.key, hashes.SHA256())


def enrol(folder: Path, authority: Authority, office: "OfficeDouble", port: int = 1) -> None:
    """Write the folder that `madoguchi-provision enrol` writes."""
    for use in ("tls", "signing", "encryption"):
        key = ec.generate_private_key(ec.SECP256R1())
        authority.issue(folder, use, DEVICE, key)
        if use == "encryption":
            office.unit_encryption = PublicKey.from_key(key.public_key())
        if use == "signing":
            office.unit_signing = PublicKey.from_key(key.public_key())
    (folder / "chain.pem").write_bytes(authority.pem())
    (folder / "office_anchor.pub").write_bytes(office.anchor.public.to_pem())
    (folder / "office.toml").write_text(
        f'office = "{OFFICE}"\ndevice = "{DEVICE}"\ndevice_code = "{DEVICE_CODE}"\n'
        f'environment = "{ENVIRONMENT}"\n[broker]\nhost = "localhost"\nport = {port}\n'
    )


@dataclass
class Leaves:
    """A Merkle tree over leaf inputs, all nodes computed on demand."""

    leaves: list[bytes] = field(default_factory=list[bytes])

    def node(self, level: int, index: int) -> bytes:
        if level == 0:
            return merkle.leaf_hash(self.leaves[index])
        return merkle.node_hash(
            self.node(level - 1, 2 * index), self.node(level - 1, 2 * index + 1)
        )


class OfficeDouble:
    """What the hub of an office signs; `log` holds the identities it has journalled."""

    def __init__(self) -> None:
        self.anchor = SigningKey.generate()
        self.receipt_key = SigningKey.generate()
        self.downward_key = SigningKey.generate()
        self.readers = {name: ReaderKey.generate() for name in RecipientClass}
        self.unit_encryption = PublicKey.from_key(
            ec.generate_private_key(ec.SECP256R1()).public_key()
        )
        self.unit_signing = self.unit_encryption
        self.log = Leaves()
        self.envelopes: dict[bytes, bytes] = {}
        self.epoch = 1
        self.version = 1

    def keyset(self) -> KeySet:
        def hub_key(key: SigningKey, use: KeyUse) -> HubKey:
            return HubKey(key.public, use, KeyStatus.ACTIVE, 0)

        return KeySet(
            office=OFFICE,
            environment=ENVIRONMENT,
            version=self.version,
            issued_us=1,
            expires_us=FAR_US,
            signing_keys=(
                hub_key(self.receipt_key, KeyUse.RECEIPT),
                hub_key(self.downward_key, KeyUse.DOWNWARD),
            ),
            reader_keys={name: key.public for name, key in self.readers.items()},
        )

    def keys(self) -> bytes:
        return sign_keyset(self.keyset(), self.anchor)

    def rotate(self) -> None:
        """New signing keys; the old ones are simply gone from the set."""
        self.receipt_key, self.downward_key = SigningKey.generate(), SigningKey.generate()
        self.version += 1

    def roster(self, valid_until_us: int = FAR_US) -> bytes:
        staff = (
            StaffMember(STAFF, "佐藤", frozenset({Role.CLERK}), verifier()),
            StaffMember("kato", "加藤", frozenset({Role.REVIEWER}), verifier()),
        )
        body = rosters.encode(Roster(OFFICE, self.version, valid_until_us, staff))
        return self.downward(DownwardKind.ROSTER, body)

    def downward(self, kind: DownwardKind, body: bytes) -> bytes:
        message = Downward(
            kind=kind,
            office=OFFICE,
            environment=ENVIRONMENT,
            device=DEVICE if kind.for_one_device else None,
            version=now_us(),
            issued_us=now_us() - 1_000_000,
            expires_us=FAR_US,
            body=body,
        )
        return seal_downward(
            message, self.downward_key, self.unit_encryption if kind.encrypted else None
        )

    def checkpoint(self, size: int | None = None, time_us: int | None = None) -> bytes:
        size = len(self.log.leaves) if size is None else size
        root = merkle.root(self.log, size)
        return sign_checkpoint(
            Checkpoint(OFFICE, ENVIRONMENT, self.epoch, size, root, time_us or now_us()),
            self.receipt_key,
        )

    def journal(self, envelope: bytes) -> bytes:
        """Take an envelope into the log (once) and give its receipt."""
        identity = self.opened(envelope)[0].identity
        if identity not in self.log.leaves:
            self.log.leaves.append(identity)
            self.envelopes[identity] = envelope
        index, size = self.log.leaves.index(identity), len(self.log.leaves)
        return sign_receipt(
            Receipt(
                office=OFFICE,
                environment=ENVIRONMENT,
                identity=identity,
                status=ReceiptStatus.JOURNALLED,
                reason=None,
                hub_time_us=now_us(),
                index=index,
                proof=merkle.inclusion_proof(self.log, index, size),
                checkpoint=self.checkpoint(),
            ),
            self.receipt_key,
        )

    def quarantine(self, identity: bytes, reason: str) -> bytes:
        receipt = Receipt(
            OFFICE,
            ENVIRONMENT,
            identity,
            ReceiptStatus.QUARANTINED,
            reason,
            now_us(),
            None,
            None,
            None,
        )
        return sign_receipt(receipt, self.receipt_key)

    def answer(self, ask: bytes, returned: tuple[Decision, ...] = ()) -> bytes:
        """The answer to a question of the unit."""
        asked = upward.verify_ask(upward.read_ask(ask), self.unit_signing)
        if asked.kind is AskKind.CONSISTENCY:
            old, new = upward.decode_sizes(asked.body)
            body = upward.encode_hashes(merkle.consistency_proof(self.log, old, new))
        else:
            body = decisions.encode_list(returned)
        answer = Answer(asked.ask_id, asked.kind, body)
        return self.downward(DownwardKind.ANSWER, upward.encode_answer(answer))

    def returned(self, envelope: bytes, reason: str = "方書を確かめてください") -> Decision:
        """The decision that returns a filed notification to the counters."""
        sealed, contents = self.opened(envelope)
        manifest = sealed.manifest
        return Decision(
            notification_id=manifest.notification_id,
            reception_number=manifest.reception_number,
            revision=manifest.revision,
            identity=sealed.identity,
            outcome=Outcome.RETURNED,
            decided_us=now_us(),
            reason=reason,
            owner="kato",
            due_on=date(2030, 1, 1),
            notification=contents[PartName.NOTIFICATION],
        )

    def accepted(self, decision: Decision) -> Decision:
        return replace(
            decision,
            outcome=Outcome.ACCEPTED,
            reason=None,
            owner=None,
            due_on=None,
            notification=None,
        )

    def opened(self, envelope: bytes) -> tuple[seal.Sealed, dict[PartName, bytes]]:
        """The verified manifest and all parts in the clear."""
        found = envelopes.decode(envelope)
        assert isinstance(found, Envelope)
        sealed = seal.read_sealed(found.sealed)
        manifest = seal.verify(sealed, self.unit_signing)
        envelopes.check_parts(manifest, found.parts)
        return sealed, {
            entry.name: open_part(
                found.parts[entry.name], self.readers[entry.recipient_class], entry
            )
            for entry in manifest.parts
        }


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
