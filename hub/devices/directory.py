"""The device directory: signing and encryption keys of the office's units, verified by the hub."""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from hub.clock import Clock, instant
from hub.devices import authority
from hub.devices.trust import (
    ENCRYPTION_PURPOSE,
    SIGNING_PURPOSE,
    DeviceCertificate,
    Trust,
)
from hub.errors import StorageError, TrustError
from hub.settings import Settings
from hub.storage.database import Database
from hub.storage.tables import Device, DeviceKey
from intake.event.admission import DeviceKey as AdmissionKey
from intake.event.keys import PublicKey
from intake.office.environment import Environment

ASKS, ASKS_WITHIN_S = 5, 15.0
"""Several at once: a unit enrolled a moment after the last asking is known when it first files."""
AFTER_FAILURE_S = 30.0
"""The intake writer does the asking; it must not wait for a silent authority again and again."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refreshed:
    """What a refresh found: how many units, and which certificates were revoked since the last."""

    devices: int
    newly_revoked: frozenset[str]


class Directory:
    """Answers from memory; `refresh` asks the authority, verifies, and keeps what it learnt."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: Mapping[bytes, AdmissionKey] = {}
        self._encryption: Mapping[str, PublicKey] = {}
        self._asked: deque[float] = deque(maxlen=ASKS)
        self.problem: str | None = None

    def key(self, kid: bytes) -> AdmissionKey | None:
        """The key named `kid`; one that is not known is asked for once more before None."""
        found = self._keys.get(kid)
        if found is None and self._may_ask():
            self.refresh()
            found = self._keys.get(kid)
        return found

    def _may_ask(self) -> bool:
        """Whether an unknown key is worth asking for now: made-up keys must not keep us asking."""
        now = time.monotonic()
        if self.problem is not None:
            return now - self._asked[-1] > AFTER_FAILURE_S
        return len(self._asked) < ASKS or now - self._asked[0] > ASKS_WITHIN_S

    def encryption_keys(self) -> Mapping[str, PublicKey]:
        """The encryption key of every active unit of this office, by unit."""
        return self._encryption

    def refresh(self) -> Refreshed:
        """Ask, verify, store. What cannot be had leaves the knowledge of before in force."""
        with self._lock:
            self._asked.append(time.monotonic())
            self.problem = None
            try:
                authority.fetch(self._settings)
            except TrustError as error:
                self.problem = str(error)
                logger.warning("%s", error)
            newly_revoked: frozenset[str] = frozenset()
            try:
                newly_revoked = self._take_in()
            except (TrustError, StorageError) as error:
                self.problem = str(error)
                logger.warning("%s", error)
            self._load()
            return Refreshed(len(self._encryption), newly_revoked)

    def _take_in(self) -> frozenset[str]:
        folder = self._settings.trust.folder
        now = instant(self._clock())
        trust = Trust.load(folder)
        revoked = trust.revocation_list((folder / "crl.pem").read_bytes(), now)
        path = folder / "devices.json"
        units = _units(path.read_bytes()) if path.exists() else []
        newly: set[str] = set()
        with self._database.writing() as session:
            known = {device.device: device for device in session.scalars(select(Device))}
            keys = {key.kid: key for key in session.scalars(select(DeviceKey))}
            for unit in units:
                for item in unit["certificates"]:
                    found = self._checked(trust, unit, item)
                    if found is None:
                        continue
                    is_revoked = _is_revoked(found, revoked) or item["status"] == "revoked"
                    if item["use"] == "signing":
                        newly |= _keep_key(keys, found, item, revoked=is_revoked)
                        session.add(keys[found.public.kid])
                    _keep_device(known, found, unit, item, revoked=is_revoked)
            for device in known.values():
                session.add(device)
        return frozenset(newly)

    def _checked(
        self, trust: Trust, unit: dict[str, Any], item: dict[str, Any]
    ) -> DeviceCertificate | None:
        purposes = {"signing": SIGNING_PURPOSE, "encryption": ENCRYPTION_PURPOSE}
        purpose = purposes.get(str(item["use"]))
        if purpose is None:
            return None
        try:
            found = trust.device_certificate(str(item["pem"]), purpose, instant(self._clock()))
        except TrustError as error:
            logger.warning("unit %s: %s", unit["device"], error)
            return None
        ours = (found.device, found.office) == (unit["device"], self._settings.office.code)
        return found if ours else None

    def _load(self) -> None:
        with self._database.reading() as session:
            rows = session.scalars(select(DeviceKey)).all()
            devices = session.scalars(select(Device).where(Device.status == "active")).all()
            self._keys = {row.kid: _known(row, self._settings.office.code) for row in rows}
            self._encryption = {
                device.device: PublicKey.from_certificate(
                    x509.load_der_x509_certificate(device.encryption_certificate)
                )
                for device in devices
                if device.encryption_certificate is not None
            }


def _units(data: bytes) -> list[dict[str, Any]]:
    try:
        table = json.loads(data)
        if table["format"] != 1:
            raise TrustError("the device directory is newer than this hub; update the hub")
        return cast("list[dict[str, Any]]", table["devices"])
    except (ValueError, KeyError, TypeError) as error:
        raise TrustError("the device directory cannot be read; fetch it again") from error


def _is_revoked(found: DeviceCertificate, revoked: x509.CertificateRevocationList) -> bool:
    serial = found.certificate.serial_number
    return revoked.get_revoked_certificate_by_serial_number(serial) is not None


def _keep_key(
    keys: dict[bytes, DeviceKey], found: DeviceCertificate, item: dict[str, Any], *, revoked: bool
) -> frozenset[str]:
    kid, certificate = found.public.kid, found.certificate
    row = keys.setdefault(kid, DeviceKey(kid=kid, device=found.device, status="new"))
    was_revoked = row.status == "revoked"
    row.environment = found.environment.value
    row.certificate = certificate.public_bytes(Encoding.DER)
    row.not_before_us = int(certificate.not_valid_before_utc.timestamp() * 1_000_000)
    row.not_after_us = int(certificate.not_valid_after_utc.timestamp() * 1_000_000)
    row.status = "revoked" if revoked or was_revoked else str(item["status"])
    return frozenset({found.device}) if revoked and not was_revoked else frozenset()


def _keep_device(
    known: dict[str, Device],
    found: DeviceCertificate,
    unit: dict[str, Any],
    item: dict[str, Any],
    *,
    revoked: bool,
) -> None:
    row = known.setdefault(found.device, Device(device=found.device))
    row.device_code = str(unit.get("device_code", ""))
    row.status = str(unit["status"])
    if item["use"] == "encryption" and item["status"] == "active" and not revoked:
        row.encryption_certificate = found.certificate.public_bytes(Encoding.DER)


def _known(row: DeviceKey, office: str) -> AdmissionKey:
    certificate = x509.load_der_x509_certificate(row.certificate)
    return AdmissionKey(
        public=PublicKey.from_certificate(certificate),
        office=office,
        device=row.device,
        environment=Environment(row.environment),
        not_before_us=row.not_before_us,
        revoked=row.status == "revoked",
    )
