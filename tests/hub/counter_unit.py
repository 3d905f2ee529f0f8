"""A small counter unit for tests: real keys, real sealing, real certificates, no screens.

`Town` issues the certificates that the authority would issue and writes them where the hub looks;
`CounterUnit` seals notifications with `intake` exactly as a unit does.
"""

import datetime as dt
import ipaddress
import json
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.devices.trust import ENCRYPTION_PURPOSE, SIGNING_PURPOSE
from intake import notification
from intake.characters import Character, NameText
from intake.event import envelope, seal
from intake.event.envelope import Envelope
from intake.event.ids import ReceptionNumber, new_event_id, new_notification_id
from intake.event.keys import PublicKey, ReaderKey, SigningKey
from intake.event.keyset import KeySet
from intake.event.manifest import Clock, EventKind, Manifest, PartName, Staff
from intake.event.parts import seal_part
from intake.notification import Address, Field, Notification, Person, Procedure, Source, Value
from intake.office.environment import Environment, extension

OFFICE = "131016"
HOUR = dt.timedelta(hours=1)


@dataclass
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def name(common: str, office: str | None = None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if office:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, office))
    return x509.Name(parts)


def issue(
    subject: x509.Name,
    issuer: Pair | None,
    purpose: x509.ObjectIdentifier | None,
    environment: Environment | None = None,
    *,
    hosts: tuple[x509.GeneralName, ...] = (),
    not_before: dt.datetime | None = None,
) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before or now - HOUR)
        .not_valid_after((not_before or now) + 400 * 24 * HOUR)
        .add_extension(x509.BasicConstraints(ca=purpose is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    if environment is not None:
        builder = builder.add_extension(extension(environment), critical=False)
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
    signer = issuer.key if issuer else key
    return Pair(builder.sign(signer, hashes.SHA256()), key)


@dataclass
class Town:
    """The authority's part: root, issuing CA, directory, revocation list, in a trust folder."""

    trust: Path
    root: Pair = field(default_factory=lambda: issue(name("Test root"), None, None))
    issuing: Pair = field(init=False)
    units: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    revoked: list[int] = field(default_factory=list[int])

    def __post_init__(self) -> None:
        self.issuing = issue(name("Test issuing CA"), self.root, None)
        self.trust.mkdir(parents=True, exist_ok=True)
        (self.trust / "root.crt").write_bytes(self.root.pem())
        (self.trust / "chain.pem").write_bytes(self.issuing.pem() + self.root.pem())
        self.write()

    def write(self) -> None:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.issuing.certificate.subject)
            .last_update(now - HOUR)
            .next_update(now + 24 * HOUR)
        )
        for serial in self.revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now)
            builder = builder.add_revoked_certificate(entry.build())
        crl = builder.sign(self.issuing.key, hashes.SHA256())
        (self.trust / "crl.pem").write_bytes(crl.public_bytes(serialization.Encoding.PEM))
        directory = {"format": 1, "version": 1, "office": OFFICE, "devices": self.units}
        (self.trust / "devices.json").write_text(json.dumps(directory))

    def broker_and_hub(self) -> None:
        """Certificates of the broker (127.0.0.1) and of the hub's client."""
        hosts = (x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost"))
        broker = issue(
            name("127.0.0.1"), self.issuing, ExtendedKeyUsageOID.SERVER_AUTH, hosts=hosts
        )
        hub = issue(
            name(f"hub-{OFFICE}", OFFICE),
            self.issuing,
            ExtendedKeyUsageOID.CLIENT_AUTH,
            Environment.DEMO,
        )
        for word, pair in (("broker", broker), ("hub", hub)):
            (self.trust / f"{word}.crt").write_bytes(pair.pem() + self.issuing.pem())
            (self.trust / f"{word}.key").write_bytes(pair.key_pem())

    def enrol(
        self,
        device: str,
        *,
        environment: Environment = Environment.DEMO,
        not_before: dt.datetime | None = None,
        listed: bool = True,
    ) -> "CounterUnit":
        subject = name(device, OFFICE)
        signing = issue(subject, self.issuing, SIGNING_PURPOSE, environment, not_before=not_before)
        encryption = issue(subject, self.issuing, ENCRYPTION_PURPOSE, environment)
        tls = issue(subject, self.issuing, ExtendedKeyUsageOID.CLIENT_AUTH, environment)
        if listed:
            self.units.append(
                {
                    "device": device,
                    "device_code": f"{len(self.units) + 1:03d}",
                    "environment": environment.value,
                    "status": "active",
                    "certificates": [
                        {"use": use, "status": "active", "pem": pair.pem().decode()}
                        for use, pair in (("signing", signing), ("encryption", encryption))
                    ],
                }
            )
            self.write()
        return CounterUnit(device, SigningKey(signing.key), ReaderKey(encryption.key), signing, tls)

    def revoke(self, *pairs: Pair) -> None:
        self.revoked += [pair.certificate.serial_number for pair in pairs]
        self.write()


@dataclass
class CounterUnit:
    """Seals events in sequence, each naming the one before."""

    device: str
    signer: SigningKey
    reader: ReaderKey
    signing: Pair
    tls: Pair
    sequence: int = 0
    previous: bytes | None = None
    boot_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def file(
        self,
        keyset: KeySet,
        filed: Notification,
        *,
        staff: str = "s001",
        kind: EventKind = EventKind.FILED,
        revision: int = 1,
        supersedes: bytes | None = None,
        parts: dict[PartName, bytes] | None = None,
        without_notification: bool = False,
        **changes: Any,  # noqa: ANN401 - any field of the manifest
    ) -> "FiledEvent":
        contents = {PartName.NOTIFICATION: notification.encode(filed), **(parts or {})}
        if without_notification:
            del contents[PartName.NOTIFICATION]
        sealed_parts = [
            seal_part(part, contents[part], keyset) for part in PartName if part in contents
        ]
        self.sequence += 1
        manifest = Manifest(
            kind=kind,
            event_id=new_event_id(),
            notification_id=filed.notification_id,
            reception_number=str(ReceptionNumber.make("001", dt.date(2026, 11, 23), self.sequence)),
            revision=revision,
            supersedes=supersedes,
            procedure=filed.procedure.value,
            office=OFFICE,
            device=self.device,
            environment=Environment.DEMO,
            kid=self.signer.kid,
            sequence=self.sequence,
            previous=self.previous,
            boot_id=self.boot_id,
            wall_time_us=int(dt.datetime.now(dt.UTC).timestamp() * 1_000_000),
            clock=Clock("ntp", None, None),
            monotonic_us=self.sequence,
            staff=Staff(staff, "pin"),
            software={"edge": "0.1.0"},
            parts=tuple(part.entry for part in sealed_parts),
        )
        manifest = replace(manifest, **changes)
        sealed = seal.seal(manifest, self.signer)
        wire = Envelope(sealed, {part.name: part.data for part in sealed_parts})
        identity = seal.read_sealed(sealed).identity
        self.previous = identity
        return FiledEvent(envelope.encode(wire), identity, manifest, filed)


@dataclass(frozen=True)
class FiledEvent:
    """What a unit keeps of one event."""

    data: bytes
    identity: bytes
    manifest: Manifest
    notification: Notification


def text_field(value: Value, source: Source = Source.CLERK) -> Field:
    return Field(value, source)


NEW_ADDRESS = Address(OFFICE, "東京都千代田区", "飯田橋一丁目", "2番3号", "窓口荘101")
OLD_ADDRESS = Address("271004", "大阪府大阪市", "中之島一丁目", "3番1号")


def person(
    number: int, family: str, given: str, kana: str, *, relationship: str, birth: dt.date
) -> Person:
    characters = [*NameText.from_plain(family), *NameText.from_plain(f"\u3000{given}")]
    return Person(
        f"p{number}",
        {
            "name": text_field(NameText.of(characters), Source.PEN),
            "kana": text_field(kana),
            "birth_date": text_field(birth),
            "sex": text_field("female" if number == 2 else "male"),
            "relationship": text_field(relationship),
            "registered_domicile": text_field("大阪府大阪市北区中之島一丁目1番"),
            "domicile_head": text_field(NameText.from_plain(f"{family}　太郎")),
        },
    )


def with_drawn_character(one: Person) -> Person:
    """The person with a first character that no JIS set has."""
    found = one.value("name")
    assert isinstance(found, NameText)
    drawn = Character("mj", "MJ026191", "邉\U000e0102")
    return one.with_field("name", Field(NameText.of([drawn, *found.characters[1:]]), Source.PEN))


def move_in(
    family: str = "渡辺", moved_on: dt.date = dt.date(2026, 11, 20), *, notification_id: str = ""
) -> Notification:
    """転入 of a household of three."""
    persons = (
        with_drawn_character(
            person(
                1,
                family,
                "太郎",
                "ワタナベ　タロウ",
                relationship="head",
                birth=dt.date(1980, 4, 1),
            )
        ),
        person(
            2, family, "花子", "ワタナベ　ハナコ", relationship="wife", birth=dt.date(1982, 5, 2)
        ),
        person(
            3, family, "一郎", "ワタナベ　イチロウ", relationship="child", birth=dt.date(2015, 6, 3)
        ),
    )
    return Notification(
        notification_id or new_notification_id(),
        Procedure.MOVE_IN,
        {
            "notified_on": text_field(dt.date(2026, 11, 23)),
            "moved_on": text_field(moved_on),
            "new_address": text_field(NEW_ADDRESS),
            "old_address": text_field(OLD_ADDRESS, Source.TRANSFER_CERTIFICATE),
            "new_household": text_field("new"),
            "new_household_head": persons[0].fields["name"],
            "notifier_relation": text_field("self"),
        },
        persons,
    )


def public_of(pair: Pair) -> PublicKey:
    return PublicKey.from_certificate(pair.certificate)
