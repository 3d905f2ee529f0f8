"""The two certificates of a virtual card: policies, usage and the names a real one would have."""

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID, ObjectIdentifier

from drivers.card_reader.simulated_card.demo_pki import (
    DemoPki,
    certificate_digest,
    key_usage,
)
from drivers.card_reader.simulated_card.persona import Persona
from drivers.card_reader.simulated_card.signing import CardPrivateKey
from intake.certificates.anchors import Purpose
from intake.certificates.profile import CertificateProfile
from intake.certificates.tlv import write_tlv

_DER = serialization.Encoding.DER
_SAN_ARC = "1.2.392.200149.8.5.5"
_ERAS = ((2019, 5, 1, 5), (1989, 1, 8, 4), (1926, 12, 25, 3), (1912, 7, 30, 2), (1868, 1, 25, 1))


def leaf_certificate(
    persona: Persona,
    pki: DemoPki,
    purpose: Purpose,
    key: CardPrivateKey,
    *,
    now: dt.datetime,
    form: CertificateProfile,
) -> bytes:
    """The holder's certificate for `sign` or `auth` as DER, issued by the demo authority.

    Its policy is the first one of `form` for that purpose and the persona's hierarchy.
    """
    issuer = pki.issuers[purpose, persona.hierarchy]
    policy = x509.PolicyInformation(ObjectIdentifier(_policy(form, purpose, persona)), None)
    begin, end = persona.certificate_days
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{x509.random_serial_number() % 10**20:020d}"),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number() >> 96)
        .not_valid_before(now + dt.timedelta(days=begin))
        .not_valid_after(now + dt.timedelta(days=end))
        .add_extension(x509.CertificatePolicies([policy]), critical=True)
        .add_extension(_usage(purpose), critical=True)
    )
    if purpose is Purpose.SIGN:
        builder = builder.add_extension(_subject_names(persona), critical=False)
    return builder.sign(issuer.key, certificate_digest(issuer.key)).public_bytes(_DER)


def _policy(form: CertificateProfile, purpose: Purpose, persona: Persona) -> str:
    return next(
        oid
        for oid, policy in form.policies.items()
        if policy.purpose is purpose and policy.hierarchy is persona.hierarchy
    )


def _usage(purpose: Purpose) -> x509.KeyUsage:
    return key_usage(digital_signature=True, content_commitment=purpose is Purpose.SIGN)


def _subject_names(persona: Persona) -> x509.SubjectAlternativeName:
    """The signing certificate's otherNames: name, flags, sex, birth, address, flags."""
    names = persona.certificate
    name = names.name if names else persona.name
    address = names.address if names else persona.address
    values = {
        1: name,
        2: names.name_flags if names else "0" * len(name),
        3: persona.sex,
        4: f"{_era_digit(persona.birth_date)}{persona.birth_date:%Y%m%d}",
        5: address,
        6: names.address_flags if names else "0" * len(address),
    }
    return x509.SubjectAlternativeName(
        [
            x509.OtherName(ObjectIdentifier(f"{_SAN_ARC}.{arc}"), write_tlv(0x0C, text.encode()))
            for arc, text in values.items()
        ]
    )


def _era_digit(date: dt.date) -> int:
    return next((digit for *start, digit in _ERAS if date >= dt.date(*start)), 0)
