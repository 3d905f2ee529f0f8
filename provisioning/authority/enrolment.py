"""Enrol, renew and revoke: the authority's decisions, each one transaction of the store."""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from intake.office.environment import Environment
from provisioning.authority.certificates import (
    DEVICE_USES,
    DeviceName,
    Issuer,
    device_certificate,
    revocation_list,
)
from provisioning.authority.one_time_token import OneTimeToken
from provisioning.authority.store import Device, Office, Store, TokenRecord, Transaction
from provisioning.errors import EnrolmentRefusedError, UsageError

REMAKE_LIST_AFTER = dt.timedelta(days=1)
_DEVICE = re.compile(r"[a-z0-9-]{3,32}")
_CODES = tuple(f"{number:03d}" for number in range(1, 1000))

Keys = Mapping[str, ec.EllipticCurvePublicKey]


@dataclass(frozen=True)
class Enrolled:
    """What a unit gets: its certificates by use, who it is, and its office."""

    certificates: dict[str, x509.Certificate]
    device: Device
    office: Office


@dataclass(frozen=True)
class Shown:
    """The name and serial number in a TLS client certificate whose chain is checked."""

    name: str
    serial: int


@dataclass(frozen=True)
class TokenOrder:
    """What the technician asks a token for."""

    device: str
    office: str
    environment: Environment
    life: dt.timedelta
    device_code: str | None = None
    replaces: bool = False


def make_token(store: Store, root_sha256: bytes, order: TokenOrder, now: dt.datetime) -> str:
    """Promise a unit its certificates; the returned line is shown once and never stored.

    Raises UsageError for a bad unit id, an unknown office, a taken code, or a unit that exists and
    is not to be replaced.
    """
    if not _DEVICE.fullmatch(order.device) or order.device.startswith("hub-"):
        raise UsageError("a unit id has 3 to 32 of a-z, 0-9, - and is no `hub-`: choose another")
    token = OneTimeToken.make(order.device, root_sha256)
    with store.transaction() as transaction:
        device = _promised_device(transaction, order)
        transaction.add_token(
            TokenRecord(
                token.token_id,
                token.secret_sha256,
                device,
                order.replaces,
                now + order.life,
                None,
            )
        )
    return str(token)


def enrol(
    store: Store,
    issuer: Issuer,
    token: OneTimeToken,
    requests: Mapping[str, str],
    now: dt.datetime,
) -> Enrolled:
    """Issue a unit's three certificates and burn the token, both or neither.

    The same token with the same keys gives the same certificates again, so that a lost answer can
    be asked for once more. Raises EnrolmentRefusedError with the wire code.
    """
    with store.transaction() as transaction:
        record = _known_token(transaction, token, now)
        keys = _checked_requests(requests, record.device.device)
        digest = _keys_digest(keys)
        office = transaction.office(record.device.office)
        assert office is not None
        if record.used_for_keys is not None:
            return _answer_again(transaction, record, digest, office)
        _admit(transaction, record, now)
        issued = _issue(transaction, issuer, record.device, keys, now)
        transaction.burn_token(record.token_id, digest, now)
    return Enrolled(issued, record.device, office)


def renew(
    store: Store,
    issuer: Issuer,
    shown: Shown,
    requests: Mapping[str, str],
    now: dt.datetime,
) -> Enrolled:
    """Give the unit that showed its TLS certificate fresh ones.

    The former ones become `retired`. Raises EnrolmentRefusedError for a revoked or unknown unit.
    """
    with store.transaction() as transaction:
        device = transaction.device(shown.name)
        if device is None or device.status != "active":
            raise EnrolmentRefusedError("not_allowed", "this unit is not (or no longer) enrolled")
        current = [
            record.certificate.serial_number
            for record in transaction.certificates(shown.name)
            if record.use == "tls" and record.status != "revoked"
        ]
        if shown.serial not in current:
            raise EnrolmentRefusedError("not_allowed", "the certificate shown was revoked")
        keys = _checked_requests(requests, shown.name)
        office = transaction.office(device.office)
        assert office is not None
        issued = transaction.certificates_for_keys(shown.name, _keys_digest(keys))
        if not issued:
            transaction.retire(shown.name)
            issued = _issue(transaction, issuer, device, keys, now)
    return Enrolled(issued, device, office)


def revoke(store: Store, device_name: str, reason: x509.ReasonFlags, now: dt.datetime) -> None:
    """Revoke a unit and all its certificates; the next list shows them. UsageError if unknown."""
    with store.transaction() as transaction:
        device = transaction.device(device_name)
        if device is None:
            raise UsageError(f"no unit {device_name}: see `authority devices`")
        transaction.revoke(device_name, reason, now)
        transaction.put_device(replace(device, status="revoked"))


def current_list(store: Store, issuer: Issuer, now: dt.datetime) -> str:
    """The revocation list (PEM): the last one while it is fresh and complete, else a new one."""
    with store.transaction() as transaction:
        revoked = [
            (record.certificate.serial_number, record.revoked_at, _reason(record.reason))
            for record in transaction.revoked()
            if record.revoked_at is not None
        ]
        latest = transaction.latest_list()
        if latest is not None:
            number, pem, made = latest
            listed = len(x509.load_pem_x509_crl(pem.encode()))
            if listed == len(revoked) and now - made < REMAKE_LIST_AFTER:
                return pem
        number = 1 if latest is None else latest[0] + 1
        signed = revocation_list(issuer, number, revoked, now)
        pem = signed.public_bytes(Encoding.PEM).decode()
        transaction.add_list(number, pem, now)
    return pem


def _promised_device(transaction: Transaction, order: TokenOrder) -> Device:
    if transaction.office(order.office) is None:
        raise UsageError(f"no office {order.office}: tell it with `authority office` first")
    known = transaction.device(order.device)
    if known is not None:
        if not order.replaces:
            raise UsageError(
                f"{order.device} is enrolled already: use --replace to revoke its old keys"
            )
        if (known.office, known.environment) != (order.office, order.environment):
            raise UsageError(
                f"{order.device} belongs to another office or environment: choose another id"
            )
        return replace(known, status="active")
    taken = transaction.taken_codes(order.office)
    if order.device_code is not None and order.device_code not in _CODES:
        raise UsageError("a device code has three digits, 001 to 999: choose another")
    code = order.device_code or next((code for code in _CODES if code not in taken), None)
    if code is None or code in taken:
        raise UsageError("that device code is taken: choose another with --device-code")
    return Device(order.device, code, order.office, order.environment)


def _known_token(transaction: Transaction, token: OneTimeToken, now: dt.datetime) -> TokenRecord:
    record = transaction.token(token)
    expected = b"\0" * 32 if record is None else record.secret_sha256
    if not hmac.compare_digest(expected, token.secret_sha256) or record is None:
        raise EnrolmentRefusedError("bad_token", "the authority does not know this token")
    if now >= record.expires:
        raise EnrolmentRefusedError("token_expired", "this token has expired")
    return record


def _checked_requests(requests: Mapping[str, str], device: str) -> Keys:
    if set(requests) != set(DEVICE_USES):
        raise EnrolmentRefusedError("bad_request", "three requests are needed")
    keys = {use: _checked_request(requests[use], device) for use in DEVICE_USES}
    if len({_public_bytes(key) for key in keys.values()}) != len(keys):
        raise EnrolmentRefusedError("bad_key", "the three keys must differ")
    return keys


def _checked_request(pem: str, device: str) -> ec.EllipticCurvePublicKey:
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        public = request.public_key()
        genuine = request.is_signature_valid
        names = [
            str(part.value) for part in request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        ]
    except (ValueError, UnsupportedAlgorithm) as error:
        raise EnrolmentRefusedError("bad_request", "a request cannot be read") from error
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
        raise EnrolmentRefusedError("bad_key", "every key must be a P-256 key")
    if not genuine:
        raise EnrolmentRefusedError("bad_key", "a request is not signed by its own key")
    if names != [device]:
        raise EnrolmentRefusedError("wrong_name", "a request names another unit than the token")
    return public


def _answer_again(
    transaction: Transaction, record: TokenRecord, digest: bytes, office: Office
) -> Enrolled:
    if record.used_for_keys != digest:
        raise EnrolmentRefusedError("token_used", "this token was used already")
    issued = transaction.certificates_for_keys(record.device.device, digest)
    return Enrolled(issued, record.device, office)


def _admit(transaction: Transaction, record: TokenRecord, now: dt.datetime) -> None:
    """Make room for the unit: a second token for a living unit is good only to replace it."""
    known = transaction.device(record.device.device)
    if known is not None and not record.replaces:
        raise EnrolmentRefusedError("token_used", "this unit is enrolled already")
    if known is not None:
        transaction.revoke(known.device, x509.ReasonFlags.superseded, now)
    transaction.put_device(record.device)


def _issue(
    transaction: Transaction, issuer: Issuer, device: Device, keys: Keys, now: dt.datetime
) -> dict[str, x509.Certificate]:
    name = DeviceName(device.device, device.office, device.environment)
    digest = _keys_digest(keys)
    issued = {use: device_certificate(issuer, name, use, keys[use], now) for use in DEVICE_USES}
    for use, certificate in issued.items():
        if transaction.key_is_known(certificate):
            raise EnrolmentRefusedError("bad_key", "a key was enrolled before: make fresh ones")
        transaction.add_certificate(certificate, use, device.device, digest)
    return issued


def _keys_digest(keys: Keys) -> bytes:
    return hashlib.sha256(b"".join(_public_bytes(keys[use]) for use in DEVICE_USES)).digest()


def _public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _reason(name: str | None) -> x509.ReasonFlags:
    return x509.ReasonFlags(name or x509.ReasonFlags.unspecified.value)
