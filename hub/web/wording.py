"""Writes instants and days as the pages show them."""

import datetime as dt
from typing import Final

from intake.notification.era import format_date

MINUTE: Final = 16
"""How much of an ISO instant a person reads: date, hour, minute."""


def instant_shown(iso: str | None) -> str:
    """`2026-11-23T16:20:05+09:00` as `2026-11-23 16:20`; nothing for nothing."""
    return (iso or "")[:MINUTE].replace("T", " ")


def day_shown(iso: str | None, language: str) -> str:
    """A day with its era in Japanese (`令和8年11月23日（2026-11-23）`), as it is otherwise.

    What is no whole day (a birthday known by its year only) stays as it is.
    """
    if not iso or language != "ja":
        return iso or ""
    try:
        return f"{format_date(dt.date.fromisoformat(iso))}（{iso}）"
    except ValueError:
        return iso


def day_in_era(iso: str | None) -> str:
    """A day as a certificate prints it, `令和8年11月23日`; what is no whole day stays as it is."""
    try:
        return format_date(dt.date.fromisoformat(iso or ""))
    except ValueError:
        return iso or ""
