"""The pen of the resident's page as a tablet that comes and goes with the page."""

import asyncio

from drivers.tablet import BrowserTablet

MOST_PIXELS = 20_000.0


class BrowserPen:
    """Gives the capture the tablet of whichever page announced its writing area last."""

    def __init__(self) -> None:
        self._current: BrowserTablet | None = None
        self._fresh = asyncio.Event()

    async def open(self) -> BrowserTablet:
        """The tablet of a page, as soon as one has announced itself."""
        await self._fresh.wait()
        self._fresh.clear()
        assert self._current is not None
        return self._current

    def announce(self, width: object, height: object) -> BrowserTablet | None:
        """A page has a writing area of this size in CSS pixels; None when that is no size."""
        sizes = [s for s in (width, height) if isinstance(s, int | float) and 1 <= s <= MOST_PIXELS]
        if len(sizes) != 2:
            return None
        if self._current is not None:
            self._current.disconnect()
        self._current = BrowserTablet(float(sizes[0]), float(sizes[1]))
        self._fresh.set()
        return self._current
