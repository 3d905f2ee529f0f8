"""Asks an OCSP responder about one certificate; every question has a nonce of its own."""

import logging
import os
from collections.abc import Callable
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from hub.errors import RevocationSourceError
from hub.revocation.exchange import exchange
from intake.certificates.certificate import RevocationEvidence
from intake.certificates.online_answer import MAX_RESPONSE_BYTES

NONCE_BYTES: Final = 16
_REQUEST: Final = "application/ocsp-request"

logger = logging.getLogger(__name__)


class Responder:
    """One responder, by its URL (http or https)."""

    def __init__(
        self, url: str, timeout_s: float, random: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._url = url
        self._timeout_s = timeout_s
        self._random = random

    def ask(self, certificate: x509.Certificate, issuer: x509.Certificate) -> RevocationEvidence:
        """The response as it came and the nonce asked with; nothing in it is judged here.

        Tried twice; RevocationSourceError when nobody answers.
        """
        nonce = self._random(NONCE_BYTES)
        body = _question(certificate, issuer, nonce)
        try:
            response = self._post(body)
        except RevocationSourceError as error:
            logger.info("%s; asked once more", error)
            response = self._post(body)
        return RevocationEvidence(ocsp=response, nonce=nonce)

    def _post(self, body: bytes) -> bytes:
        return exchange(self._url, self._timeout_s, MAX_RESPONSE_BYTES, body, _REQUEST)


def _question(certificate: x509.Certificate, issuer: x509.Certificate, nonce: bytes) -> bytes:
    digest = hashes.SHA1()  # noqa: S303 - it names the certificate, and is what responders know
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, digest)
    question = builder.add_extension(x509.OCSPNonce(nonce), critical=False).build()
    return question.public_bytes(Encoding.DER)
