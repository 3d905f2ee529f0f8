"""The enrolment folder and the clocks."""

from pathlib import Path

import pytest

from edge import unit as units
from edge.errors import SettingsError
from edge.unit_clock import SLACK_US, UnitClock
from intake.office.environment import Environment
from tests.edge.a_unit import make_office
from tests.edge.enrolment import DEVICE, OFFICE, Authority


def test_an_enrolled_unit_is_read(tmp_path: Path) -> None:
    make_office(tmp_path, port=8883)
    unit = units.load(tmp_path / "identity")
    assert (unit.office, unit.device, unit.environment) == (OFFICE, DEVICE, Environment.DEMO)
    assert [str(broker) for broker in unit.brokers] == ["localhost:8883"]
    chosen = units.load(tmp_path / "identity", ("one:1", "two:2"))
    assert [str(broker) for broker in chosen.brokers] == ["one:1", "two:2"]
    assert "PRIVATE" not in repr(unit)


@pytest.mark.parametrize(
    "name", ["office.toml", "signing.key", "signing.crt", "encryption.key", "office_anchor.pub"]
)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    make_office(tmp_path)
    (tmp_path / "identity" / name).unlink()
    with pytest.raises(SettingsError, match=name):
        units.load(tmp_path / "identity")


def test_a_certificate_of_another_key_or_environment_is_refused(tmp_path: Path) -> None:
    make_office(tmp_path)
    other = tmp_path / "other"
    make_office(other)
    folder = tmp_path / "identity"
    good = (folder / "signing.crt").read_bytes()
    (folder / "signing.crt").write_bytes((other / "identity" / "signing.crt").read_bytes())
    with pytest.raises(SettingsError, match="another key"):
        units.load(folder)
    (folder / "signing.crt").write_bytes(good)
    text = (folder / "office.toml").read_text()
    (folder / "office.toml").write_text(text.replace('"demo"', '"production"'))
    with pytest.raises(SettingsError, match="another environment"):
        units.load(folder)
    assert Authority()


def test_a_clock_before_what_the_office_signed_is_not_trusted() -> None:
    moment = 1_800_000_000_000_000
    clock = UnitClock(wall=lambda: moment)
    assert clock.trusted_us() == moment
    clock.remember(moment + SLACK_US + 1)
    assert clock.trusted_us() is None


def test_the_office_time_tells_how_far_the_clock_may_be_off(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("edge.unit_clock.NTP_MARK", tmp_path / "none")
    clock = UnitClock(wall=lambda: 1_000_000_000)
    assert clock.quality().source == "unknown"
    clock.office_said(1_000_250_000)
    quality = clock.quality()
    assert (quality.source, quality.uncertainty_us) == ("hub", 250_000)


def test_the_day_is_the_day_in_japan() -> None:
    evening = UnitClock(wall=lambda: 1_795_370_400_000_000)  # 2026-11-22T18:00Z
    assert evening.today().isoformat() == "2026-11-23"
