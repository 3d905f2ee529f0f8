"""The one form a message's signature may have, compared element by element before it is verified.

What is not compared here could be used: another transform, a second reference, an Id that stands
twice, properties that nobody signed.
"""

import base64
import binascii
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.messages.message.errors import MessageSignatureError, Problem, Reason
from hub.messages.message.parsing import line_of
from hub.messages.message.to_xml import Element, name_of

DS: Final = "{http://www.w3.org/2000/09/xmldsig#}"
XADES: Final = "{http://uri.etsi.org/01903/v1.3.2#}"
C14N: Final = "http://www.w3.org/2006/12/xml-c14n11"
ECDSA: Final = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
PROPERTIES: Final = "http://uri.etsi.org/01903#SignedProperties"
SIGNED_PARTS: Final = (
    f"{XADES}SignedSignatureProperties/{XADES}SigningTime",
    f"{XADES}SignedSignatureProperties/{XADES}SigningCertificateV2/{XADES}Cert",
)


@dataclass(frozen=True)
class Form:
    """What the form says before it is verified: the certificate (DER), the time, the line."""

    certificate: bytes
    signed_at: dt.datetime
    line: int


def distrusted(line: int, reason: Reason, detail: str = "") -> MessageSignatureError:
    """The error for a signature that is not believed."""
    return MessageSignatureError((Problem(line, reason, detail),))


def form_of(root: Element) -> Form:
    """The form of the only signature, the root's last child; MessageSignatureError otherwise."""
    signature = _only_signature(root)
    line = line_of(signature)
    try:
        _check(root, signature)
        return Form(_certificate(signature), _signing_time(signature), line)
    except (ValueError, binascii.Error) as error:
        raise distrusted(line, Reason.SIGNATURE_FORM, str(error)[:60]) from None


def _only_signature(root: Element) -> Element:
    found = list(root.iter(f"{DS}Signature"))
    if not found:
        raise distrusted(line_of(root), Reason.NO_SIGNATURE)
    if len(found) > 1 or found[0].getparent() is not root or found[0].getnext() is not None:
        raise distrusted(line_of(found[-1]), Reason.SIGNATURE_PLACE)
    return found[0]


def _check(root: Element, signature: Element) -> None:
    info, _value, key, holder = _children(
        signature, "SignedInfo", "SignatureValue", "KeyInfo", "Object"
    )
    method, algorithm, whole, properties, certificate = _children(
        info, "CanonicalizationMethod", "SignatureMethod", "Reference", "Reference", "Reference"
    )
    _expect(method.get("Algorithm") == C14N and len(method) == 0, "canonicalisation")
    _expect(algorithm.get("Algorithm") == ECDSA and len(algorithm) == 0, "signature method")
    (data,) = _children(key, "X509Data")
    _children(data, "X509Certificate")
    _expect(len(holder) == 1 and holder[0].tag == f"{XADES}QualifyingProperties", "object")
    (signed,) = list(holder[0])
    _expect(signed.tag == f"{XADES}SignedProperties", "qualifying properties")
    _expect(holder[0].get("Target") == f"#{signature.get('Id')}", "target")
    _expect(all(signed.find(part) is not None for part in SIGNED_PARTS), "signed properties")
    _reference(whole, "", (ENVELOPED, C14N))
    _reference(properties, f"#{signed.get('Id')}", ())
    _expect(properties.get("Type") == PROPERTIES, "type of the second reference")
    _reference(certificate, f"#{key.get('Id')}", ())
    _check_ids(root, signature)


def _reference(reference: Element, address: str, transforms: Sequence[str]) -> None:
    _expect(reference.get("URI") == address and address != "#None", "reference")
    names = ("Transforms", "DigestMethod", "DigestValue")
    parts = _children(reference, *(names if transforms else names[1:]))
    if transforms:
        steps = _children(parts[0], *("Transform" for _ in transforms))
        found = tuple(step.get("Algorithm") for step in steps)
        _expect(found == tuple(transforms) and not any(map(len, steps)), "transforms")
    _expect(parts[-2].get("Algorithm") == SHA256, "digest method")


def _check_ids(root: Element, signature: Element) -> None:
    """No name twice in whatever writing, and none outside the signature."""
    seen: set[str] = set()
    inside = set(signature.iter())
    for node in root.iter():
        for name, value in node.attrib.items():
            if str(name).rpartition("}")[2].lower() == "id" and _is_name(node, inside):
                _expect(node in inside and str(value) not in seen, "an Id that is not its own")
                seen.add(str(value))


def _is_name(node: Element, inside: set[Element]) -> bool:
    """Whether an Id is an address: only the characters of a name have ids that are none."""
    return node in inside or name_of(node) != "Character"


def _certificate(signature: Element) -> bytes:
    text = signature.findtext(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate") or ""
    return base64.b64decode("".join(text.split()), validate=True)


def _signing_time(signature: Element) -> dt.datetime:
    found = signature.find(f".//{XADES}SigningTime")
    moment = dt.datetime.fromisoformat("" if found is None else found.text or "")
    _expect(moment.tzinfo is not None, "signing time")
    return moment


def _children(parent: Element, *names: str) -> list[Element]:
    found = list(parent)
    expected = [DS + name for name in names]
    _expect([one.tag for one in found] == expected, name_of(parent))
    return found


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
