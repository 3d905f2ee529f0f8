"""Days as a message writes them: the era text of a day, and both together for readers."""

from datetime import date

from intake.notification import era


def era_of(day: date) -> str:
    """`令和8年11月23日`."""
    return era.format_date(day)


def both(day: date, language: str) -> str:
    """A day for people: era and common year in Japanese, common year first in English."""
    if language == "ja":
        return f"{era_of(day)}（{day.isoformat()}）"
    return f"{day.isoformat()} ({era_of(day)})"
