import asyncio
import time
from pathlib import Path

import pytest

from drivers.errors import (
    AddressError,
    DeviceMissingError,
    DeviceUnsupportedError,
    RecordingError,
)
from drivers.tablet import BrowserTablet, open_tablet
from intake.ink import PenSample

RECORDING = Path(__file__).parents[2] / "recordings/evemu/wacom_cintiq13hdt_pen.events"


async def reports(address: str) -> list[PenSample]:
    return [sample async for sample in open_tablet(address).reports()]


async def test_fast_and_real_pace_give_the_same_reports_at_different_times():
    began = time.monotonic()
    fast = await reports(f"replay:{RECORDING}?pace=fast")
    middle = time.monotonic()
    real = await reports(f"replay:{RECORDING}")
    assert real == fast
    assert time.monotonic() - middle >= 0.49 > middle - began


async def test_a_replay_can_be_closed_in_the_middle():
    tablet = open_tablet(f"replay:{RECORDING}")
    seen = 0
    async for _ in tablet.reports():
        seen += 1
        if seen == 5:
            tablet.close()
    assert seen == 5


async def test_closing_wakes_a_replay_that_waits():
    tablet = open_tablet("sim:U+4E00?speed=0.1")
    asyncio.get_running_loop().call_later(0.05, tablet.close)
    began = time.monotonic()
    assert len([s async for s in tablet.reports()]) < 40
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("pcsc:0", AddressError),
        ("serial:/dev/ttyS0", AddressError),
        (f"replay:{RECORDING}?pace=slow", AddressError),
        ("sim:花?seed=x", AddressError),
        ("sim:花?speed=0", AddressError),
        ("sim:nobody", RecordingError),
        ("hid:056a:00a8", DeviceUnsupportedError),
        ("evdev:/dev/input/event9999", DeviceMissingError),
        ("evdev:ffff:ffff", DeviceMissingError),
        ("evdev:/dev/null", DeviceUnsupportedError),
    ],
)
def test_what_cannot_be_opened_says_why(address: str, error: type[Exception]):
    with pytest.raises(error):
        open_tablet(address)


def test_a_browser_pen_is_a_tablet_like_any_other():
    assert isinstance(open_tablet("browser:"), BrowserTablet)
