import asyncio

import pytest

from drivers.errors import DeviceLostError
from drivers.tablet import handwriting
from drivers.tablet.simulated import SimulatedTablet
from intake.ink import Ink


async def test_orders_are_written_one_after_the_other():
    tablet = SimulatedTablet(pace="fast")
    for text in "一木":
        tablet.write(handwriting.load(text).strokes)
    tablet.finish()
    samples = tuple([sample async for sample in tablet.reports()])
    assert len(Ink(tablet.description, samples).strokes()) == 5
    assert samples[-1].time_us > samples[0].time_us


async def test_pulling_the_cable_in_a_stroke_closes_it_with_a_mark():
    tablet = SimulatedTablet(pace="fast")
    tablet.write(handwriting.load("一").strokes)
    reports = tablet.reports()
    samples = [await anext(reports) for _ in range(40)]
    assert samples[-1].contact
    tablet.unplug()
    closing = await anext(reports)
    assert (closing.contact, closing.dropped_before) == (False, True)
    with pytest.raises(DeviceLostError, match="unplugged"):
        await anext(reports)


async def test_closing_is_no_loss():
    tablet = SimulatedTablet()
    asyncio.get_running_loop().call_later(0.02, tablet.close)
    assert [sample async for sample in tablet.reports()] == []
