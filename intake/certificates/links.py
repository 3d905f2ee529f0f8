"""One link of a chain: who may issue, whose signature this is, and whether the time is right."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import SignatureAlgorithmOID

SAFE: Final[Mapping[x509.ObjectIdentifier, tuple[type, hashes.HashAlgorithm]]] = {
    SignatureAlgorithmOID.RSA_WITH_SHA256: (RSAPublicKey, hashes.SHA256()),
    SignatureAlgorithmOID.RSA_WITH_SHA384: (RSAPublicKey, hashes.SHA384()),
    SignatureAlgorithmOID.RSA_WITH_SHA512: (RSAPublicKey, hashes.SHA512()),
    SignatureAlgorithmOID.ECDSA_WITH_SHA256: (EllipticCurvePublicKey, hashes.SHA256()),
    SignatureAlgorithmOID.ECDSA_WITH_SHA384: (EllipticCurvePublicKey, hashes.SHA384()),
    SignatureAlgorithmOID.ECDSA_WITH_SHA512: (EllipticCurvePublicKey, hashes.SHA512()),
}
"""Signature algorithms that count, with the key each needs."""
CLOCK_SKEW: Final = dt.timedelta(minutes=5)
"""How far ahead of ours the clock of whoever issues lists and answers may be."""
_MIN_RSA_BITS, _MAX_RSA_BITS = 2048, 8192


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer`'s key signed `certificate` in a way that is still safe.

    The names are not compared here.
    """
    return signature_holds(
        issuer,
        certificate.signature,
        certificate.tbs_certificate_bytes,
        certificate.signature_algorithm_oid,
    )


def signature_holds(
    signer: x509.Certificate, signature: bytes, covered: bytes, algorithm: x509.ObjectIdentifier
) -> bool:
    """Whether `signature` (RSA PKCS#1 v1.5 or ECDSA) over `covered` is by `signer`'s key."""
    kind, digest = SAFE.get(algorithm, (None, None))
    if kind is None or digest is None:
        return False
    try:
        key = signer.public_key()
        if not isinstance(key, kind):
            return False
        if isinstance(key, RSAPublicKey) and _MIN_RSA_BITS <= key.key_size <= _MAX_RSA_BITS:
            key.verify(signature, covered, PKCS1v15(), digest)
            return True
        if isinstance(key, EllipticCurvePublicKey):
            key.verify(signature, covered, ECDSA(digest))
            return True
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return False


def in_time(certificate: x509.Certificate, at: dt.datetime) -> bool:
    """Whether `at` lies in the certificate's period, both ends included."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may sign certificates: CA:TRUE, and keyCertSign where it states its usage."""
    constraints = basic_constraints(certificate)
    usage = key_usage(certificate)
    return constraints is not None and constraints.ca and (usage is None or usage.key_cert_sign)


def may_sign_lists(certificate: x509.Certificate) -> bool:
    """Whether it may sign revocation lists: cRLSign where it states its usage."""
    usage = key_usage(certificate)
    return usage is None or usage.crl_sign


def basic_constraints(certificate: x509.Certificate) -> x509.BasicConstraints | None:
    """The extension's value, None when it is not there."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return None


def key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    """The extension's value, None when it is not there."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
