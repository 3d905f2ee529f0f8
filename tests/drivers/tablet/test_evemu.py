from pathlib import Path

import pytest

from drivers.errors import DeviceUnsupportedError, RecordingError
from drivers.tablet import evemu
from drivers.tablet.replay import load_ink
from intake.ink import AxisRange, Ink

RECORDINGS = Path(__file__).parents[2] / "recordings/evemu"


def ink(name: str) -> Ink:
    return load_ink(RECORDINGS / name)


def test_the_form_of_2013_has_axes_without_resolution():
    read = ink("wacom_dth2242_pen.events")
    assert read.tablet.tool_id == "056a:0059"
    assert read.tablet.x == AxisRange(0, 95840, 0)
    assert read.tablet.pressure.maximum == 2047
    assert read.samples[0].time_us == 1369413313184404


def test_the_newer_form_has_resolution_and_a_minimum_that_is_not_0():
    read = ink("wacom_cintiq13hdt_pen.events")
    assert read.tablet.x == AxisRange(400, 59152, 200)
    assert read.tablet.tilt_x == AxisRange(-64, 63, 57)
    assert (len(read.samples), [len(stroke) for stroke in read.strokes()]) == (79, [5, 30])


def test_events_alone_take_their_description_from_the_file_beside():
    read = ink("wacom_intuos4_6x9_stylus_tap.events")
    assert read.tablet.name == "Wacom Intuos4 6x9 Pen"
    assert len(read.strokes()) == 1


def test_a_pen_that_never_names_its_tool_is_read():
    read = ink("uclogic_wp5540u_pen.events")
    assert read.tablet.tilt_x is None
    assert read.samples
    assert all(sample.in_range for sample in read.samples)


def test_an_ioctl_file_of_umockdev_describes_the_same_tablet():
    described = evemu.describe(RECORDINGS / "wacom_dth2242_pen.ioctl")
    recorded = evemu.load(RECORDINGS / "wacom_dth2242_pen.events").capabilities
    assert described == recorded


def test_events_of_umockdev_are_read_with_an_ioctl_file_beside(tmp_path: Path):
    lines = (RECORDINGS / "wacom_dth2242_pen.events").read_text().splitlines()
    events = [line for line in lines if line.startswith("E: ")]
    (tmp_path / "a.events").write_text("\n".join(["# EVEMU 1.2", *events]))
    (tmp_path / "a.ioctl").write_text((RECORDINGS / "wacom_dth2242_pen.ioctl").read_text())
    assert load_ink(tmp_path / "a.events") == ink("wacom_dth2242_pen.events")


def test_short_fractions_of_a_second_are_read_as_such(tmp_path: Path):
    described = (RECORDINGS / "wacom_intuos4_6x9_stylus_tap.desc").read_text()
    (tmp_path / "a.events").write_text(described + "E: 1.5 0003 0000 7\nE: 1.5 0000 0000 0\n")
    assert load_ink(tmp_path / "a.events").samples[0].time_us == 1_500_000


@pytest.mark.parametrize(
    "content",
    ["", "N: pen\n", "E: 1.000001 0003 0000 5\n", "A: 00 0\nE: 1.000001 0003 0000 5\n"],
    ids=["empty", "no events", "no description", "half a description"],
)
def test_what_cannot_be_replayed_says_what_is_missing(tmp_path: Path, content: str):
    (tmp_path / "a.events").write_text(content)
    with pytest.raises(RecordingError) as caught:
        evemu.load(tmp_path / "a.events")
    assert "a.events" in str(caught.value)


def test_a_recording_of_a_touch_screen_is_no_pen(tmp_path: Path):
    (tmp_path / "a.events").write_text("A: 00 0 9 0 0\nA: 01 0 9 0 0\nE: 1.000001 0003 0000 5\n")
    with pytest.raises(DeviceUnsupportedError):
        load_ink(tmp_path / "a.events")
