"""The authority over HTTPS (docs/authority.md): enrol, renew, the device directory, the list."""

import asyncio
import datetime as dt
import json
import logging
import ssl
import time
from typing import Any, Final

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from provisioning.authority.enrolment import Enrolled, Shown, current_list, enrol, renew
from provisioning.authority.folder import AuthorityFolder
from provisioning.authority.one_time_token import OneTimeToken
from provisioning.authority.rate_limit import RefusalBrake
from provisioning.authority.store import CertificateRecord, Device, serial_text
from provisioning.catalogue import sentence
from provisioning.errors import EnrolmentRefusedError, UsageError

_LOG = logging.getLogger("provisioning.authority")
_LARGEST_REQUEST = 32 * 1024
_STATUS: Final = {"bad_request": 400, "slow_down": 429}
_PEM = "application/x-pem-file"


def application(folder: AuthorityFolder) -> web.Application:
    """The authority's web application; it reads the issuing key once, the root key never."""
    endpoints = _Endpoints(folder, RefusalBrake(time.monotonic))
    application = web.Application(client_max_size=_LARGEST_REQUEST, middlewares=[_refusals])
    application.add_routes(
        [
            web.get("/root", endpoints.root),
            web.get("/chain", endpoints.chain),
            web.get("/crl", endpoints.revocation_list),
            web.get("/devices", endpoints.devices),
            web.post("/enrol", endpoints.enrol),
            web.post("/renew", endpoints.renew),
        ]
    )
    return application


def server_context(certificate: str, key: str, chain_pem: str) -> ssl.SSLContext:
    """TLS 1.2 or newer; a client certificate is asked for and, when shown, must be ours."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(cadata=chain_pem)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


class _Endpoints:
    def __init__(self, folder: AuthorityFolder, brake: RefusalBrake) -> None:
        self._folder = folder
        self._store = folder.store
        self._issuer = folder.issuer()
        self._brake = brake

    async def root(self, _request: web.Request) -> web.Response:
        pem = self._folder.root.public_bytes(Encoding.PEM).decode()
        return web.Response(text=pem, content_type=_PEM)

    async def chain(self, _request: web.Request) -> web.Response:
        return web.Response(text=self._folder.chain_pem, content_type=_PEM)

    async def revocation_list(self, _request: web.Request) -> web.Response:
        pem = await asyncio.to_thread(current_list, self._store, self._issuer, _now())
        return web.Response(text=pem, content_type=_PEM)

    async def devices(self, request: web.Request) -> web.Response:
        office = self._hub_office(await self._caller(request))
        version, listed = await asyncio.to_thread(self._directory, office)
        tag = f'"{office}-{version}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        answer = {"format": 1, "version": version, "office": office, "devices": listed}
        return web.json_response(answer, headers={"ETag": tag})

    async def enrol(self, request: web.Request) -> web.Response:
        source = request.remote or "?"
        wait = self._brake.wait_seconds(source)
        if wait > 0:
            raise _SlowDownError(wait)
        try:
            enrolled = await self._enrolled(await _body(request))
        except EnrolmentRefusedError:
            self._brake.refused(source)
            raise
        _LOG.info("enrolled", extra={"device": enrolled.device.device})
        return web.json_response(self._answer(enrolled))

    async def renew(self, request: web.Request) -> web.Response:
        shown = await self._caller(request)
        requests = _requests(await _body(request))
        renewed = await asyncio.to_thread(renew, self._store, self._issuer, shown, requests, _now())
        _LOG.info("renewed", extra={"device": renewed.device.device})
        return web.json_response(self._answer(renewed))

    async def _enrolled(self, body: dict[str, Any]) -> Enrolled:
        requests = _requests(body)
        try:
            token = OneTimeToken.parse(str(body.get("token", "")))
        except UsageError as error:
            raise EnrolmentRefusedError("bad_token", "the token cannot be read") from error
        return await asyncio.to_thread(enrol, self._store, self._issuer, token, requests, _now())

    async def _caller(self, request: web.Request) -> Shown:
        """Who showed which certificate; TLS has checked its chain, this checks the list."""
        secured: ssl.SSLObject | None = request.get_extra_info("ssl_object")
        der = None if secured is None else secured.getpeercert(binary_form=True)
        if der is None:
            raise EnrolmentRefusedError("not_allowed", "no client certificate was shown")
        certificate = x509.load_der_x509_certificate(der)
        pem = await asyncio.to_thread(current_list, self._store, self._issuer, _now())
        listed = x509.load_pem_x509_crl(pem.encode())
        if listed.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
            raise EnrolmentRefusedError("not_allowed", "the certificate shown was revoked")
        return Shown(_subject(certificate, NameOID.COMMON_NAME), certificate.serial_number)

    def _hub_office(self, shown: Shown) -> str:
        if not shown.name.startswith("hub-"):
            raise EnrolmentRefusedError("not_allowed", "only the hub may read the directory")
        return shown.name.removeprefix("hub-")

    def _directory(self, office: str) -> tuple[int, list[dict[str, object]]]:
        with self._store.transaction() as transaction:
            listed = [
                _device_entry(device, transaction.certificates(device.device))
                for device in transaction.devices(office)
            ]
            return transaction.directory_version(), listed

    def _answer(self, enrolled: Enrolled) -> dict[str, object]:
        device, office = enrolled.device, enrolled.office
        return {
            "format": 1,
            "certificates": {use: _pem(part) for use, part in enrolled.certificates.items()},
            "chain": self._folder.chain_pem,
            "office": {
                "office": device.office,
                "device": device.device,
                "device_code": device.device_code,
                "environment": device.environment.value,
                "broker_host": office.broker_host,
                "broker_port": office.broker_port,
            },
            "office_anchor": office.anchor_pem,
        }


class _SlowDownError(EnrolmentRefusedError):
    def __init__(self, seconds: float) -> None:
        super().__init__("slow_down", "too many refusals")
        self.seconds = seconds


@web.middleware
async def _refusals(request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401 - aiohttp's own type
    """Turn a refusal into its answer and one line of log without anything the caller sent."""
    try:
        return await handler(request)
    except EnrolmentRefusedError as refusal:
        _LOG.warning("refused", extra={"code": refusal.code, "path": request.path})
        headers = {}
        if isinstance(refusal, _SlowDownError):
            headers["Retry-After"] = str(int(refusal.seconds) + 1)
        error = {
            "code": refusal.code,
            "message_ja": sentence("ja", "refusal", refusal.code),
            "message_en": sentence("en", "refusal", refusal.code),
        }
        status = _STATUS.get(refusal.code, 403)
        return web.json_response({"error": error}, status=status, headers=headers)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise EnrolmentRefusedError("bad_request", "the body is not JSON") from error
    if not isinstance(body, dict):
        raise EnrolmentRefusedError("bad_request", "the body is not an object")
    return body


def _requests(body: dict[str, Any]) -> dict[str, str]:
    requests = body.get("csr")
    if not isinstance(requests, dict) or not all(isinstance(v, str) for v in requests.values()):
        raise EnrolmentRefusedError("bad_request", "`csr` must hold three PEM requests")
    return {str(use): str(pem) for use, pem in requests.items()}


def _device_entry(device: Device, records: list[CertificateRecord]) -> dict[str, object]:
    return {
        "device": device.device,
        "device_code": device.device_code,
        "environment": device.environment.value,
        "status": device.status,
        "certificates": [_certificate_entry(record) for record in records],
    }


def _certificate_entry(record: CertificateRecord) -> dict[str, object]:
    return {
        "use": record.use,
        "serial": serial_text(record.certificate),
        "status": record.status,
        "kid": record.kid,
        "not_before": record.certificate.not_valid_before_utc.isoformat(),
        "not_after": record.certificate.not_valid_after_utc.isoformat(),
        "revoked_at": None if record.revoked_at is None else record.revoked_at.isoformat(),
        "pem": _pem(record.certificate),
    }


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _subject(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    return str(certificate.subject.get_attributes_for_oid(oid)[0].value)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
