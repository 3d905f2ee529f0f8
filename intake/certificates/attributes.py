"""The attributes in a signing certificate: name, address, birth, sex, substitute-character flags.

The certificate holds only characters of JIS; where it put another character in place of one, the
flag string has a 1 at that position. So the flags tell a counter which characters must be drawn.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from intake.certificates.errors import CardDataError
from intake.certificates.outcome import CertificateReason
from intake.certificates.tlv import read_tlv

ARC: Final = "1.2.392.200149.8.5.5"
LONGEST: Final = 200
_UTF8_STRING: Final = 0x0C
_NAMES: Final = {
    f"{ARC}.1": "name",
    f"{ARC}.2": "name_flags",
    f"{ARC}.3": "sex",
    f"{ARC}.4": "birth",
    f"{ARC}.5": "address",
    f"{ARC}.6": "address_flags",
}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FORMS: Final = {
    "sex": re.compile(r"[0-9]"),
    "birth": re.compile(r"[0-5][0-9]{8}"),
    "name_flags": re.compile(r"[01]*"),
    "address_flags": re.compile(r"[01]*"),
}


class AttributeFormError(CardDataError):
    """An attribute of a certificate is not in its form; `reason` is the code of the check."""

    def __init__(self, reason: CertificateReason, what: str) -> None:
        super().__init__(f"the attribute {what} of the certificate: {reason.value}")
        self.reason = reason


@dataclass(frozen=True)
class CertificateAttributes:
    """What the certificate states; None where it states nothing. `birth` is EYYYYMMDD."""

    name: str | None = field(default=None, repr=False)
    name_flags: str | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    birth: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    address_flags: str | None = field(default=None, repr=False)

    @property
    def substituted_name(self) -> tuple[int, ...]:
        """Positions (from 0) of characters of the name that stand in place of another one."""
        return _marked(self.name_flags)

    @property
    def substituted_address(self) -> tuple[int, ...]:
        """The same positions of the address."""
        return _marked(self.address_flags)


def read_attributes(certificate: x509.Certificate) -> CertificateAttributes:
    """The attributes of a parsed certificate; unknown ones of the arc are passed over.

    Raises AttributeFormError when a known one stands twice, is no UTF8String of 1 to 200
    characters in its form, or when a flag string is not as long as the text it belongs to.
    """
    _refuse_doubled_name(certificate)
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return CertificateAttributes()
    found: dict[str, str] = {}
    for other in names.get_values_for_type(x509.OtherName):
        what = _NAMES.get(other.type_id.dotted_string)
        if what is None:
            continue
        if what in found:
            raise AttributeFormError(CertificateReason.ATTRIBUTE_DOUBLED, what)
        found[what] = _text(what, other.value)
    for text, flags in (("name", "name_flags"), ("address", "address_flags")):
        if flags in found and len(found[flags]) != len(found.get(text, "")):
            raise AttributeFormError(CertificateReason.ATTRIBUTE_FLAGS, flags)
    return CertificateAttributes(**found)


def _refuse_doubled_name(certificate: x509.Certificate) -> None:
    """A subject has one common name (its serial); several localities are usual."""
    if len(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)) > 1:
        raise AttributeFormError(CertificateReason.ATTRIBUTE_DOUBLED, "common name")


def _text(what: str, value: bytes) -> str:
    try:
        inner = read_tlv(value)
        text = inner.value.decode("utf-8")
    except (CardDataError, UnicodeDecodeError):
        raise AttributeFormError(CertificateReason.ATTRIBUTE_SYNTAX, what) from None
    whole = inner.tag == _UTF8_STRING and inner.end == len(value)
    if not whole or not 1 <= len(text) <= LONGEST or _CONTROL.search(text):
        raise AttributeFormError(CertificateReason.ATTRIBUTE_SYNTAX, what)
    form = _FORMS.get(what)
    if form is not None and not form.fullmatch(text):
        flags = what.endswith("_flags")
        raise AttributeFormError(
            CertificateReason.ATTRIBUTE_FLAGS if flags else CertificateReason.ATTRIBUTE_SYNTAX, what
        )
    return text


def _marked(flags: str | None) -> tuple[int, ...]:
    return tuple(index for index, flag in enumerate(flags or "") if flag != "0")
