"""What is sent to a card's key for a message, and whether its answer holds, by algorithm."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.card_reader.errors import SignatureUnverifiedError
from drivers.card_reader.profile import Algorithm
from intake.certificates.card_key import digest_info, signature_holds
from intake.certificates.certificate import load_certificate

SIGNATURE_BYTES = {Algorithm.RSA_SHA256: 256, Algorithm.ECDSA_P384: 96}


def signing_input(algorithm: Algorithm, message: bytes) -> bytes:
    """The data field of the card's signature command: a DigestInfo, or for ECDSA the digest."""
    if algorithm is Algorithm.RSA_SHA256:
        return digest_info(message)
    return hashlib.sha384(message).digest()


def require_signature(
    algorithm: Algorithm, certificate: bytes, signature: bytes, message: bytes
) -> None:
    """Verify what a holder's key answered; raises SignatureUnverifiedError unless it holds."""
    loaded = load_certificate(certificate)
    key = None if loaded is None else loaded.public_key()
    wanted = RSAPublicKey if algorithm is Algorithm.RSA_SHA256 else EllipticCurvePublicKey
    fits = isinstance(key, wanted) and len(signature) == SIGNATURE_BYTES[algorithm]
    if isinstance(key, EllipticCurvePublicKey) and not isinstance(key.curve, SECP384R1):
        fits = False
    if (
        not fits
        or not isinstance(key, RSAPublicKey | EllipticCurvePublicKey)
        or not signature_holds(key, signature, message)
    ):
        raise SignatureUnverifiedError("the card's signature does not verify; read it again")
