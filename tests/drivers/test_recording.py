import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers import recording
from drivers.errors import DeviceLostError, RecordingError
from drivers.tablet import open_tablet
from drivers.tablet.handwriting import load
from drivers.tablet.simulated import SimulatedTablet
from intake.ink import Ink, PenSample


async def test_a_recorded_hand_is_replayed_bit_for_bit(tmp_path: Path):
    path = tmp_path / "hand.ink"
    seen: list[PenSample] = [s async for s in open_tablet("sim:U+592A?pace=fast").reports()]
    count = await recording.record(open_tablet("sim:U+592A?pace=fast"), path)
    again = open_tablet(f"replay:{path}?pace=fast")
    replayed = [sample async for sample in again.reports()]
    start = replayed[0].time_us - seen[0].time_us
    assert count == len(replayed)
    assert [sample.time_us - start for sample in replayed] == [s.time_us for s in seen]
    assert [(s.x, s.y, s.pressure, s.contact) for s in replayed] == [
        (s.x, s.y, s.pressure, s.contact) for s in seen
    ]
    assert again.description == open_tablet("sim:").description


async def test_a_recording_belongs_to_its_owner_alone(tmp_path: Path):
    path = tmp_path / "hand.ink"
    await recording.record(open_tablet("sim:U+4E00?pace=fast"), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_an_unplugged_tablet_leaves_a_whole_recording_with_its_mark(tmp_path: Path):
    path = tmp_path / "hand.ink"
    tablet = SimulatedTablet(pace="fast")
    tablet.write(load("木").strokes)

    class Pulled:
        description = tablet.description

        async def reports(self) -> AsyncIterator[PenSample]:
            count = 0
            async for sample in tablet.reports():
                yield sample
                count += 1
                if count == 60:
                    tablet.unplug()

        def close(self) -> None:
            tablet.close()

    with pytest.raises(DeviceLostError):
        await recording.record(Pulled(), path)
    last = recording.load(path).samples[-1]
    assert (last.contact, last.in_range, last.dropped_before) == (False, False, True)


async def test_a_torn_recording_gives_what_is_left(tmp_path: Path):
    path = tmp_path / "hand.ink"
    await recording.record(open_tablet("sim:花?pace=fast"), path)
    whole = recording.load(path)
    path.write_bytes(path.read_bytes()[:-7])
    left = recording.load(path)
    assert 0 < len(left.samples) < len(whole.samples)
    assert left.samples == whole.samples[: len(left.samples)]


def test_a_saved_recording_is_the_same_again(tmp_path: Path):
    path = tmp_path / "copy.ink"
    source = tmp_path / "hand.ink"
    ink = Ink(SimulatedTablet().description, (PenSample(1, 2, 3, 4),))
    recording.save(source, ink)
    recording.save(path, recording.load(source))
    assert path.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("content", [b"", b"E: no", bytes(100)])
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "hand.ink"
    path.write_bytes(content)
    with pytest.raises(RecordingError):
        recording.load(path)


def test_a_missing_recording_is_refused(tmp_path: Path):
    with pytest.raises(RecordingError):
        open_tablet(f"replay:{tmp_path}/none.ink")
