"""Only what the office signed is believed: wrapping, tampering and other keys are refused.

The control: signxml alone, used as its quick start shows, believes a wrapped message.
"""

import base64
import copy
import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from lxml import etree
from signxml.signer import XMLSigner
from signxml.verifier import XMLVerifier

from hub.keys.message_key import TrustedCertificate
from hub.messages.message.checking import check
from hub.messages.message.errors import MessageSignatureError, Reason
from hub.messages.message.making import make
from hub.messages.message.to_xml import PREFIX, Element, tree
from tests.hub.messages.message.message_samples import NOW, NOW_US, full, key, minimal, trusted

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
OTHER = "999999999999999"


def signed() -> Element:
    return etree.fromstring(make(full(), key(), NOW))


def other() -> Element:
    sample = full()
    return tree(replace(sample, recipient=replace(sample.recipient, atena_no=OTHER)))


def one(root: Element, path: str) -> Element:
    found = root.find(path)
    assert found is not None
    return found


def signature(root: Element) -> Element:
    return one(root, f"{DS}Signature")


def refused(root: Element, reason: Reason | None = None) -> None:
    with pytest.raises(MessageSignatureError) as caught:
        check(etree.tostring(root), trusted())
    assert caught.value.exit_code == 5
    assert caught.value.problems[0].line > 0
    if reason is not None:
        assert caught.value.problems[0].reason is reason


def inside_another() -> Element:
    root = other()
    root.append(signed())
    return root


def beside_the_signature() -> Element:
    """Other content at the root, the signed message kept below the signature."""
    root, kept = other(), signed()
    moved = copy.deepcopy(signature(kept))
    holder = etree.SubElement(moved, f"{DS}Object")
    holder.append(kept)
    root.append(moved)
    return root


def original_in_an_object() -> Element:
    root, kept = other(), signed()
    root.append(signature(kept))
    etree.SubElement(one(signature(root), f"{DS}Object"), "kept").append(kept)
    return root


def original_before() -> Element:
    root = other()
    root.insert(0, signed())
    return root


def signature_first() -> Element:
    root = signed()
    root.insert(0, signature(root))
    return root


def signature_in_the_body() -> Element:
    root = signed()
    one(root, f"{PREFIX}Body").append(signature(root))
    return root


def two_signatures() -> Element:
    root = signed()
    root.append(copy.deepcopy(signature(root)))
    return root


def other_signatures_content() -> Element:
    root = other()
    root.append(signature(signed()))
    return root


@pytest.mark.parametrize(
    ("wrapped", "reason"),
    [
        (inside_another, Reason.SIGNATURE_PLACE),
        (beside_the_signature, Reason.SIGNATURE_PLACE),
        (original_in_an_object, Reason.SIGNATURE_FORM),
        (original_before, Reason.SIGNATURE_PLACE),
        (signature_first, Reason.SIGNATURE_PLACE),
        (signature_in_the_body, Reason.SIGNATURE_PLACE),
        (two_signatures, Reason.SIGNATURE_PLACE),
        (other_signatures_content, Reason.SIGNATURE),
        (lambda: tree(full()), Reason.NO_SIGNATURE),
    ],
)
def test_a_signature_counts_at_its_place_only(wrapped: Callable[[], Element], reason: Reason):
    refused(wrapped(), reason)


def by_reference(scalar: int = 7) -> Element:
    """A message signed by the same key, but by an Id: the form that can be wrapped."""
    root = tree(full())
    root.set("Id", "message")
    one_key = key(scalar)
    signer = XMLSigner(signature_algorithm="ecdsa-sha256")
    return signer.sign(
        root, key=one_key.key.key, cert=[one_key.certificate], reference_uri="#message"
    )


def test_the_control_believes_a_wrapped_message():
    """A reader that verifies with signxml and then reads the document reads the other number."""
    root = other()
    root.append(by_reference())
    data = etree.tostring(root)
    XMLVerifier().verify(data, x509_cert=key().certificate)
    assert one(etree.fromstring(data), f".//{PREFIX}AtenaNo").text == OTHER
    refused(root, Reason.SIGNATURE_PLACE)
    refused(by_reference(), Reason.SIGNATURE_FORM)


def _set(path: str, text: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        one(root, path).text = text

    return change


def _attribute(path: str, name: str, value: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        one(root, path).set(name, value)

    return change


def _remove(path: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        found = one(root, path)
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)

    return change


def _unsigned_properties(root: Element) -> None:
    etree.SubElement(one(root, f".//{XADES}QualifyingProperties"), f"{XADES}UnsignedProperties")


def _second_object(root: Element) -> None:
    etree.SubElement(signature(root), f"{DS}Object").text = "x"


def _same_id(root: Element) -> None:
    found = one(root, f".//{XADES}SignedProperties")
    one(root, f"{DS}Signature/{DS}KeyInfo").set("Id", found.get("Id") or "")


def _id_outside(root: Element) -> None:
    one(root, f"{PREFIX}Body").set("Id", one(root, f".//{XADES}SignedProperties").get("Id") or "")


def _id_in_another_writing(root: Element) -> None:
    value = one(root, f".//{XADES}SignedProperties").get("Id") or ""
    one(root, f"{PREFIX}Header").set("{http://www.w3.org/XML/1998/namespace}id", value)


def _swapped_bytes(root: Element) -> None:
    file = one(root, f".//{PREFIX}File")
    data = bytearray(base64.b64decode(file.text or ""))
    data[-1] ^= 1
    file.text = base64.b64encode(data).decode()


INFO = f"{DS}Signature/{DS}SignedInfo"
WHOLE = f"{INFO}/{DS}Reference"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_set(f".//{PREFIX}AtenaNo", OTHER), Reason.SIGNATURE),
        (_set(f".//{PREFIX}Yen", "1"), Reason.SIGNATURE),
        (_set(f".//{PREFIX}LegalNotification", "false"), Reason.SIGNATURE),
        (_attribute(f".//{PREFIX}IssuedOn", "era", "令和8年11月2日"), Reason.SIGNATURE),
        (_swapped_bytes, Reason.SIGNATURE),
        (_remove(f".//{PREFIX}Action"), Reason.SIGNATURE),
        (_set(f".//{XADES}SigningTime", "2026-11-24T01:02:03Z"), Reason.SIGNATURE),
        (_set(f".//{XADES}SigningTime", "2026-11-24T01:02:03"), Reason.SIGNATURE_FORM),
        (_set(f".//{XADES}SigningTime", "yesterday"), Reason.SIGNATURE_FORM),
        (_remove(f".//{XADES}SigningCertificateV2"), Reason.SIGNATURE_FORM),
        (_set(f"{DS}Signature/{DS}SignatureValue", "AAAA"), Reason.SIGNATURE),
        (_set(f"{DS}Signature/{DS}SignatureValue", ""), Reason.SIGNATURE),
        (_set(f".//{DS}X509Certificate", "AAAA"), Reason.UNKNOWN_CERTIFICATE),
        (_set(f".//{DS}X509Certificate", "ÄÄ"), Reason.SIGNATURE_FORM),
        (_attribute(WHOLE, "URI", "#x"), Reason.SIGNATURE_FORM),
        (_attribute(f"{INFO}/{DS}SignatureMethod", "Algorithm", "x"), Reason.SIGNATURE_FORM),
        (_attribute(f"{WHOLE}/{DS}DigestMethod", "Algorithm", "x"), Reason.SIGNATURE_FORM),
        (_attribute(f".//{DS}Transform", "Algorithm", "x"), Reason.SIGNATURE_FORM),
        (_remove(f".//{DS}Transform"), Reason.SIGNATURE_FORM),
        (_remove(WHOLE), Reason.SIGNATURE_FORM),
        (_remove(f"{DS}Signature/{DS}KeyInfo"), Reason.SIGNATURE_FORM),
        (_remove(f".//{XADES}SignedProperties"), Reason.SIGNATURE_FORM),
        (_unsigned_properties, Reason.SIGNATURE_FORM),
        (_second_object, Reason.SIGNATURE_FORM),
        (_same_id, Reason.SIGNATURE_FORM),
        (_id_outside, Reason.SIGNATURE_FORM),
        (_id_in_another_writing, Reason.SIGNATURE_FORM),
    ],
)
def test_whatever_is_changed_is_found(change: Callable[[Element], None], reason: Reason):
    root = signed()
    change(root)
    refused(root, reason)


def test_a_certificate_is_pinned_not_merely_present():
    data = make(full(), key(8), NOW)
    with pytest.raises(MessageSignatureError) as caught:
        check(data, trusted())
    assert caught.value.problems[0].reason is Reason.UNKNOWN_CERTIFICATE
    assert check(data, trusted(key(), key(8))).content == full()


def test_a_trusted_certificate_put_in_place_of_the_signers_does_not_help():
    root = etree.fromstring(make(full(), key(8), NOW))
    mine = etree.fromstring(make(full(), key(), NOW))
    path = f".//{DS}X509Certificate"
    one(root, path).text = one(mine, path).text
    refused(root, Reason.SIGNATURE)


@pytest.mark.parametrize(("at", "holds"), [(-2, False), (0, True), (59, True), (61, False)])
def test_a_retired_key_is_believed_for_its_time_only(at: int, holds: bool):
    retired = TrustedCertificate(key().certificate, NOW_US, NOW_US + 60_000_000)
    data = make(minimal(), key(), NOW + dt.timedelta(seconds=at))
    if holds:
        assert check(data, [retired]).content == minimal()
        return
    with pytest.raises(MessageSignatureError) as caught:
        check(data, [retired])
    assert caught.value.problems[0].reason is Reason.SIGNATURE_TIME
