"""The household that the demo moves in, from `household.toml`, with dates relative to today."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

_FILE = Path(__file__).with_name("household.toml")
_JAPAN = dt.timezone(dt.timedelta(hours=9))


@dataclass(frozen=True)
class Household:
    """What is typed, drawn and corrected at the counter. `form` is keyed by place."""

    persona: str
    form: dict[str, object]
    persons: tuple[str, ...]
    drawn: str
    drawn_in: str
    drawn_at: int
    correction_place: str
    correction_why: str
    corrected: dict[str, object]


def household(now: dt.datetime) -> Household:
    """The household, moved three days before `now` by the calendar of Japan."""
    today = now.astimezone(_JAPAN).date()
    text = _FILE.read_text(encoding="utf-8")
    text = text.replace("{MOVED}", str(today - dt.timedelta(days=3)))
    text = text.replace("{ISSUED}", str(today - dt.timedelta(days=10)))
    table = tomllib.loads(text)
    form, persons = _form(table["form"])
    correction = dict(table["correction"])
    place = str(correction.pop("place"))
    why = str(correction.pop("why"))
    corrected = cast("dict[str, object]", form[place]) | correction
    return Household(
        str(table["persona"]),
        form,
        persons,
        str(table["drawn"]),
        str(table["drawn_in"]),
        int(table["drawn_at"]),
        place,
        why,
        corrected,
    )


def _form(table: dict[str, Any]) -> tuple[dict[str, object], tuple[str, ...]]:
    persons = tuple(name for name in table if name.startswith("p") and name[1:].isdigit())
    form: dict[str, object] = {name: value for name, value in table.items() if name not in persons}
    for person in persons:
        for name, value in table[person].items():
            form[f"persons/{person}/{name}"] = value
    return form, persons
