"""Cases about revocation: the certificate is good in every one of them."""

from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from drivers.card_reader.simulated_card.demo_pki import key_usage
from intake.certificates.anchors import Purpose
from intake.certificates.outcome import CertificateReason as Reason
from tests.intake.certificates.authority import DAY, NONCE, NOW, SERIAL, UNKNOWN, issuer_name
from tests.intake.certificates.cases import Case, Question, World

MOVED: Final = (SERIAL, x509.ReasonFlags.affiliation_changed)
OTHER: Final = (SERIAL + 1, None)
REVOKED: Final = ocsp.OCSPCertStatus.REVOKED


def by_list(world: World, crl: bytes) -> Question:
    return world.signing(crl=crl)


def online(world: World, response: bytes, nonce: bytes | None = None) -> Question:
    return world.signing(crl=None, ocsp=response, nonce=nonce)


def scope(
    full_name: list[x509.GeneralName] | None = None,
    only_some_reasons: frozenset[x509.ReasonFlags] | None = None,
    **flags: bool,
) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    """A critical issuing distribution point."""
    point = x509.IssuingDistributionPoint(
        full_name=full_name,
        relative_name=None,
        only_contains_user_certs=flags.get("only_contains_user_certs", False),
        only_contains_ca_certs=flags.get("only_contains_ca_certs", False),
        only_some_reasons=only_some_reasons,
        indirect_crl=flags.get("indirect_crl", False),
        only_contains_attribute_certs=False,
    )
    return ((point, True),)


ASKED: Final = (
    Case("nobody was asked", Reason.REVOCATION_NOT_ASKED, lambda w: w.signing(crl=None)),
)

LISTS: Final = (
    Case("another is listed", Reason.NOT_REVOKED, lambda w: by_list(w, w.sign.crl(OTHER))),
    Case("listed", Reason.REVOKED, lambda w: by_list(w, w.sign.crl((SERIAL, None)))),
    Case(
        "listed after a move",
        Reason.REVOKED_AFFILIATION_CHANGED,
        lambda w: by_list(w, w.sign.crl(OTHER, MOVED)),
    ),
    Case("garbage", Reason.CRL_MALFORMED, lambda w: by_list(w, b"junk")),
    Case("stale", Reason.CRL_STALE, lambda w: by_list(w, w.sign.crl(ends=NOW - DAY / 24))),
    Case(
        "stale, and lists it",
        Reason.CRL_STALE,
        lambda w: by_list(w, w.sign.crl(MOVED, ends=NOW - DAY / 24)),
    ),
    Case(
        "issued in the future",
        Reason.CRL_NOT_YET_ISSUED,
        lambda w: by_list(w, w.sign.crl(begins=NOW + DAY / 24)),
    ),
    Case(
        "signed by a foreign key",
        Reason.CRL_SIGNATURE,
        lambda w: by_list(w, w.sign.crl(signer=w.stranger)),
    ),
    Case(
        "signed by the other generation",
        Reason.CRL_SIGNATURE,
        lambda w: by_list(w, w.newer.crl()),
    ),
    Case(
        "by an issuer that may sign no lists",
        Reason.CRL_SIGNATURE,
        lambda w: w.signing(by=w.no_crl),
    ),
    Case(
        "of the other purpose's issuer",
        Reason.CRL_ISSUER,
        lambda w: by_list(w, w.auth.crl()),
    ),
    Case(
        "in another issuer's name",
        Reason.CRL_ISSUER,
        lambda w: by_list(w, w.sign.crl(issuer=issuer_name(Purpose.AUTH))),
    ),
    Case(
        "with an unknown critical extension",
        Reason.CRL_UNKNOWN_CRITICAL_EXTENSION,
        lambda w: by_list(w, w.sign.crl(extra=((UNKNOWN, True),))),
    ),
    Case(
        "only the changes since another list",
        Reason.CRL_UNKNOWN_CRITICAL_EXTENSION,
        lambda w: by_list(w, w.sign.crl(extra=((x509.DeltaCRLIndicator(1), True),))),
    ),
    Case(
        "with an unknown critical extension in an entry",
        Reason.CRL_UNKNOWN_CRITICAL_EXTENSION,
        lambda w: by_list(w, w.sign.crl(OTHER, in_entry=((UNKNOWN, True),))),
    ),
    Case(
        "about users' certificates",
        Reason.NOT_REVOKED,
        lambda w: by_list(w, w.sign.crl(extra=scope(only_contains_user_certs=True))),
    ),
    Case(
        "about authorities' certificates",
        Reason.CRL_SCOPE,
        lambda w: by_list(w, w.sign.crl(extra=scope(only_contains_ca_certs=True))),
    ),
    Case(
        "about several issuers",
        Reason.CRL_SCOPE,
        lambda w: by_list(w, w.sign.crl(extra=scope(indirect_crl=True))),
    ),
    Case(
        "about some reasons",
        Reason.CRL_SCOPE,
        lambda w: by_list(
            w,
            w.sign.crl(extra=scope(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise}))),
        ),
    ),
    Case(
        "of another distribution point",
        Reason.CRL_SCOPE,
        lambda w: by_list(
            w,
            w.sign.crl(
                extra=scope(full_name=[x509.UniformResourceIdentifier("http://crl.test/13101")])
            ),
        ),
    ),
)

ANSWERS: Final = (
    Case("good", Reason.NOT_REVOKED, lambda w: online(w, w.sign.ocsp())),
    Case(
        "good with the nonce asked with",
        Reason.NOT_REVOKED,
        lambda w: online(w, w.sign.ocsp(nonce=NONCE), nonce=NONCE),
    ),
    Case(
        "a nonce that nobody asked with",
        Reason.NOT_REVOKED,
        lambda w: online(w, w.sign.ocsp(nonce=NONCE)),
    ),
    Case(
        "good by a certified responder",
        Reason.NOT_REVOKED,
        lambda w: online(w, w.sign.ocsp(by=w.sign.responder())),
    ),
    Case(
        "good by a responder named by its key",
        Reason.NOT_REVOKED,
        lambda w: online(w, w.sign.ocsp(by=w.sign.responder(), by_hash=True)),
    ),
    Case(
        "revoked after a move",
        Reason.REVOKED_AFFILIATION_CHANGED,
        lambda w: online(
            w, w.sign.ocsp(status=REVOKED, reason=x509.ReasonFlags.affiliation_changed)
        ),
    ),
    Case(
        "the responder does not know it",
        Reason.OCSP_STATUS_UNKNOWN,
        lambda w: online(w, w.sign.ocsp(status=ocsp.OCSPCertStatus.UNKNOWN)),
    ),
    Case("garbage", Reason.OCSP_MALFORMED, lambda w: online(w, b"junk")),
    Case(
        "try later",
        Reason.OCSP_NO_ANSWER,
        lambda w: online(
            w,
            ocsp.OCSPResponseBuilder.build_unsuccessful(
                ocsp.OCSPResponseStatus.TRY_LATER
            ).public_bytes(Encoding.DER),
        ),
    ),
    Case(
        "nonce replayed",
        Reason.OCSP_NONCE,
        lambda w: online(w, w.sign.ocsp(nonce=NONCE[::-1]), nonce=NONCE),
    ),
    Case("nonce missing", Reason.OCSP_NONCE, lambda w: online(w, w.sign.ocsp(), nonce=NONCE)),
    Case(
        "a responder without the purpose",
        Reason.OCSP_RESPONDER,
        lambda w: online(w, w.sign.ocsp(by=w.sign.responder(purposes=()))),
    ),
    Case(
        "a responder for another purpose",
        Reason.OCSP_RESPONDER,
        lambda w: online(
            w,
            w.sign.ocsp(by=w.sign.responder(purposes=(ExtendedKeyUsageOID.CLIENT_AUTH,))),
        ),
    ),
    Case(
        "a responder whose key may not sign",
        Reason.OCSP_RESPONDER,
        lambda w: online(
            w, w.sign.ocsp(by=w.sign.responder(usage=key_usage(key_encipherment=True)))
        ),
    ),
    Case(
        "a responder with an unknown critical extension",
        Reason.OCSP_RESPONDER,
        lambda w: online(w, w.sign.ocsp(by=w.sign.responder(extra=((UNKNOWN, True),)))),
    ),
    Case(
        "an expired responder",
        Reason.OCSP_RESPONDER,
        lambda w: online(w, w.sign.ocsp(by=w.sign.responder(ends=NOW - DAY / 24))),
    ),
    Case(
        "a responder that certified itself",
        Reason.OCSP_RESPONDER,
        lambda w: online(w, w.sign.ocsp(by=w.sign.responder(signer=w.stranger))),
    ),
    Case(
        "a responder of the other purpose's issuer",
        Reason.OCSP_RESPONDER,
        lambda w: online(w, w.sign.ocsp(by=w.auth.responder())),
    ),
    Case(
        "a responder whose certificate is missing",
        Reason.OCSP_RESPONDER,
        lambda w: online(w, w.sign.ocsp(by=w.sign.responder(), alone=True)),
    ),
    Case(
        "the holder answers for itself",
        Reason.OCSP_RESPONDER,
        lambda w: online(w, w.sign.ocsp(by=(w.sign.leaf(), w.sign.holder))),
    ),
    Case(
        "signed by a foreign key in the issuer's name",
        Reason.OCSP_SIGNATURE,
        lambda w: online(w, w.sign.ocsp(by=(w.forged.certificate, w.forged.key))),
    ),
    Case(
        "signed by a foreign key in the responder's name",
        Reason.OCSP_SIGNATURE,
        lambda w: online(
            w,
            w.sign.ocsp(by=w.sign.responder(key=w.stranger), enclosed=w.sign.responder()[0]),
        ),
    ),
    Case(
        "about another serial",
        Reason.OCSP_OTHER_CERTIFICATE,
        lambda w: online(w, w.sign.ocsp(about=w.sign.responder()[0])),
    ),
    Case(
        "about the other generation's certificate",
        Reason.OCSP_OTHER_CERTIFICATE,
        lambda w: online(w, w.sign.ocsp(issuer=w.newer.certificate)),
    ),
    Case("stale", Reason.OCSP_STALE, lambda w: online(w, w.sign.ocsp(ends=NOW - DAY / 86_400))),
    Case(
        "old without saying until when",
        Reason.OCSP_STALE,
        lambda w: online(w, w.sign.ocsp(begins=NOW - 1.1 * DAY, ends=None)),
    ),
    Case(
        "recent without saying until when",
        Reason.NOT_REVOKED,
        lambda w: online(w, w.sign.ocsp(ends=None)),
    ),
    Case(
        "issued in the future",
        Reason.OCSP_NOT_YET_ISSUED,
        lambda w: online(w, w.sign.ocsp(begins=NOW + DAY / 24)),
    ),
    Case(
        "with an unknown critical extension",
        Reason.OCSP_UNKNOWN_CRITICAL_EXTENSION,
        lambda w: online(w, w.sign.ocsp(extra=((UNKNOWN, True),))),
    ),
)

BOTH: Final = (
    Case(
        "list clean, response revoked",
        Reason.REVOKED,
        lambda w: w.signing(ocsp=w.sign.ocsp(status=REVOKED)),
    ),
    Case(
        "list revoked, response good",
        Reason.REVOKED,
        lambda w: w.signing(crl=w.sign.crl((SERIAL, None)), ocsp=w.sign.ocsp()),
    ),
    Case(
        "list stale, response good",
        Reason.NOT_REVOKED,
        lambda w: w.signing(crl=w.sign.crl(ends=NOW - DAY / 24), ocsp=w.sign.ocsp()),
    ),
    Case(
        "list clean, response replayed",
        Reason.OCSP_NONCE,
        lambda w: w.signing(ocsp=w.sign.ocsp(), nonce=NONCE),
    ),
    Case("list clean, response garbage", Reason.OCSP_MALFORMED, lambda w: w.signing(ocsp=b"x")),
)

REVOCATION_CASES: Final = (*ASKED, *LISTS, *ANSWERS, *BOTH)
