"""The unit's side of enrolment: it makes its own keys and trusts only its token's authority."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from provisioning.authority.certificates import DEVICE_USES
from provisioning.authority.keys import new_key, read_key, write_key
from provisioning.authority.one_time_token import OneTimeToken
from provisioning.durable import make_private_folder, sync_folder, write_file
from provisioning.errors import (
    AuthorityUnreachableError,
    EnrolmentRefusedError,
    ForeignAuthorityError,
    UsageError,
)

_TIMEOUT = aiohttp.ClientTimeout(total=20)


@dataclass(frozen=True)
class Identity:
    """Where an enrolled unit's identity lies: `folder/identity/` (docs/authority.md)."""

    folder: Path

    @property
    def path(self) -> Path:
        """The finished identity."""
        return self.folder / "identity"

    @property
    def pending(self) -> Path:
        """Keys whose certificates have not arrived yet; kept, so that asking again is the same."""
        return self.folder / "identity.pending"


async def enrol(url: str, token: OneTimeToken, folder: Path) -> Identity:
    """Enrol this unit into `folder`; returns when the identity is whole on disk.

    Run again after any failure: the keys made first are used again, so the authority gives the same
    answer if it had issued already. Raises UsageError when an identity is there,
    ForeignAuthorityError, EnrolmentRefusedError, AuthorityUnreachableError.
    """
    identity = Identity(folder)
    _finish_exchange(identity)
    if identity.path.exists():
        raise UsageError(f"{identity.path} holds an identity already: nothing was changed")
    keys = _pending_keys(identity)
    root = await _pinned_root(url, token.root_sha256)
    body = {"token": str(token), "csr": _signing_requests(keys, token.device)}
    answer = await _post(f"{url}/enrol", body, _context(root))
    _write_answer(identity.pending, answer, keys, root)
    identity.pending.rename(identity.path)
    sync_folder(folder)
    return identity


async def renew(url: str, folder: Path) -> Identity:
    """Replace an enrolled unit's three keys and certificates over its present TLS identity.

    The former folder is kept as `identity.former` until the next renewal. Run again after a power
    cut: a renewal that had its answer is finished without another. Raises as `enrol`.
    """
    identity = Identity(folder)
    if _finish_exchange(identity):
        return identity
    present = identity.path
    chain = _chain(present / "chain.pem")
    device = _common_name(x509.load_pem_x509_certificate((present / "tls.crt").read_bytes()))
    keys = _pending_keys(identity)
    context = _context(chain[-1])
    context.load_cert_chain(present / "tls.crt", present / "tls.key")
    answer = await _post(f"{url}/renew", {"csr": _signing_requests(keys, device)}, context)
    _write_answer(identity.pending, answer, keys, chain[-1])
    _exchange(identity)
    return identity


def _exchange(identity: Identity) -> None:
    former = identity.folder / "identity.former"
    if former.exists():
        for leftover in former.iterdir():
            leftover.unlink()
        former.rmdir()
    identity.path.rename(former)
    identity.pending.rename(identity.path)
    sync_folder(identity.folder)


def _finish_exchange(identity: Identity) -> bool:
    """Put a renewed identity in its place where the power went between the two renames."""
    former = identity.folder / "identity.former"
    whole = (identity.pending / "office.toml").exists()  # the last file of the answer
    if identity.path.exists() or not former.exists() or not whole:
        return False
    identity.pending.rename(identity.path)
    sync_folder(identity.folder)
    return True


def _pending_keys(identity: Identity) -> dict[str, ec.EllipticCurvePrivateKey]:
    make_private_folder(identity.pending)
    for use in DEVICE_USES:
        if not (identity.pending / f"{use}.key").exists():
            write_key(identity.pending / f"{use}.key", new_key())
    return {use: read_key(identity.pending / f"{use}.key") for use in DEVICE_USES}


def _signing_requests(
    keys: Mapping[str, ec.EllipticCurvePrivateKey], device: str
) -> dict[str, str]:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, device)])
    return {
        use: x509.CertificateSigningRequestBuilder()
        .subject_name(name)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
        .decode()
        for use, key in keys.items()
    }


async def _pinned_root(url: str, root_sha256: bytes) -> x509.Certificate:
    """Ask for the root without trust, then trust it only if it is the one the token names."""
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    pem = await _ask("GET", f"{url}/root", None, unverified)
    try:
        root = x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise ForeignAuthorityError("who answered is no authority: check the address") from error
    if root.fingerprint(hashes.SHA256()) != root_sha256:
        raise ForeignAuthorityError(
            "who answered is not the authority that made this token: check the address, and tell "
            "whoever runs the authority if it is right; the token was not sent"
        )
    return root


def _context(root: x509.Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=root.public_bytes(Encoding.PEM).decode())
    return context


async def _post(url: str, body: Mapping[str, object], context: ssl.SSLContext) -> dict[str, Any]:
    answer = json.loads(await _ask("POST", url, body, context))
    if not isinstance(answer, dict) or answer.get("format") != 1:
        raise ForeignAuthorityError("the authority's answer has a form this unit does not know")
    return answer


async def _ask(
    method: str, url: str, body: Mapping[str, object] | None, context: ssl.SSLContext
) -> bytes:
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.request(method, url, json=body, ssl=context) as response,
        ):
            content = await response.read()
            if response.status != 200:
                raise _refusal(response.status, content)
            return content
    except aiohttp.ClientConnectorCertificateError as error:
        raise ForeignAuthorityError(
            "the server's certificate is not from the authority that the token names"
        ) from error
    except (TimeoutError, aiohttp.ClientError) as error:
        raise AuthorityUnreachableError(
            f"no answer from the authority ({type(error).__name__}): check address and network, "
            "then run the same command again"
        ) from error


def _refusal(status: int, content: bytes) -> EnrolmentRefusedError:
    try:
        error = json.loads(content)["error"]
        return EnrolmentRefusedError(str(error["code"]), str(error["message_en"]))
    except (ValueError, KeyError, TypeError):
        return EnrolmentRefusedError("bad_request", f"the authority answered with status {status}")


def _write_answer(
    folder: Path,
    answer: Mapping[str, Any],
    keys: Mapping[str, ec.EllipticCurvePrivateKey],
    root: x509.Certificate,
) -> None:
    chain = x509.load_pem_x509_certificates(str(answer["chain"]).encode())
    if chain[-1] != root:
        raise ForeignAuthorityError("the authority's chain does not end at the pinned root")
    for use, key in keys.items():
        pem = str(answer["certificates"][use]).encode()
        _check_certificate(x509.load_pem_x509_certificate(pem), key, chain)
        write_file(folder / f"{use}.crt", pem)
    write_file(folder / "chain.pem", str(answer["chain"]).encode())
    write_file(folder / "office_anchor.pub", str(answer["office_anchor"]).encode())
    write_file(folder / "office.toml", _office_toml(answer["office"]).encode())


def _check_certificate(
    certificate: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    chain: list[x509.Certificate],
) -> None:
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ours = certificate.public_key().public_bytes(*spki) == key.public_key().public_bytes(*spki)
    try:
        certificate.verify_directly_issued_by(chain[0])
        chain[0].verify_directly_issued_by(chain[-1])
    except (ValueError, TypeError, InvalidSignature) as error:
        raise ForeignAuthorityError("a certificate is not from the pinned authority") from error
    if not ours:
        raise ForeignAuthorityError("a certificate is not for this unit's key")


def _office_toml(office: Mapping[str, Any]) -> str:
    quoted = {name: json.dumps(str(value)) for name, value in office.items()}
    return (
        "# Written at enrolment; the authority decided every line of it.\n"
        "format = 1\n"
        + "".join(
            f"{name} = {quoted[name]}\n"
            for name in ("office", "device", "device_code", "environment")
        )
        + f"\n[broker]\nhost = {quoted['broker_host']}\nport = {int(office['broker_port'])}\n"
    )


def _chain(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise UsageError("this unit is not enrolled: use `enrol` with a one-time token") from error


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
