"""Which revision of each law is valid on a day, from when until when, and what waits behind it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from hub.precedents.article import Standing
from hub.precedents.rows import RevisionRow

BEGINNING = dt.date.min


@dataclass(frozen=True)
class Valid:
    """A revision, the first and the last day it is valid (None: not known, or open)."""

    revision: RevisionRow
    starts: dt.date | None
    until: dt.date | None


@dataclass(frozen=True)
class History:
    """The revisions of one law in the order they came into force, and those without a day."""

    dated: tuple[RevisionRow, ...]
    undated: tuple[RevisionRow, ...]

    def on(self, day: dt.date) -> Valid | None:
        """What is valid on a day; None before the first known day and after a repeal.

        A snapshot only says that it was the law when it was taken. Before the first revision a
        snapshot is the best that is known, so it is given, its first day unknown.
        """
        past = [number for number, row in enumerate(self.dated) if day_of(row) <= day]
        if not past and not (self.dated and self.dated[0].starts is None):
            return None
        place = past[-1] if past else 0
        row = self.dated[place]
        if row.standing is Standing.REPEALED:
            return None
        following = self.dated[place + 1] if place + 1 < len(self.dated) else None
        until = day_of(following) - dt.timedelta(days=1) if following else None
        return Valid(row, row.starts, until)

    def after(self, day: dt.date) -> tuple[RevisionRow, ...]:
        """The revisions that are not in force on a day yet, the next first."""
        coming = [row for row in self.dated if day_of(row) > day and row.starts is not None]
        return (*coming, *self.undated)


def day_of(row: RevisionRow) -> dt.date:
    """The day a revision counts from: when it came into force, else when it was seen."""
    if row.starts:
        return row.starts
    parts = [int(part) for part in row.snapshot.split("-") if part] or [1]
    year, month, day = (*parts, 1, 1)[:3]
    try:
        return dt.date(year, month, day)
    except ValueError:
        return BEGINNING


def histories(rows: Iterable[RevisionRow]) -> dict[str, History]:
    """The history of each law, by law id. Of several revisions of one day the last added counts."""
    grouped: dict[str, list[RevisionRow]] = {}
    for row in rows:
        grouped.setdefault(row.law_id, []).append(row)
    found: dict[str, History] = {}
    for law_id, group in grouped.items():
        undated = tuple(row for row in group if row.standing is Standing.UNENFORCED)
        days = {
            day_of(row): row
            for row in sorted(group, key=lambda row: (row.amended_by, row.id))
            if row not in undated
        }
        found[law_id] = History(tuple(days[day] for day in sorted(days)), undated)
    return found
