"""How the unit is, for the clerk's page and `madoguchi-edge status`: link, outbox, disk, alarms."""

from edge.link.office_link import LinkStatus
from edge.outbox import RowState
from edge.session.counter_session import Counter
from intake.event.quarantine import sentence_of

Json = dict[str, object]
SHOWN_ROWS = 20


def unit_status(counter: Counter, link: LinkStatus) -> Json:
    """Technical state only; nothing about a resident but reception numbers of this unit's rows."""
    words = counter.office.words
    room = counter.outbox.room()
    now_us = counter.clock.wall_us()
    return {
        "office": counter.unit.office,
        "device": counter.unit.device,
        "environment": counter.unit.environment,
        "connected": link.connected,
        "broker": link.broker,
        "waiting": link.waiting,
        "free_bytes": room.free_bytes,
        "room": room.enough,
        "ballast": room.ballast,
        "keyset_version": words.keyset.version if words.keyset else None,
        "keyset_expired": words.keyset is not None and words.keyset.is_expired(now_us),
        "roster_version": words.roster.version if words.roster else None,
        "roster_expired": words.roster is not None and now_us >= words.roster.valid_until_us,
        "clock_trusted": counter.clock.trusted_us() is not None,
        "alarm": words.witness.alarm,
        "log_size": words.witness.held.checkpoint.size if words.witness.held else None,
    }


def outbox_rows(counter: Counter) -> Json:
    """The newest rows, and every row in quarantine with the sentence for its reason."""
    newest = counter.outbox.rows(limit=SHOWN_ROWS)
    quarantined = counter.outbox.rows(RowState.QUARANTINED)
    return {
        "rows": [
            {
                "reception_number": row.reception_number,
                "kind": row.kind,
                "revision": row.revision,
                "filed_us": row.filed_us,
                "state": row.state,
            }
            for row in newest
        ],
        "quarantined": [
            {
                "reception_number": row.reception_number,
                "sequence": row.sequence,
                "filed_us": row.filed_us,
                "reason": row.reason,
                "message": {
                    "ja": sentence_of(row.reason or "", "ja"),
                    "en": sentence_of(row.reason or "", "en"),
                },
            }
            for row in quarantined
        ],
    }
