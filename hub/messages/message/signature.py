"""The XAdES-B-B signature of a message: made by the hub's message key, believed in one form only.

One signature, the root's last child; its first reference is the whole document (URI ""), so that
nothing can be wrapped around what was signed. Whoever reads goes on with the signed element alone.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.xades.xades import (
    XAdESDataObjectFormat,
    XAdESSignatureConfiguration,
    XAdESSigner,
    XAdESVerifier,
)

from hub.keys.message_key import MessageKey, TrustedCertificate
from hub.messages.message.errors import Reason
from hub.messages.message.signature_form import DS, distrusted, form_of
from hub.messages.message.to_xml import PREFIX, Element, instant

CONFIGURATION: Final = XAdESSignatureConfiguration(
    location="./",
    signature_methods=frozenset({SignatureMethod.ECDSA_SHA256}),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
)
FORMAT: Final = XAdESDataObjectFormat(Description="Madoguchi message", MimeType="application/xml")
SECOND_US: Final = 1_000_000
BODY_AND_HEADER: Final = 2
logging.getLogger("signxml").setLevel(logging.WARNING)  # at DEBUG it writes all that it signs


@dataclass(frozen=True)
class Signed:
    """What a signature vouches for: the element without the signature, by whom and when."""

    root: Element
    certificate: TrustedCertificate
    signed_at: dt.datetime


class _Signer(XAdESSigner):
    """signxml's signer with a time of ours: the hub's clock, not the machine's."""

    def __init__(self, moment: dt.datetime) -> None:
        super().__init__(
            data_object_format=FORMAT,
            signature_algorithm=SignatureMethod.ECDSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_1,
        )
        self._moment = moment

    def add_signing_time(
        self,
        signed_signature_properties: Element,
        sig_root: object,
        signing_settings: object,
    ) -> None:
        """Write the time that was given."""
        del sig_root, signing_settings
        tag = "{http://uri.etsi.org/01903/v1.3.2#}SigningTime"
        etree.SubElement(signed_signature_properties, tag).text = instant(self._moment)


def sign(root: Element, key: MessageKey, moment: dt.datetime) -> bytes:
    """The signed message as UTF-8 bytes with an XML declaration."""
    signer = _Signer(moment)
    signed = signer.sign(root, key=key.key.key, cert=[key.certificate], always_add_key_value=False)
    return etree.tostring(signed, xml_declaration=True, encoding="UTF-8")


def verify(data: bytes, root: Element, trusted: Sequence[TrustedCertificate]) -> Signed:
    """What the signature of the parsed message `root` vouches for.

    `data` are the bytes that `root` was parsed from. MessageSignatureError, with its reason, for
    anything but one signature at its place, in its form, by a key that was in use.
    """
    form = form_of(root)
    known = next((one for one in trusted if one.der == form.certificate), None)
    if known is None:
        raise distrusted(form.line, Reason.UNKNOWN_CERTIFICATE)
    if not in_use(known, form.signed_at):
        raise distrusted(form.line, Reason.SIGNATURE_TIME)
    configuration = replace(CONFIGURATION, verification_time=form.signed_at)
    try:
        results = XAdESVerifier().verify(
            data, x509_cert=known.certificate, expect_config=configuration
        )
    except (SignXMLException, etree.LxmlError, ValueError, TypeError, LookupError):
        raise distrusted(form.line, Reason.SIGNATURE) from None
    signed = results[0].signed_xml
    if (
        signed is None
        or signed.tag != f"{PREFIX}Message"
        or signed.find(f"{DS}Signature") is not None
    ):
        raise distrusted(form.line, Reason.SIGNATURE_PLACE)
    return Signed(signed, known, form.signed_at)


def in_use(known: TrustedCertificate, moment: dt.datetime) -> bool:
    """Whether a key was in use at a signing time, which is told to the second."""
    second = int(moment.timestamp()) * SECOND_US
    ended = known.not_after_us is not None and second > known.not_after_us
    return second + SECOND_US > known.not_before_us and not ended
