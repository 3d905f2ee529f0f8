"""Tells the office every half minute how this unit is; technical values only."""

import asyncio
from importlib.metadata import version

from drivers.card_reader.interface import ReaderStatus
from edge.link.office_link import OfficeLink
from edge.session.counter_session import Counter
from intake.event.presence import Health, encode_health
from intake.event.topics import Up


async def report_health(counter: Counter, link: OfficeLink, seconds: float) -> None:
    """Publish the unit's health for ever; where there is no connection it is left out."""
    while True:
        link.publish(Up.HEALTH, encode_health(health(counter)))
        await asyncio.sleep(seconds)


def health(counter: Counter) -> Health:
    """The unit now."""
    outbox = counter.outbox.summary()
    words = counter.office.words
    return Health(
        boot_id=counter.clock.boot_id,
        time_us=counter.clock.wall_us(),
        waiting=outbox.waiting,
        oldest_us=outbox.oldest_us,
        quarantined=outbox.quarantined,
        free_bytes=counter.outbox.room().free_bytes,
        clock_uncertainty_us=counter.clock.quality().uncertainty_us,
        keyset_version=words.keyset.version if words.keyset else 0,
        roster_version=words.roster.version if words.roster else 0,
        tablet=counter.capture.status.tablet is not None,
        card_reader=counter.card_desk.state.status in (ReaderStatus.EMPTY, ReaderStatus.PRESENT),
        software={"madoguchi": version("madoguchi")},
    )
