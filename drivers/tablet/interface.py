"""What the rest of the house knows of a pen tablet: four members, whatever stands behind them."""

from collections.abc import AsyncIterator
from typing import Protocol

from intake.ink import PenSample, TabletDescription


class Tablet(Protocol):
    """One opened tablet, held for us alone until `close`.

    `drivers.tablet.open_tablet` opens one; real, replayed, simulated and browser pens behave alike.
    """

    @property
    def description(self) -> TabletDescription:
        """Axes and identity, as the device declares them."""
        ...

    def reports(self) -> AsyncIterator[PenSample]:
        """Give every pen report in order, in device units; to be called once.

        `time_us` of a live tablet is on CLOCK_MONOTONIC, of a replay as recorded. Coordinates
        outside the declared range are kept. When the device goes away in the middle of a stroke
        one last sample lifts the pen with `dropped_before` set; then DeviceLostError is raised.
        The iteration ends without an error after `close` or at the end of a replay.
        """
        ...

    def close(self) -> None:
        """Let the device go; may be called twice and from the loop that iterates."""
        ...
