"""Cases about the certificate itself and who issued it; the list beside it is clean."""

from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from drivers.card_reader.simulated_card.demo_pki import key_usage
from intake.certificates.anchors import Hierarchy, Purpose
from intake.certificates.outcome import CertificateReason as Reason
from intake.certificates.tlv import write_tlv
from tests.intake.certificates.authority import (
    AUTH,
    AUTH_TEST,
    DAY,
    NOW,
    PERSON,
    SIGN,
    SIGN_PHONE,
    SIGN_TEST,
    UNKNOWN,
    names,
    person,
)
from tests.intake.certificates.cases import Case, World

TEST: Final = frozenset({Hierarchy.TEST})
SOMEBODY: Final = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody")])
TWO_NAMES: Final = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one) for one in "12"])
TWO_PLACES: Final = x509.Name(
    [
        *(x509.NameAttribute(NameOID.LOCALITY_NAME, one) for one in ("Tokyo-to", "Chiyoda-ku")),
        x509.NameAttribute(NameOID.COMMON_NAME, "1"),
    ]
)
PRINTABLE: Final = write_tlv(0x13, b"YAMADA HANAKO")


def small(world: World) -> x509.Certificate:
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505 - what must be refused
    return world.sign.leaf(key=short)


GOOD: Final = (
    Case("good signing", Reason.NOT_REVOKED, lambda w: w.signing()),
    Case("good authentication", Reason.NOT_REVOKED, lambda w: w.authentication()),
    Case("phone", Reason.NOT_REVOKED, lambda w: w.signing(w.sign.leaf(policies=(SIGN_PHONE,)))),
    Case("newer generation of one name", Reason.NOT_REVOKED, lambda w: w.signing(by=w.newer)),
    Case(
        "test card where test cards are taken",
        Reason.NOT_REVOKED,
        lambda w: w.signing(w.sign.leaf(policies=(SIGN_TEST,)), accepted=TEST),
    ),
    Case(
        "unknown attribute of the arc",
        Reason.NOT_REVOKED,
        lambda w: w.signing(w.sign.leaf(san=names(*PERSON.items(), (7, "ヤ"), (7, b"\x05\x00")))),
    ),
    Case(
        "substituted characters",
        Reason.NOT_REVOKED,
        lambda w: w.signing(w.sign.leaf(san=person(a2="10000"))),
    ),
    Case(
        "two localities in the subject",
        Reason.NOT_REVOKED,
        lambda w: w.signing(w.sign.leaf(subject=TWO_PLACES)),
    ),
    Case(
        "unknown extension, not critical",
        Reason.NOT_REVOKED,
        lambda w: w.signing(w.sign.leaf(extra=((UNKNOWN, False),))),
    ),
    Case(
        "an anchor that states no key usage",
        Reason.NOT_REVOKED,
        lambda w: w.signing(by=w.silent),
    ),
    Case("first second", Reason.NOT_REVOKED, lambda w: w.signing(w.sign.leaf(begins=NOW))),
    Case("last second", Reason.NOT_REVOKED, lambda w: w.signing(w.sign.leaf(ends=NOW))),
)

ISSUER: Final = (
    Case("forged root of the same name", Reason.ISSUER_SIGNATURE, lambda w: w.signing(by=w.forged)),
    Case("expired generation", Reason.ISSUER_EXPIRED, lambda w: w.signing(by=w.old)),
    Case(
        "issuer that nobody pinned",
        Reason.UNKNOWN_ISSUER,
        lambda w: w.signing(w.sign.leaf(issuer=SOMEBODY)),
    ),
    Case(
        "signing certificate by the authentication anchor's key",
        Reason.ISSUER_SIGNATURE,
        lambda w: w.signing(w.sign.leaf(signer=w.auth.key)),
    ),
    Case("no anchors", Reason.UNKNOWN_ISSUER, lambda w: w.signing(anchors={})),
    Case(
        "an anchor pinned for the other purpose only",
        Reason.UNKNOWN_ISSUER,
        lambda w: w.signing(anchors={Purpose.AUTH: (w.sign.der,)}),
    ),
    Case(
        "a leaf pinned as an anchor",
        Reason.ISSUER_NOT_CA,
        lambda w: w.signing(
            w.sign.leaf(issuer=SOMEBODY, signer=w.sign.holder),
            anchors={Purpose.SIGN: (w.sign.leaf(subject=SOMEBODY).public_bytes(Encoding.DER),)},
        ),
    ),
)

FORM: Final = (
    Case("random bytes", Reason.MALFORMED, lambda w: w.signing(b"\x30\x03\x02\x01\x05")),
    Case("nothing", Reason.MALFORMED, lambda w: w.signing(b"\x00")),
    Case("no policy", Reason.UNKNOWN_POLICY, lambda w: w.signing(w.sign.leaf(policies=()))),
    Case(
        "foreign policy",
        Reason.UNKNOWN_POLICY,
        lambda w: w.signing(w.sign.leaf(policies=("1.2.3.4",))),
    ),
    Case(
        "two policies",
        Reason.UNKNOWN_POLICY,
        lambda w: w.signing(w.sign.leaf(policies=(SIGN, AUTH))),
    ),
    Case(
        "authentication certificate used for signing",
        Reason.WRONG_PURPOSE,
        lambda w: w.signing(w.auth.leaf()),
    ),
    Case(
        "signing certificate used for authentication",
        Reason.WRONG_PURPOSE,
        lambda w: w.authentication(w.sign.leaf()),
    ),
    Case(
        "test card in production",
        Reason.TEST_CERTIFICATE,
        lambda w: w.signing(w.sign.leaf(policies=(SIGN_TEST,))),
    ),
    Case(
        "test authentication card in production",
        Reason.TEST_CERTIFICATE,
        lambda w: w.authentication(w.auth.leaf(policies=(AUTH_TEST,))),
    ),
    Case(
        "production card where test cards are taken",
        Reason.PRODUCTION_CERTIFICATE,
        lambda w: w.signing(accepted=TEST),
    ),
    Case(
        "CA:TRUE leaf",
        Reason.CA_CERTIFICATE,
        lambda w: w.signing(
            w.sign.leaf(extra=((x509.BasicConstraints(ca=True, path_length=None), True),))
        ),
    ),
    Case(
        "missing key usage", Reason.KEY_USAGE, lambda w: w.signing(w.sign.leaf(without_usage=True))
    ),
    Case(
        "key usage that is not critical",
        Reason.KEY_USAGE,
        lambda w: w.signing(w.sign.leaf(usage_critical=False)),
    ),
    Case(
        "signing without commitment",
        Reason.KEY_USAGE,
        lambda w: w.signing(w.sign.leaf(usage=key_usage(digital_signature=True))),
    ),
    Case(
        "key usage that signs certificates",
        Reason.KEY_USAGE,
        lambda w: w.signing(
            w.sign.leaf(
                usage=key_usage(digital_signature=True, content_commitment=True, key_cert_sign=True)
            )
        ),
    ),
    Case(
        "made for servers only",
        Reason.EXTENDED_KEY_USAGE,
        lambda w: w.signing(
            w.sign.leaf(extra=((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),))
        ),
    ),
    Case(
        "unknown critical extension",
        Reason.UNKNOWN_CRITICAL_EXTENSION,
        lambda w: w.signing(w.sign.leaf(extra=((UNKNOWN, True),))),
    ),
    Case(
        "an elliptic key under today's profile",
        Reason.ALGORITHM,
        lambda w: w.signing(w.sign.leaf(key=ec.generate_private_key(ec.SECP384R1()))),
    ),
    Case("a short key", Reason.ALGORITHM, lambda w: w.signing(small(w))),
    Case(
        "another digest than the profile's",
        Reason.ALGORITHM,
        lambda w: w.signing(w.sign.leaf(digest=hashes.SHA384())),
    ),
    Case(
        "not yet valid",
        Reason.NOT_YET_VALID,
        lambda w: w.signing(w.sign.leaf(begins=NOW + DAY / 86_400)),
    ),
    Case("expired", Reason.EXPIRED, lambda w: w.signing(w.sign.leaf(ends=NOW - DAY / 86_400))),
)

ATTRIBUTES: Final = (
    Case(
        "doubled name attribute",
        Reason.ATTRIBUTE_DOUBLED,
        lambda w: w.signing(w.sign.leaf(san=names(*PERSON.items(), (1, "山田　良子")))),
    ),
    Case(
        "two common names",
        Reason.ATTRIBUTE_DOUBLED,
        lambda w: w.signing(w.sign.leaf(subject=TWO_NAMES)),
    ),
    Case(
        "flags of the name too short",
        Reason.ATTRIBUTE_FLAGS,
        lambda w: w.signing(w.sign.leaf(san=person(a2="0000"))),
    ),
    Case(
        "flags of the address too long",
        Reason.ATTRIBUTE_FLAGS,
        lambda w: w.signing(w.sign.leaf(san=person(a6="0000000"))),
    ),
    Case(
        "flags that are no flags",
        Reason.ATTRIBUTE_FLAGS,
        lambda w: w.signing(w.sign.leaf(san=person(a2="0000x"))),
    ),
    Case(
        "flags without the name",
        Reason.ATTRIBUTE_FLAGS,
        lambda w: w.signing(w.sign.leaf(san=names((2, "00000")))),
    ),
    Case(
        "a name that is no UTF8String",
        Reason.ATTRIBUTE_SYNTAX,
        lambda w: w.signing(w.sign.leaf(san=person(a1=PRINTABLE, a2="0" * 13))),
    ),
    Case(
        "a name that is no UTF-8",
        Reason.ATTRIBUTE_SYNTAX,
        lambda w: w.signing(w.sign.leaf(san=person(a1=write_tlv(0x0C, b"\xff\xfe"), a2="00"))),
    ),
    Case(
        "a name with a line break",
        Reason.ATTRIBUTE_SYNTAX,
        lambda w: w.signing(w.sign.leaf(san=person(a1="山田\n花子"))),
    ),
    Case(
        "an address of 201 characters",
        Reason.ATTRIBUTE_SYNTAX,
        lambda w: w.signing(w.sign.leaf(san=person(a5="青" * 201, a6="0" * 201))),
    ),
    Case(
        "a birth date without its era",
        Reason.ATTRIBUTE_SYNTAX,
        lambda w: w.signing(w.sign.leaf(san=person(a4="19791103"))),
    ),
)

CHAIN_CASES: Final = (*GOOD, *ISSUER, *FORM, *ATTRIBUTES)
