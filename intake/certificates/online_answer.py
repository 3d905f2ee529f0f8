"""An OCSP response: who may answer, about which certificate, how fresh, and what it says.

What is not usable in every respect says nothing, in either direction.
"""

import datetime as dt
import hmac
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, OCSPExtensionOID

from intake.certificates.links import CLOCK_SKEW, in_time, issued_by, key_usage, signature_holds
from intake.certificates.outcome import CertificateReason, RevocationAnswer
from intake.certificates.revocation_list import REASONS
from intake.certificates.signed_form import is_signed_once, response_is_signed_once
from intake.certificates.tlv import read_fields, read_tlv
from intake.certificates.untrusted import read_or_none

MAX_RESPONSE_BYTES: Final = 64 * 1024
MAX_RESPONDERS: Final = 4
LONGEST_WITHOUT_NEXT: Final = dt.timedelta(days=1)
"""A response that does not say when newer information is due is taken for this long."""
_NO_CHECK: Final = ExtensionOID.OCSP_NO_CHECK
_KNOWN_OF_RESPONDER: Final = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        _NO_CHECK,
    }
)


def open_response(der: bytes) -> ocsp.OCSPResponse | None:
    """The response in `der`, None when its bytes or extensions cannot be read."""
    if len(der) > MAX_RESPONSE_BYTES:
        return None

    def read() -> ocsp.OCSPResponse:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL:
            _ = list(response.extensions), list(response.certificates)
            _ = response.responder_name, response.responder_key_hash
            _ = response.signature_algorithm_oid
            _ = [_parsed(one) for one in response.responses]
        if not response_is_signed_once(der):
            raise ValueError("a signature that does not end with whole octets")
        return response

    return read_or_none(read)


def answer(
    response: ocsp.OCSPResponse,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    at: dt.datetime,
    nonce: bytes | None,
) -> RevocationAnswer:
    """What the response says about `certificate` at `at`; `nonce` is what the question held.

    Of several answers about the certificate the worst counts.
    """
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return RevocationAnswer(CertificateReason.OCSP_NO_ANSWER)
    problem = (
        _signer_problem(response, issuer, at)
        or _extension_problem(response)
        or _nonce_problem(response, nonce)
    )
    if problem is not None:
        return RevocationAnswer(problem)
    ours = [one for one in response.responses if _is_about(one, certificate, issuer)]
    if not ours:
        return RevocationAnswer(CertificateReason.OCSP_OTHER_CERTIFICATE)
    answers = [_single_answer(one, at) for one in ours]
    return max(answers, key=lambda one: _badness(one.reason))


def _badness(reason: CertificateReason) -> int:
    order = ("valid", "unknown", "invalid", "revoked")
    return order.index(reason.result.value)


def _signer_problem(
    response: ocsp.OCSPResponse, issuer: x509.Certificate, at: dt.datetime
) -> CertificateReason | None:
    """The issuer itself, or a responder it certified for this: nobody else may answer."""
    if _is_responder(response, issuer):
        return None if _signed(response, issuer) else CertificateReason.OCSP_SIGNATURE
    for candidate in response.certificates[:MAX_RESPONDERS]:
        if not _is_responder(response, candidate):
            continue
        if not _signed(response, candidate):
            return CertificateReason.OCSP_SIGNATURE
        trusted = read_or_none(lambda one=candidate: _may_answer(one, issuer, at))
        return None if trusted else CertificateReason.OCSP_RESPONDER
    return CertificateReason.OCSP_RESPONDER


def _may_answer(candidate: x509.Certificate, issuer: x509.Certificate, at: dt.datetime) -> bool:
    """Certified for OCSP signing by the very key that issued the certificate asked about."""
    usage = key_usage(candidate)
    if usage is not None and not usage.digital_signature:
        return False
    try:
        purposes = candidate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    known = all(
        not extension.critical or extension.oid in _KNOWN_OF_RESPONDER
        for extension in candidate.extensions
    )
    return (
        known
        and is_signed_once(candidate.public_bytes(Encoding.DER))
        and ExtendedKeyUsageOID.OCSP_SIGNING in purposes
        and candidate.issuer == issuer.subject
        and in_time(candidate, at)
        and issued_by(candidate, issuer)
    )


def _is_responder(response: ocsp.OCSPResponse, candidate: x509.Certificate) -> bool:
    if response.responder_key_hash is not None:
        return hmac.compare_digest(response.responder_key_hash, _key_hash(candidate, hashes.SHA1()))  # noqa: S303 - the protocol names keys so
    return response.responder_name == candidate.subject


def _signed(response: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    return signature_holds(
        signer, response.signature, response.tbs_response_bytes, response.signature_algorithm_oid
    )


def _extension_problem(response: ocsp.OCSPResponse) -> CertificateReason | None:
    for extension in response.extensions:
        if extension.critical and extension.oid != OCSPExtensionOID.NONCE:
            return CertificateReason.OCSP_UNKNOWN_CRITICAL_EXTENSION
    return None


def _nonce_problem(response: ocsp.OCSPResponse, nonce: bytes | None) -> CertificateReason | None:
    """A question with a nonce is answered with the same nonce, or the answer may be an old one."""
    if nonce is None:
        return None
    try:
        found = response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return CertificateReason.OCSP_NONCE
    return None if hmac.compare_digest(found, nonce) else CertificateReason.OCSP_NONCE


def _is_about(
    one: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> bool:
    digest = one.hash_algorithm
    return (
        one.serial_number == certificate.serial_number
        and one.issuer_name_hash == _hash(issuer.subject.public_bytes(), digest)
        and one.issuer_key_hash == _key_hash(issuer, digest)
    )


def _single_answer(one: ocsp.OCSPSingleResponse, at: dt.datetime) -> RevocationAnswer:
    until = one.next_update_utc or one.this_update_utc + LONGEST_WITHOUT_NEXT
    if one.this_update_utc > at + CLOCK_SKEW:
        return RevocationAnswer(CertificateReason.OCSP_NOT_YET_ISSUED)
    if until < at:
        return RevocationAnswer(CertificateReason.OCSP_STALE)
    if one.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        reason = REASONS.get(one.revocation_reason, CertificateReason.REVOKED)
        return RevocationAnswer(reason, one.revocation_time_utc, until)
    if one.certificate_status is ocsp.OCSPCertStatus.GOOD:
        return RevocationAnswer(CertificateReason.NOT_REVOKED, None, until)
    return RevocationAnswer(CertificateReason.OCSP_STATUS_UNKNOWN)


def _parsed(one: ocsp.OCSPSingleResponse) -> tuple[object, ...]:
    """Everything that is used later, since it is parsed only when asked for."""
    return (
        one.hash_algorithm,
        one.certificate_status,
        one.this_update_utc,
        one.next_update_utc,
        one.revocation_time_utc,
        one.revocation_reason,
    )


def _key_hash(certificate: x509.Certificate, digest: hashes.HashAlgorithm) -> bytes:
    """The hash over the bits of the public key, without the header that says its kind."""
    info = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    *_, bits = read_fields(info, read_tlv(info).value_start)
    return _hash(bits.value[1:], digest)


def _hash(data: bytes, digest: hashes.HashAlgorithm) -> bytes:
    context = hashes.Hash(digest)
    context.update(data)
    return context.finalize()
