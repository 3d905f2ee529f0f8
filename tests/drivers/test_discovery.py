import io
import json
from pathlib import Path

import pytest

from drivers.discovery import Discovery, discover, report
from drivers.pcsc_listing import ReaderList, ReaderTrouble

PEN_KEYS = f"{1 << 0 | 1 << (0x14A - 0x140):x} 0 0 0 0 0"
PEN_ABS = f"{0b11 | 1 << 0x18:x}"
PAD_KEYS = f"{1 << (0x14B - 0x140):x} 0 0 0 0 0"


class Machine:
    """A little sysfs and /dev."""

    def __init__(self, root: Path) -> None:
        self.sysfs, self.dev = root / "sys", root / "dev"
        (self.dev / "input").mkdir(parents=True)
        (self.sysfs / "class/input").mkdir(parents=True)
        self.readers: ReaderList = ReaderList(("Reader 00 00",))

    def node(self, number: int, name: str, usb_id: str, keys: str, axes: str) -> Path:
        device = self.sysfs / f"class/input/event{number}/device"
        for folder in ("id", "capabilities"):
            (device / folder).mkdir(parents=True)
        vendor, product = usb_id.split(":")
        for path, text in {
            "id/vendor": vendor,
            "id/product": product,
            "capabilities/key": keys,
            "capabilities/abs": axes,
            "name": name,
        }.items():
            (device / path).write_text(text + "\n")
        node = self.dev / f"input/event{number}"
        node.touch()
        return node

    def usb(self, name: str, usb_id: str, interface_class: str = "03") -> None:
        folder = self.sysfs / f"bus/usb/devices/{name}"
        (folder / f"{name}:1.0").mkdir(parents=True)
        vendor, product = usb_id.split(":")
        (folder / "idVendor").write_text(vendor + "\n")
        (folder / "idProduct").write_text(product + "\n")
        (folder / "product").write_text("Thing\n")
        (folder / f"{name}:1.0/bInterfaceClass").write_text(interface_class + "\n")

    def discover(self) -> Discovery:
        return discover(self.sysfs, self.dev, lambda: self.readers)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def codes(found: Discovery) -> list[str]:
    return [finding.code for finding in found.findings]


def test_pens_and_readers_are_listed_with_the_address_that_opens_them(machine: Machine):
    node = machine.node(11, "Pen", "056a:037a", PEN_KEYS, PEN_ABS)
    found = machine.discover()
    assert [(d.kind, d.address, d.name, d.usable) for d in found.devices] == [
        ("tablet", f"evdev:{node}", "Pen", True),
        ("card_reader", "pcsc:Reader 00 00", "Reader 00 00", True),
    ]
    assert found.findings == ()


def test_nodes_come_in_the_order_of_their_numbers(machine: Machine):
    for number in (10, 9):
        machine.node(number, f"Pen {number}", "056a:037a", PEN_KEYS, PEN_ABS)
    assert [device.name for device in machine.discover().devices[:2]] == ["Pen 9", "Pen 10"]


def test_touch_and_pad_nodes_of_a_tablet_are_no_pens(machine: Machine):
    machine.node(1, "Pad", "056a:037a", PAD_KEYS, "3")
    machine.node(2, "Keyboard", "046d:0001", "fffe", "0")
    assert [device.kind for device in machine.discover().devices] == ["card_reader"]


def test_a_node_that_may_not_be_opened_is_listed_and_names_the_rule(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
):
    def refuse(_path: str, _mode: int) -> bool:
        return False

    monkeypatch.setattr("os.access", refuse)  # root may open anything
    machine.node(3, "Pen", "056a:037a", PEN_KEYS, PEN_ABS)
    found = machine.discover()
    assert not found.devices[0].usable
    assert codes(found) == ["tablet_permission"]
    assert "60-madoguchi.rules" in found.findings[0].message_ja


def test_a_tablet_without_its_driver_names_the_module(machine: Machine):
    machine.usb("1-1", "256c:006d")
    found = machine.discover()
    assert codes(found) == ["tablet_driver"]
    assert "modprobe hid_uclogic" in found.findings[0].message_en


def test_a_tablet_that_has_its_node_is_not_complained_about(machine: Machine):
    machine.usb("1-1", "056a:037a")
    machine.node(3, "Pen", "056a:037a", PEN_KEYS, PEN_ABS)
    assert codes(machine.discover()) == []


def test_a_signature_pad_is_named_as_not_supported(machine: Machine):
    machine.usb("1-1", "056a:00a8")
    assert codes(machine.discover()) == ["pad_unsupported"]


def test_inputs_without_events_miss_the_evdev_module(machine: Machine):
    (machine.sysfs / "class/input/input0").mkdir()
    assert codes(machine.discover()) == ["evdev_module"]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (ReaderTrouble.LIBRARY, "reader_library"),
        (ReaderTrouble.SERVICE, "reader_service"),
        (ReaderTrouble.PERMISSION, "reader_permission"),
        (ReaderTrouble.NONE_PLUGGED, "reader_none"),
    ],
)
def test_each_trouble_with_pcscd_has_its_own_sentence(
    machine: Machine, trouble: ReaderTrouble, code: str
):
    machine.readers = ReaderList(trouble=trouble)
    assert codes(machine.discover()) == ["tablet_none", code]


def test_a_reader_without_its_driver_is_named(machine: Machine):
    machine.usb("1-2", "04e6:5116", interface_class="0b")
    machine.readers = ReaderList(trouble=ReaderTrouble.NONE_PLUGGED)
    assert codes(machine.discover()) == ["tablet_none", "reader_driver"]


def test_one_failing_kind_never_hides_the_other(machine: Machine):
    def explode() -> ReaderList:
        raise RuntimeError

    machine.node(3, "Pen", "056a:037a", PEN_KEYS, PEN_ABS)
    found = discover(machine.sysfs, machine.dev, explode)
    assert [device.name for device in found.devices] == ["Pen"]
    assert codes(found) == ["kind_failed"]
    assert "RuntimeError" in found.findings[0].message_ja


def test_the_report_ends_with_the_status_of_a_command(machine: Machine):
    out = io.StringIO()
    assert report(machine.discover(), out) == 0
    assert "pcsc:Reader 00 00" in out.getvalue()
    assert "ペンタブレットが見つかりません" in out.getvalue()
    machine.readers = ReaderList(trouble=ReaderTrouble.SERVICE)
    assert report(machine.discover(), out) == 3


def test_json_is_one_object_that_a_program_can_read(machine: Machine):
    out = io.StringIO()
    report(machine.discover(), out, as_json=True)
    read = json.loads(out.getvalue())
    assert read["devices"][0]["address"] == "pcsc:Reader 00 00"
    assert read["findings"][0]["code"] == "tablet_none"
