"""The picture of the ink for pages: small binary frames, acknowledged, thinned when a page lags.

Only the picture is ever thinned; the log has every sample. A frame is `u8 1, u8 flags (1: begin
anew), u16 count, u32 number`, then per sample `u16 x, u16 y, u16 pressure, u8 flags (1 contact,
2 in range, 4 gap before)`, all little-endian, axes scaled to 0..65535.
"""

import struct
from collections.abc import Callable, Iterable
from typing import Final

from intake.ink import AxisRange, PenSample, TabletDescription

FRAME_KIND: Final = 1
UNACKNOWLEDGED: Final = 4
BEHIND: Final = 600  # samples (3 s at 200 Hz) a page may lag before its picture is thinned
MOST: Final = 2000  # samples in one frame
_FULL: Final = 65_535
_HEAD = struct.Struct("<BBHI")
_SAMPLE = struct.Struct("<HHHB")


class PictureFeed:
    """What one page has still to be sent; it acknowledges frames by number.

    `wake` is called whenever there may be a frame.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._pending: list[bytes] = []
        self._reset = False
        self._sent = 0
        self._acknowledged = 0

    def reset(self) -> None:
        """The drawing begins anew: what was pending is of no interest any more."""
        self._pending.clear()
        self._reset = True
        self._wake()

    def add(self, samples: Iterable[bytes]) -> None:
        """Take packed samples; a page far behind gets fewer of them."""
        self._pending.extend(samples)
        if len(self._pending) > BEHIND:
            self._pending = _thinned(self._pending)
        self._wake()

    def acknowledge(self, number: int) -> None:
        """The page has drawn every frame up to `number`."""
        self._acknowledged = max(self._acknowledged, min(number, self._sent))
        self._wake()

    def frame(self) -> bytes | None:
        """The next frame to send, or None: nothing to say, or too much not yet acknowledged."""
        if not (self._pending or self._reset):
            return None
        if self._sent - self._acknowledged >= UNACKNOWLEDGED:
            return None
        now, self._pending = self._pending[:MOST], self._pending[MOST:]
        self._sent += 1
        head = _HEAD.pack(FRAME_KIND, 1 if self._reset else 0, len(now), self._sent)
        self._reset = False
        return head + b"".join(now)


class Picture:
    """The drawing as the pages see it; any number of feeds, each at its page's own pace."""

    def __init__(self) -> None:
        self._feeds: set[PictureFeed] = set()
        self._drawn: list[bytes] = []

    def open_feed(self, wake: Callable[[], None]) -> PictureFeed:
        """A feed for a page that has just come: it begins with the whole drawing.

        `wake` is called whenever the feed may have a frame.
        """
        feed = PictureFeed(wake)
        feed.reset()
        feed.add(self._drawn)
        self._feeds.add(feed)
        return feed

    def close_feed(self, feed: PictureFeed) -> None:
        """The page is gone."""
        self._feeds.discard(feed)

    def clear(self) -> None:
        """A new drawing."""
        self._drawn.clear()
        for feed in self._feeds:
            feed.reset()

    def add(self, tablet: TabletDescription, samples: Iterable[PenSample]) -> None:
        """Show more of the drawing."""
        packed = [_packed(tablet, sample) for sample in samples]
        for one in packed:  # hovering is left out, but not the lift that ends a stroke
            if one[6] & 1 or (self._drawn and self._drawn[-1][6] & 1):
                self._drawn.append(one)
        for feed in self._feeds:
            feed.add(packed)


def aspect(tablet: TabletDescription) -> float:
    """Width over height of the writing area, in millimetres where the tablet declares them."""
    wide = (tablet.x.maximum - tablet.x.minimum) / (tablet.x.resolution or 1)
    high = (tablet.y.maximum - tablet.y.minimum) / (tablet.y.resolution or 1)
    return wide / high if wide > 0 and high > 0 else 1.6


def _packed(tablet: TabletDescription, sample: PenSample) -> bytes:
    flags = sample.contact | sample.in_range << 1 | sample.dropped_before << 2
    return _SAMPLE.pack(
        _scaled(sample.x, tablet.x),
        _scaled(sample.y, tablet.y),
        _scaled(sample.pressure, tablet.pressure),
        flags,
    )


def _scaled(value: int, axis: AxisRange) -> int:
    span = max(axis.maximum - axis.minimum, 1)
    return max(0, min(_FULL, (value - axis.minimum) * _FULL // span))


def _thinned(samples: list[bytes]) -> list[bytes]:
    """Every other sample, but each beginning and end of a stroke."""
    kept: list[bytes] = []
    before = 0
    for place, sample in enumerate(samples):
        flags = sample[6]
        if flags != before or place % 2 == 0 or place == len(samples) - 1:
            kept.append(sample)
        before = flags
    return kept
