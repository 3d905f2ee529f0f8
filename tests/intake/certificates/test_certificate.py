import datetime as dt
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.card_reader.simulated_card.demo_pki import DemoPki, key_usage, make_pki, new_key
from intake.certificates.anchors import AnchorSet, Hierarchy, Purpose, make_anchor_set
from intake.certificates.certificate import (
    CertificateCheck,
    CertificateReason,
    CheckResult,
    check_certificate,
)
from intake.office.environment import Environment
from tests.intake.certificates.conftest import NOW, Reading

BOTH = frozenset(Hierarchy)
AUTH = "1.2.392.200149.8.5.1.3.30"
SOMEBODY = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody")])
UNKNOWN_EXTENSION = x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.5"), b"\x05\x00")


def check(
    der: bytes,
    anchors: AnchorSet,
    purpose: Purpose = Purpose.AUTH,
    at: dt.datetime = NOW,
    accepted: frozenset[Hierarchy] = BOTH,
) -> CertificateCheck:
    return check_certificate(der, purpose=purpose, at=at, anchors=anchors, accepted=accepted)


@pytest.fixture(scope="module")
def holder() -> rsa.RSAPrivateKey:
    return new_key()


class Maker:
    """Makes leaf certificates that differ from a good one in one thing."""

    def __init__(self, pki: DemoPki, holder: rsa.RSAPrivateKey) -> None:
        self.issuer = pki.issuers[Purpose.AUTH, Hierarchy.PRODUCTION]
        self.holder = holder

    def __call__(
        self,
        *,
        policies: tuple[str, ...] = (AUTH,),
        usage: x509.KeyUsage | None = None,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None,
        signer: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None,
        issuer: x509.Name | None = None,
        digest: hashes.SHA256 | hashes.SHA384 | None = None,
        extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    ) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "0001")]))
            .issuer_name(issuer or self.issuer.certificate.subject)
            .public_key((key or self.holder).public_key())
            .serial_number(77)
            .not_valid_before(NOW - dt.timedelta(days=10))
            .not_valid_after(NOW + dt.timedelta(days=10))
        )
        if policies:
            infos = [x509.PolicyInformation(ObjectIdentifier(oid), None) for oid in policies]
            builder = builder.add_extension(x509.CertificatePolicies(infos), critical=True)
        chosen = key_usage(digital_signature=True) if usage is None else usage
        if any(vars_of(chosen)):
            builder = builder.add_extension(chosen, critical=True)
        for value, critical in extra:
            builder = builder.add_extension(value, critical=critical)
        certificate = builder.sign(signer or self.issuer.key, digest or hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.DER)


def vars_of(usage: x509.KeyUsage) -> tuple[bool, ...]:
    return (usage.digital_signature, usage.content_commitment, usage.key_cert_sign)


@pytest.fixture
def make(pki: DemoPki, holder: rsa.RSAPrivateKey) -> Maker:
    return Maker(pki, holder)


def test_a_good_certificate_waits_for_revocation(reading: Reading, anchors: AnchorSet):
    result = check(reading.auth_certificate, anchors)
    assert (result.result, result.reason) == (
        CheckResult.UNKNOWN,
        CertificateReason.REVOCATION_NOT_ASKED,
    )
    assert result.hierarchy is Hierarchy.PRODUCTION
    signing = check(reading.sign_certificate, anchors, Purpose.SIGN)
    assert signing.result is CheckResult.UNKNOWN


def test_the_makers_plain_certificate_is_good(make: Maker, anchors: AnchorSet):
    """The control of every case below: only the bend makes it fail."""
    assert check(make(), anchors).result is CheckResult.UNKNOWN


def test_a_certificate_for_another_purpose_is_refused(reading: Reading, anchors: AnchorSet):
    for der, purpose in (
        (reading.auth_certificate, Purpose.SIGN),
        (reading.sign_certificate, Purpose.AUTH),
    ):
        result = check(der, anchors, purpose)
        assert (result.result, result.reason) == (
            CheckResult.INVALID,
            CertificateReason.WRONG_PURPOSE,
        )


BENT: dict[CertificateReason, list[Callable[[Maker], bytes]]] = {
    CertificateReason.UNKNOWN_POLICY: [
        lambda make: make(policies=()),
        lambda make: make(policies=("1.2.3.4",)),
        lambda make: make(policies=(AUTH, "1.2.3.4")),
        lambda make: make(policies=(AUTH, "1.2.392.200149.8.5.1.1.20")),
    ],
    CertificateReason.KEY_USAGE: [
        lambda make: make(usage=key_usage()),
        lambda make: make(usage=key_usage(digital_signature=True, content_commitment=True)),
        lambda make: make(usage=key_usage(digital_signature=True, key_cert_sign=True)),
        lambda make: make(usage=key_usage(content_commitment=True)),
    ],
    CertificateReason.CA_CERTIFICATE: [
        lambda make: make(extra=((x509.BasicConstraints(ca=True, path_length=None), True),)),
        lambda make: make(extra=((x509.BasicConstraints(ca=True, path_length=0), False),)),
    ],
    CertificateReason.UNKNOWN_CRITICAL_EXTENSION: [
        lambda make: make(extra=((UNKNOWN_EXTENSION, True),)),
        lambda make: make(extra=((x509.InhibitAnyPolicy(0), True),)),
    ],
    CertificateReason.ALGORITHM: [
        lambda make: make(key=ec.generate_private_key(ec.SECP256R1())),
        lambda make: make(digest=hashes.SHA384()),
    ],
    CertificateReason.UNKNOWN_ISSUER: [lambda make: make(issuer=SOMEBODY)],
    CertificateReason.ISSUER_SIGNATURE: [lambda make: make(signer=new_key())],
}


@pytest.mark.parametrize(
    ("expected", "bend"), [(code, bend) for code, bends in BENT.items() for bend in bends]
)
def test_each_bend_has_its_own_reason(
    expected: CertificateReason, bend: Callable[[Maker], bytes], make: Maker, anchors: AnchorSet
):
    result = check(bend(make), anchors)
    assert (result.result, result.reason) == (CheckResult.INVALID, expected)
    assert result.anchor_sha256 is None


@pytest.mark.parametrize(
    "extra",
    [
        ((UNKNOWN_EXTENSION, False),),
        ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),),
        ((x509.BasicConstraints(ca=False, path_length=None), True),),
    ],
)
def test_harmless_extensions_are_taken(
    extra: tuple[tuple[x509.ExtensionType, bool], ...], make: Maker, anchors: AnchorSet
):
    assert check(make(extra=extra), anchors).result is CheckResult.UNKNOWN


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-11, CertificateReason.NOT_YET_VALID),
        (11, CertificateReason.EXPIRED),
        (0, CertificateReason.REVOCATION_NOT_ASKED),
    ],
)
def test_validity_is_judged_at_the_time_given(
    days: int, expected: CertificateReason, make: Maker, anchors: AnchorSet
):
    assert check(make(), anchors, at=NOW + dt.timedelta(days=days)).reason is expected


def test_an_expired_generation_of_the_issuer_is_refused(make: Maker):
    old = make_pki(NOW - dt.timedelta(days=3651 + 365))
    issuer = old.issuers[Purpose.AUTH, Hierarchy.PRODUCTION]
    der = make(signer=issuer.key, issuer=issuer.certificate.subject)
    anchors = make_anchor_set(old.anchors(), environment=Environment.DEMO)
    assert check(der, anchors).reason is CertificateReason.ISSUER_EXPIRED


def test_two_live_generations_of_one_name_are_told_apart_by_signature(
    make: Maker, pki: DemoPki, anchors: AnchorSet
):
    second = make_pki(NOW)
    renamed = [(name.replace("_1.der", "_2.der"), der) for name, der in second.anchors()]
    both = make_anchor_set([*pki.anchors(), *renamed], environment=Environment.DEMO)
    newer = second.issuers[Purpose.AUTH, Hierarchy.PRODUCTION].key
    for signer in (None, newer):
        assert check(make(signer=signer), both).result is CheckResult.UNKNOWN
    assert check(make(signer=newer), anchors).reason is CertificateReason.ISSUER_SIGNATURE


def test_an_anchor_pinned_for_signing_does_not_vouch_for_authentication(make: Maker, pki: DemoPki):
    swapped = [
        (name.replace("auth_", "sign_x_"), der) for name, der in pki.anchors() if "auth_" in name
    ]
    anchors = make_anchor_set(swapped, environment=Environment.DEMO)
    assert check(make(), anchors).reason is CertificateReason.UNKNOWN_ISSUER


def test_an_issuer_that_is_no_ca_is_refused(make: Maker, holder: rsa.RSAPrivateKey):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "0001")])
    leaf_as_anchor = make(signer=holder, issuer=name)
    anchors = make_anchor_set([("auth_leaf.der", leaf_as_anchor)], environment=Environment.DEMO)
    assert check(leaf_as_anchor, anchors).reason is CertificateReason.ISSUER_NOT_CA


def test_test_cards_are_refused_where_only_production_is_accepted(make: Maker, anchors: AnchorSet):
    der = make(policies=("1.2.392.200149.8.5.1.2.30",))
    only = frozenset({Hierarchy.PRODUCTION})
    assert check(der, anchors, accepted=only).reason is CertificateReason.TEST_CERTIFICATE


def test_an_anchor_for_test_cards_does_not_vouch_for_production(make: Maker, pki: DemoPki):
    auth = dict(pki.anchors())["auth_production_1.der"]
    for name, expected in (
        ("auth_test_2.der", CertificateReason.HIERARCHY_OF_ISSUER),
        ("auth_2.der", CertificateReason.REVOCATION_NOT_ASKED),
    ):
        anchors = make_anchor_set([(name, auth)], environment=Environment.DEMO)
        assert check(make(), anchors).reason is expected


def test_a_signature_algorithm_nobody_knows_is_malformed(make: Maker, anchors: AnchorSet):
    sha256_with_rsa = bytes.fromhex("2a864886f70d01010b")
    der = make().replace(sha256_with_rsa, sha256_with_rsa[:-1] + b"\x7f")
    assert check(der, anchors).reason is CertificateReason.MALFORMED


@given(st.binary(max_size=300))
def test_random_bytes_are_malformed(data: bytes):
    result = check(data, AnchorSet(()))
    assert (result.result, result.reason) == (CheckResult.INVALID, CertificateReason.MALFORMED)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(1, 255))
def test_no_certificate_with_a_changed_byte_is_taken(
    place: float, value: int, reading: Reading, anchors: AnchorSet
):
    data = bytearray(reading.auth_certificate)
    data[int(place * len(data))] ^= value
    assert check(bytes(data), anchors).result is CheckResult.INVALID
