import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.address import Address, Kind, parse
from drivers.errors import AddressError


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        ("evdev:/dev/input/event3", Kind.EVDEV, "/dev/input/event3"),
        ("evdev:", Kind.EVDEV, ""),
        ("evdev:056a:037a", Kind.EVDEV, "056a:037a"),
        ("hid:056a:00a8", Kind.HID, "056a:00a8"),
        ("pcsc:0", Kind.PCSC, "0"),
        ("pcsc:Virtual PCD 00 00", Kind.PCSC, "Virtual PCD 00 00"),
        ("serial:/dev/ttyUSB0", Kind.SERIAL, "/dev/ttyUSB0"),
        ("replay:a/b.events", Kind.REPLAY, "a/b.events"),
        ("browser:", Kind.BROWSER, ""),
    ],
)
def test_every_known_form_is_read(text: str, kind: Kind, target: str):
    assert parse(text) == Address(kind, target)
    assert str(parse(text)) == text


def test_options_belong_to_replays_and_simulations():
    address = parse("sim:U+20BB7?seed=7&pace=fast")
    assert (address.target, address.option("seed", "1")) == ("U+20BB7", "7")
    assert address.option("speed", "1") == "1"
    assert parse(str(address)) == address


def test_usb_ids_are_read_as_numbers():
    assert parse("hid:056A:00a8").usb_id == (0x056A, 0x00A8)
    assert parse("evdev:/dev/input/event3").usb_id is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "event3",
        "usb:1",
        "hid:",
        "hid:056a",
        "serial:",
        "replay:",
        "replay:x?speed=2",
        "sim:x?colour=red",
        "evdev:event3",
        "browser:8080",
    ],
)
def test_anything_else_is_refused_with_a_next_step(text: str):
    with pytest.raises(AddressError) as caught:
        parse(text)
    assert caught.value.exit_code == 2
    assert len(str(caught.value)) > 20


@given(st.text(max_size=40))
def test_no_text_does_anything_but_parse_or_be_refused(text: str):
    try:
        address = parse(text)
    except AddressError:
        return
    assert parse(str(address)) == address
