import datetime as dt
import stat
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from intake.event.keys import PrivateKey
from intake.office.environment import Environment, environment_of, extension
from provisioning.authority.enrolment import Shown, current_list, renew, revoke
from provisioning.authority.keys import read_key
from provisioning.authority.one_time_token import OneTimeToken
from provisioning.errors import (
    AuthorityStateError,
    EnrolmentRefusedError,
    PassphraseError,
    UsageError,
)
from tests.provisioning.trial_authority import (
    ORDER,
    PASSPHRASE,
    TrialAuthority,
    signing_request,
    three_requests,
)


def refused(code: str) -> "pytest.RaisesExc[EnrolmentRefusedError]":
    return pytest.RaisesExc(EnrolmentRefusedError, check=lambda error: error.code == code)


def serials(authority: TrialAuthority, device: str = "unit-01") -> list[int]:
    with authority.folder.store.transaction() as transaction:
        records = transaction.certificates(device)
    return [record.certificate.serial_number for record in records]


def listed(authority: TrialAuthority, later: dt.timedelta = dt.timedelta(0)) -> set[int]:
    now = authority.now + later
    pem = current_list(authority.folder.store, authority.folder.issuer(), now)
    crl = x509.load_pem_x509_crl(pem.encode())
    public = authority.folder.issuer().key.public_key()
    assert crl.is_signature_valid(public)
    return {entry.serial_number for entry in crl}


def test_a_unit_gets_three_certificates_that_say_what_the_token_says(
    authority: TrialAuthority,
) -> None:
    enrolled = authority.enrol(authority.token(), three_requests())
    assert set(enrolled.certificates) == {"tls", "signing", "encryption"}
    for use, certificate in enrolled.certificates.items():
        subject = {part.oid: part.value for part in certificate.subject}
        assert subject[NameOID.COMMON_NAME] == "unit-01"
        assert subject[NameOID.ORGANIZATION_NAME] == "131016"
        assert subject[NameOID.ORGANIZATIONAL_UNIT_NAME] == use
        assert environment_of(certificate) is Environment.DEMO
        certificate.verify_directly_issued_by(authority.folder.issuer().certificate)


def test_a_token_is_good_once(authority: TrialAuthority) -> None:
    token = authority.token()
    authority.enrol(token, three_requests())
    before = serials(authority)
    with refused("token_used"):
        authority.enrol(token, three_requests())
    assert serials(authority) == before


def test_the_same_keys_get_the_same_certificates_again(authority: TrialAuthority) -> None:
    token, requests = authority.token(), three_requests()
    first = authority.enrol(token, requests)
    again = authority.enrol(token, requests)
    assert again == first
    assert len(serials(authority)) == 3


def test_an_expired_token_is_refused_and_a_fresh_one_is_not(authority: TrialAuthority) -> None:
    token = authority.token()
    with refused("token_expired"):
        authority.enrol(token, three_requests(), later=dt.timedelta(hours=1))
    authority.enrol(token, three_requests(), later=dt.timedelta(minutes=59))


def test_a_token_with_another_secret_is_unknown(authority: TrialAuthority) -> None:
    token = authority.token()
    with refused("bad_token"):
        authority.enrol(replace(token, secret=bytes(20)), three_requests())
    with refused("bad_token"):
        authority.enrol(replace(token, token_id="aaaaaaaa"), three_requests())


def test_a_request_for_another_name_is_refused_and_leaves_the_token(
    authority: TrialAuthority,
) -> None:
    token = authority.token()
    for requests in (
        three_requests("unit-02"),
        three_requests() | {"signing": signing_request("unit-02")},
    ):
        with refused("wrong_name"):
            authority.enrol(token, requests)
    assert serials(authority) == []
    authority.enrol(token, three_requests())


def test_keys_must_be_three_different_p256_keys_that_sign_their_own_request(
    authority: TrialAuthority,
) -> None:
    token = authority.token()
    key = PrivateKey.generate().key
    same = {use: signing_request("unit-01", key) for use in ("tls", "signing", "encryption")}
    larger = signing_request("unit-01", ec.generate_private_key(ec.SECP384R1()))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "unit-01")])
    foreign = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(name)
        .sign(rsa.generate_private_key(65537, 2048), hashes.SHA256())
        .public_bytes(Encoding.PEM)
        .decode()
    )
    for requests in (same, three_requests() | {"tls": larger}, three_requests() | {"tls": foreign}):
        with refused("bad_key"):
            authority.enrol(token, requests)
    with refused("bad_request"):
        authority.enrol(token, three_requests() | {"tls": "no PEM"})
    with refused("bad_request"):
        authority.enrol(token, {"tls": signing_request("unit-01")})


def test_a_tampered_request_is_refused(authority: TrialAuthority) -> None:
    key = PrivateKey.generate().key
    request = x509.load_pem_x509_csr(signing_request("unit-01", key).encode())
    der = request.public_bytes(Encoding.DER)
    forged = der.replace(b"unit-01", b"unit-09")
    pem = x509.load_der_x509_csr(forged).public_bytes(Encoding.PEM).decode()
    with refused("bad_key"):
        authority.enrol(authority.token_for("unit-09"), three_requests("unit-09") | {"tls": pem})


def test_the_unit_cannot_choose_its_environment(authority: TrialAuthority) -> None:
    key = PrivateKey.generate().key
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "unit-01")])
    asking = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(name)
        .add_extension(extension(Environment.PRODUCTION), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
        .decode()
    )
    enrolled = authority.enrol(authority.token(), three_requests() | {"signing": asking})
    assert environment_of(enrolled.certificates["signing"]) is Environment.DEMO
    training = replace(ORDER, device="unit-02", environment=Environment.TRAINING)
    other = authority.enrol(authority.token(training), three_requests("unit-02"))
    assert environment_of(other.certificates["signing"]) is Environment.TRAINING


def test_only_the_tls_certificate_opens_a_tls_connection(authority: TrialAuthority) -> None:
    enrolled = authority.enrol(authority.token(), three_requests())
    purposes = {
        use: certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        for use, certificate in enrolled.certificates.items()
    }
    client = ExtendedKeyUsageOID.CLIENT_AUTH
    assert [use for use, purpose in purposes.items() if client in purpose] == ["tls"]


def test_an_enrolled_unit_is_replaced_only_on_purpose(authority: TrialAuthority) -> None:
    authority.enrol(authority.token(), three_requests())
    former = set(serials(authority))
    with pytest.raises(UsageError, match="--replace"):
        authority.token()
    replaced = authority.enrol(authority.token(replace(ORDER, replaces=True)), three_requests())
    fresh = {part.serial_number for part in replaced.certificates.values()}
    assert listed(authority) == former
    assert not fresh & former
    assert replaced.device.device_code == "001"


def test_two_tokens_for_one_name_make_one_unit(authority: TrialAuthority) -> None:
    first, second = authority.token(), authority.token()
    authority.enrol(first, three_requests())
    with refused("token_used"):
        authority.enrol(second, three_requests())
    assert len(serials(authority)) == 3


def test_a_key_is_certified_once(authority: TrialAuthority) -> None:
    requests = three_requests()
    authority.enrol(authority.token(), requests)
    with refused("bad_key"):
        authority.enrol(authority.token(replace(ORDER, replaces=True)), requests)
    assert listed(authority) == set(), "a refused replacement revokes nothing"


def test_revocation_shows_on_the_next_list_whose_number_grows(authority: TrialAuthority) -> None:
    enrolled = authority.enrol(authority.token(), three_requests())
    assert listed(authority) == set()
    revoke(authority.folder.store, "unit-01", x509.ReasonFlags.key_compromise, authority.now)
    assert listed(authority) == {c.serial_number for c in enrolled.certificates.values()}
    with authority.folder.store.transaction() as transaction:
        latest = transaction.latest_list()
    assert latest is not None
    assert latest[0] == 2
    with pytest.raises(UsageError):
        revoke(authority.folder.store, "unit-77", x509.ReasonFlags.superseded, authority.now)


def test_the_list_is_remade_before_it_ends(authority: TrialAuthority) -> None:
    store, issuer = authority.folder.store, authority.folder.issuer()
    first = current_list(store, issuer, authority.now)
    assert current_list(store, issuer, authority.now + dt.timedelta(hours=23)) == first
    later = current_list(store, issuer, authority.now + dt.timedelta(days=2))
    ends = x509.load_pem_x509_crl(later.encode()).next_update_utc
    assert ends == authority.now + dt.timedelta(days=9)


def test_renewal_retires_the_former_keys_and_a_revoked_unit_gets_none(
    authority: TrialAuthority,
) -> None:
    enrolled = authority.enrol(authority.token(), three_requests())
    shown = Shown("unit-01", enrolled.certificates["tls"].serial_number)
    store, issuer = authority.folder.store, authority.folder.issuer()
    requests = three_requests()
    renewed = renew(store, issuer, shown, requests, authority.now)
    assert renew(store, issuer, shown, requests, authority.now) == renewed
    with store.transaction() as transaction:
        states = [record.status for record in transaction.certificates("unit-01")]
    assert states == ["retired"] * 3 + ["active"] * 3
    assert listed(authority) == set(), "what a retired key signed stays good"
    signing = Shown("unit-01", enrolled.certificates["signing"].serial_number)
    with refused("not_allowed"):
        renew(store, issuer, signing, three_requests(), authority.now)
    revoke(store, "unit-01", x509.ReasonFlags.key_compromise, authority.now)
    with refused("not_allowed"):
        renew(store, issuer, shown, three_requests(), authority.now)


@pytest.mark.parametrize("name", ["u1", "hub-131016", "Unit-01", "unit/01", "unit+1", "x" * 33])
def test_names_that_would_break_a_topic_or_play_the_hub_are_refused(
    authority: TrialAuthority, name: str
) -> None:
    with pytest.raises(UsageError):
        authority.token_for(name)


def test_device_codes_are_three_digits_and_unique_in_the_office(
    authority: TrialAuthority,
) -> None:
    codes = [
        authority.enrol(authority.token_for(name), three_requests(name)).device.device_code
        for name in ("unit-01", "unit-02")
    ]
    assert codes == ["001", "002"]
    for code in ("002", "2", "0000", "000"):
        with pytest.raises(UsageError):
            authority.token(replace(ORDER, device="unit-03", device_code=code))
    with pytest.raises(UsageError, match="authority office"):
        authority.token(replace(ORDER, device="unit-03", office="012025"))


def test_the_root_key_lies_encrypted_in_its_own_file_and_the_folder_does_without(
    authority: TrialAuthority,
) -> None:
    assert b"ENCRYPTED" in authority.root_key.read_bytes()
    with pytest.raises(PassphraseError):
        read_key(authority.root_key, b"another passphrase at all")
    assert read_key(authority.root_key, PASSPHRASE)
    authority.root_key.unlink()
    authority.enrol(authority.token(), three_requests())
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in authority.folder.path.iterdir()
        if path.suffix in {".key", ".sqlite"}
    }
    assert set(modes.values()) == {0o600}
    assert set(modes) >= {"issuing.key", "authority.sqlite"}


def test_an_authority_is_not_made_twice_and_not_with_a_short_passphrase(
    authority: TrialAuthority,
) -> None:
    other = authority.folder.path.parent / "second"
    with pytest.raises(AuthorityStateError):
        authority.folder.create(other / "root.key", PASSPHRASE, authority.now)
    with pytest.raises(PassphraseError):
        replace(authority.folder, path=other).create(other / "k", b"short", authority.now)


def test_a_token_is_read_as_printed_and_its_secret_is_not_represented(
    authority: TrialAuthority,
) -> None:
    token = authority.token()
    line = str(token)
    assert OneTimeToken.parse(f"  {line.upper()}\n") == token
    secret = line.split(".")[3]
    assert secret not in repr(token)
    for wrong in ("", line[:-1], line.replace("mdg1", "mdg2"), line + ".x", "ü" * 20):
        with pytest.raises(UsageError) as error:
            OneTimeToken.parse(wrong)
        assert secret not in str(error.value)
