"""The APDU table of docs/card-driver.md, line by line, on the virtual card itself."""

import hashlib
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.persona import Persona
from intake.certificates.card_key import digest_info, read_card_key, signature_holds
from intake.certificates.tlv import read_fields, read_tlv
from tests.drivers.card_reader.places import (
    COMMON_AID,
    JPKI_AID,
    RESIDENT_AID,
    SURFACE_AID,
    TEXT_AID,
    JpkiFile,
    TextFile,
)

CardOf = Callable[[str | Persona], SimulatedCard]
MESSAGE = b"what is signed"


@pytest.fixture
def card(card_of: CardOf) -> SimulatedCard:
    made = card_of("head_of_household")
    made.power_on()
    return made


def send(card: SimulatedCard, command: str) -> tuple[bytes, int]:
    answer = card.process(bytes.fromhex(command))
    return answer[:-2], int.from_bytes(answer[-2:], "big")


def sw(card: SimulatedCard, *commands: str) -> int:
    """The status word of the last command."""
    return [send(card, command)[1] for command in commands][-1]


def select(aid: bytes) -> str:
    return f"00a4040c{len(aid):02x}{aid.hex()}"


def file(number: int) -> str:
    return f"00a4020c02{number:04x}"


def pin(characters: str) -> str:
    return f"00200080{len(characters):02x}{characters.encode().hex()}"


@pytest.mark.parametrize("aid", [JPKI_AID, TEXT_AID, SURFACE_AID, RESIDENT_AID, COMMON_AID])
def test_each_application_is_selected_by_its_aid_and_by_a_prefix(card: SimulatedCard, aid: bytes):
    assert sw(card, select(aid)) == 0x9000
    assert sw(card, select(aid[:5])) == 0x9000
    assert sw(card, select(b"\xa0\x00\x00\x00\x59")) == 0x6A82


def test_the_master_file_answers_differently_before_and_inside_an_application(
    card: SimulatedCard,
):
    assert sw(card, "00a40000") == 0x6A86
    assert sw(card, select(JPKI_AID), "00a40000") == 0x9000
    assert sw(card, file(JpkiFile.TOKEN)) == 0x9000  # and it changed nothing


def test_reading_goes_by_offset_by_short_file_id_and_ends_at_the_end(card: SimulatedCard):
    send(card, select(JPKI_AID))
    send(card, file(JpkiFile.TOKEN))
    whole, status = send(card, "00b0000000")
    assert (len(whole), status) == (160, 0x9000)
    assert send(card, "00b0000210") == (whole[2:18], 0x9000)
    assert send(card, "00b0860010") == (whole[:16], 0x9000)
    assert sw(card, "00b000a001") == 0x6B00
    assert sw(card, file(0x0003)) == 0x6A82
    assert sw(card, file(JpkiFile.AUTH_KEY), "00b0000000") == 0x6986


def test_a_whole_file_comes_in_one_extended_answer(card: SimulatedCard):
    send(card, select(JPKI_AID))
    send(card, file(JpkiFile.AUTH_CERTIFICATE))
    data, status = send(card, "00b00000000000")
    assert status == 0x9000
    assert x509.load_der_x509_certificate(data).issuer.rfc4514_string().count("JPKI") == 2


def test_the_signing_certificate_is_locked_and_holds_the_substituted_name(card: SimulatedCard):
    send(card, select(JPKI_AID))
    assert sw(card, file(JpkiFile.SIGN_CERTIFICATE), "00b0000000") == 0x6982
    assert sw(card, file(JpkiFile.SIGN_PASSWORD), pin("DEMO1234")) == 0x9000
    data, _ = send(card, file(JpkiFile.SIGN_CERTIFICATE)) and send(card, "00b00000000000")
    names = x509.load_der_x509_certificate(data).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    values = {
        name.type_id.dotted_string.rpartition(".")[2]: name.value[2:].decode()
        for name in names.value
        if isinstance(name, x509.OtherName)
    }
    assert (values["1"], values["2"]) == ("高橋　健一", "10000")
    assert len(values["5"]) == len(values["6"])
    assert (values["3"], values["4"]) == ("1", "319840517")


def test_tries_count_down_come_back_and_run_out(card: SimulatedCard):
    send(card, select(JPKI_AID))
    send(card, file(JpkiFile.AUTH_PIN))
    ask = "00200080"
    assert [sw(card, ask), sw(card, pin("9999")), sw(card, ask)] == [0x63C3, 0x63C2, 0x63C2]
    assert [sw(card, pin("1234")), sw(card, ask)] == [0x9000, 0x63C3]
    wrong = [sw(card, pin("9999")) for _ in range(5)]
    assert wrong == [0x63C2, 0x63C1, 0x63C0, 0x6984, 0x6984]
    assert sw(card, pin("1234")) == 0x6984
    card.power_on()
    assert sw(card, select(JPKI_AID), file(JpkiFile.AUTH_PIN), ask) == 0x63C0


def test_selecting_and_losing_power_drop_what_a_pin_opened(card: SimulatedCard):
    sign = f"802a009733{digest_info(MESSAGE).hex()}00"
    unlock = (select(JPKI_AID), file(JpkiFile.AUTH_PIN), pin("1234"))
    assert sw(card, *unlock, sign) == 0x9000
    assert sw(card, select(JPKI_AID), sign) == 0x6982
    assert sw(card, *unlock, sign) == 0x9000
    card.power_on()
    assert sw(card, select(JPKI_AID), sign) == 0x6982
    assert sw(card, *unlock, pin("9999"), sign) == 0x6982


def test_a_pin_is_changed_only_after_it_was_verified(card: SimulatedCard):
    send(card, select(JPKI_AID))
    send(card, file(JpkiFile.AUTH_PIN))
    change = "00240180045678".replace("5678", "35363738")
    assert sw(card, change) == 0x6982
    assert sw(card, pin("1234"), change) == 0x9000
    assert sw(card, pin("1234")) == 0x63C2
    assert sw(card, pin("5678")) == 0x9000


def auth_key(card: SimulatedCard) -> rsa.RSAPublicKey:
    key = card.applications[JPKI_AID].keys[JpkiFile.AUTH_KEY].key.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def test_all_six_ways_to_sign(card: SimulatedCard):
    for command in (select(JPKI_AID), file(JpkiFile.AUTH_PIN), pin("1234")):
        send(card, command)
    send(card, file(JpkiFile.AUTH_KEY))
    digest = hashlib.sha256(MESSAGE).digest()

    def sign(p1: int, data: bytes) -> bytes:
        answer, status = send(card, f"802a{p1:02x}80{len(data):02x}{data.hex()}00")
        assert (len(answer), status) == (256, 0x9000)
        return answer

    key = auth_key(card)
    for p1, data in ((0, digest_info(MESSAGE)), (2, digest), (3, MESSAGE)):
        assert signature_holds(key, sign(p1, data), MESSAGE)
    bare = sign(1, MESSAGE)
    assert key.recover_data_from_signature(bare, padding.PKCS1v15(), None) == digest
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    for p1, data in ((4, digest), (5, MESSAGE)):
        key.verify(sign(p1, data), MESSAGE, pss, hashes.SHA256())
    raw = sign(0, b"anything up to 245 bytes")
    recovered = key.recover_data_from_signature(raw, padding.PKCS1v15(), None)
    assert recovered == b"anything up to 245 bytes"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("802a06800200", 0x6700),
        ("802a0680010000", 0x6A86),
        ("802a0280010000", 0x6985),
        ("802a008000", 0x6985),
        ("002a0080010000", 0x6E00),
        ("00ff0000", 0x6D00),
        ("0084000000", 0x9000),
        ("00840100ff", 0x6A86),
        ("00", 0x6700),
    ],
)
def test_what_the_card_refuses(card: SimulatedCard, command: str, status: int):
    for first in (select(JPKI_AID), file(JpkiFile.AUTH_PIN), pin("1234")):
        send(card, first)
    send(card, file(JpkiFile.AUTH_KEY))
    assert sw(card, command) == status


@pytest.mark.parametrize(
    ("lock", "secret", "opened"),
    [
        (TextFile.PIN, "1234", {1, 2, 3, 4, 5, 6, 7}),
        (TextFile.CODE_A, "123456789018", {1, 3, 4, 5, 6, 7}),
        (TextFile.CODE_B, "59051720314821", {2, 3, 4, 5, 6, 7}),
        (None, "", {4, 5}),
    ],
)
def test_which_secret_opens_which_text_file(
    card: SimulatedCard, lock: int | None, secret: str, opened: set[int]
):
    send(card, select(TEXT_AID))
    if lock is not None:
        assert sw(card, file(lock), pin(secret)) == 0x9000
    found = {number for number in range(1, 8) if sw(card, file(number), "00b0000001") == 0x9000}
    assert found == opened
    assert sw(card, file(TextFile.BLOCKED), "00200080") == 0x63C0
    assert sw(card, pin("1")) == 0x6984


def test_the_number_file_is_seventeen_bytes_with_its_filler(card: SimulatedCard):
    for command in (select(TEXT_AID), file(TextFile.PIN), pin("1234"), file(TextFile.NUMBER)):
        send(card, command)
    data, _ = send(card, "00b0000000")
    assert data == b"\xff\x10\x0c123456789018\xff\xff"


def test_the_offset_table_points_at_the_four_attributes(card: SimulatedCard):
    content = card.applications[TEXT_AID].files[TextFile.ATTRIBUTES].content
    outer = read_tlv(content)
    table, *fields = read_fields(outer.value)
    starts = [int.from_bytes(table.value[i : i + 2], "big") for i in range(0, 8, 2)]
    assert starts[0] == 0x0E
    assert [read_tlv(content, start).tag for start in starts] == [field.tag for field in fields]


def test_the_card_signs_a_challenge_without_a_pin(card: SimulatedCard):
    send(card, select(TEXT_AID))
    answer, status = send(card, f"802a000033{digest_info(MESSAGE).hex()}00")
    assert status == 0x9000
    content = card.applications[TEXT_AID].files[TextFile.SIGNED_KEY].content
    key = next(read_fields(read_tlv(content).value))
    assert signature_holds(read_card_key(key.value), answer, MESSAGE)


def test_the_surface_signature_covers_three_hashes_and_not_the_expiry(card: SimulatedCard):
    surface = card.applications[SURFACE_AID]
    face = list(read_fields(read_tlv(surface.files[2].content).value))[1:]
    raw = {item.tag: item for item in face}
    value = read_tlv(surface.files[2].content).value

    def piece(*tags: int) -> bytes:
        return hashlib.sha256(
            b"".join(value[raw[tag].start : raw[tag].end] for tag in tags)
        ).digest()

    signed = piece(0xDF22, 0xDF23, 0xDF24) + piece(0xDF25, 0xDF26) + piece(0xDF27)
    certificate = read_tlv(surface.files[4].content).value
    issuer = read_card_key(read_tlv(certificate).value[32:])
    assert signature_holds(issuer, raw[0xDF28].value, signed)
    assert raw[0xDF29].value == b"20310517"


def test_records_of_the_common_application(card: SimulatedCard):
    send(card, select(COMMON_AID))
    assert send(card, "00b2010c00")[1] == 0x9000
    assert sw(card, "00b2020c00") == 0x6A83


def test_check_number_b_opens_text_and_face(card: SimulatedCard):
    for aid, pin_file in ((TEXT_AID, 0x0015), (SURFACE_AID, 0x0012)):
        send(card, select(aid))
        assert sw(card, file(pin_file), pin("59051720314821")) == 0x9000
        assert sw(card, file(0x0002), "00b0000000") == 0x9000
        assert sw(card, file(0x0001), "00b0000000") == 0x6982


def test_a_session_key_comes_in_the_text_application_after_its_pin_only(card: SimulatedCard):
    ask = "80ae000000"
    assert sw(card, select(JPKI_AID), ask) == 0x66F1
    assert sw(card, select(TEXT_AID), ask) == 0x6982
    assert sw(card, file(TextFile.PIN), pin("1234"), ask) == 0x9000


def test_data_of_the_card_manager_needs_an_extended_length(card: SimulatedCard):
    assert sw(card, "00ca006600") == 0x6700
    assert send(card, "00ca0066000000")[1] == 0x9000
    assert sw(card, select(JPKI_AID), "00ca0066000000") == 0x6D00


def test_a_child_has_no_signing_certificate_and_the_card_says_so(card_of: CardOf):
    card = card_of("under_15")
    send(card, select(JPKI_AID))
    send(card, file(JpkiFile.AVAILABILITY))
    assert send(card, "00b0000003")[0] == bytes.fromhex("008f00")
    assert sw(card, file(JpkiFile.SIGN_CERTIFICATE)) == 0x6A82


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commands=st.lists(st.binary(max_size=12), max_size=8))
def test_no_bytes_bring_the_card_down(commands: list[bytes], card: SimulatedCard):
    send(card, select(TEXT_AID))
    for command in commands:
        assert len(card.process(command)) >= 2
