"""The last duty of both processes of the demo: whichever is left leaves nothing behind."""

import shutil

from provisioning.demo.lineage import end_descendants
from provisioning.demo.places import Places

_ORDERLY_SECONDS = 12.0


def leave_nothing(places: Places, *, temporary: bool) -> None:
    """End every descendant, take the broker's files away, and a temporary state folder."""
    end_descendants(_ORDERLY_SECONDS)
    shutil.rmtree(places.broker_runtime, ignore_errors=True)
    if temporary:
        shutil.rmtree(places.state, ignore_errors=True)
