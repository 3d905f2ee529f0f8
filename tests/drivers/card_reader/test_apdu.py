import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_reader.apdu import Command, describe, exchange, expect_ok
from drivers.card_reader.errors import CardRefusedError
from drivers.card_reader.interface import Response
from drivers.card_reader.pin import Pin
from drivers.card_reader.replay import ReplayConnection
from drivers.card_reader.simulated_card.card import parse_apdu


def talk(*exchanges: tuple[str, str, int]) -> ReplayConnection:
    """A card that expects these commands in this order and gives these answers."""
    return ReplayConnection(
        tuple((command, Response(bytes.fromhex(data), sw)) for command, data, sw in exchanges)
    )


@given(data=st.binary(max_size=600), le=st.integers(min_value=0, max_value=65_536))
def test_every_command_is_read_back_by_the_card_as_it_was_meant(data: bytes, le: int):
    parsed = parse_apdu(Command(0x00, 0xD6, 0x12, 0x34, data, le).encode())
    assert parsed is not None
    assert (parsed.cla, parsed.ins, parsed.p1, parsed.p2) == (0x00, 0xD6, 0x12, 0x34)
    assert (parsed.data, parsed.le or 0) == (data, le)


@pytest.mark.parametrize(
    ("command", "wire"),
    [
        (Command(0, 0x20, 0, 0x80), "00200080"),
        (Command(0, 0xB0, 0, 0, le=256), "00b0000000"),
        (Command(0, 0xA4, 2, 0x0C, b"\x00\x17"), "00a4020c020017"),
        (Command(0x80, 0x2A, 0, 0x80, b"\x01", 256), "802a0080010100"),
        (Command(0, 0xB0, 0, 0, le=65_536), "00b00000000000"),
        (Command(0, 0xB0, 0, 0, le=6_660), "00b00000001a04"),
    ],
)
def test_the_bytes_on_the_wire(command: Command, wire: str):
    assert command.encode().hex() == wire


@given(st.binary(max_size=12))
def test_the_virtual_card_reads_any_bytes_or_says_so(apdu: bytes):
    parse_apdu(apdu)


def test_chained_answers_are_collected():
    card = talk(
        ("00b0000000", "", 0x6102), ("00c0000002", "aabb", 0x6101), ("00c0000001", "cc", 0x9000)
    )
    assert exchange(card, Command(0, 0xB0, 0, 0, le=256)).data.hex() == "aabbcc"


def test_a_wrong_length_is_corrected_once():
    card = talk(("00b0000000", "", 0x6C03), ("00b0000003", "aabbcc", 0x9000))
    assert exchange(card, Command(0, 0xB0, 0, 0, le=256)).data.hex() == "aabbcc"
    card = talk(("00b0000000", "", 0x6C03), ("00b0000003", "", 0x6C03))
    assert exchange(card, Command(0, 0xB0, 0, 0, le=256)).sw == 0x6C03


def test_an_answer_without_end_is_given_up():
    endless = talk(
        ("00b0000000", "", 0x6110), *[("00c0000010", "00" * 16, 0x6110) for _ in range(100)]
    )
    with pytest.raises(CardRefusedError):
        exchange(endless, Command(0, 0xB0, 0, 0, le=256))


@pytest.mark.parametrize("sw", [0x6C03, 0x6103])
def test_a_pin_is_never_sent_twice_whatever_the_card_answers(sw: int):
    card = talk(("00200080 masked", "", sw))
    verify = Command(0, 0x20, 0, 0x80, b"1234")
    assert exchange(card, verify).sw == sw


@pytest.mark.parametrize("ins", [0x20, 0x24])
def test_pins_are_masked_in_every_description(ins: int):
    command = Command(0, ins, 0, 0x80, b"1234")
    for text in (repr(command), str(command), describe(command.encode())):
        assert "masked" in text
        assert "31323334" not in text
        assert "1234" not in text


def test_asking_for_tries_is_not_masked():
    assert describe(bytes.fromhex("00200080")) == "00200080"


def test_an_error_names_the_step_and_the_status_word_only():
    with pytest.raises(CardRefusedError, match=r"reading file 0002: the card answered 6A82") as c:
        expect_ok("reading file 0002", Response(b"secret", 0x6A82))
    assert "secret" not in str(c.value)


@pytest.mark.parametrize("characters", [b"", b"12345678901234567", b"12 4", "１２".encode()])
def test_what_can_be_no_pin_is_refused_without_naming_it(characters: bytes):
    with pytest.raises(ValueError, match="1 to 16") as caught:
        Pin(characters)
    assert repr(characters) not in str(caught.value)


def test_the_signing_password_has_its_own_form():
    assert Pin.from_text("DEMO1234").fits(None)
    for wrong in ("DEMO1", "demo1234", "DEMO-1234"):
        assert not Pin.from_text(wrong).fits(None)
    with pytest.raises(ValueError, match="ASCII"):
        Pin.from_text("１２３４")


def test_a_pin_does_not_leave_its_process():
    with pytest.raises(TypeError):
        pickle.dumps(Pin.from_text("1234"))
