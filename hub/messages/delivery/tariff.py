"""Postage and print of a letter, from a table that says from which day each figure holds."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from hub.clock import local_date
from hub.errors import ChannelSettingsError

OURS: Final = Path(__file__).with_name("tariff.toml")


@dataclass(frozen=True)
class Cost:
    """Of one letter, in yen, by the tariff of this name."""

    postage_yen: int
    print_yen: int
    tariff: str


@dataclass(frozen=True)
class Prices:
    """One tariff; `steps` are (up to so many grams, yen), lightest first."""

    name: str
    since: dt.date
    sheet_grams: float
    envelope_grams: float
    print_page_yen: int
    envelope_yen: int
    steps: tuple[tuple[int, int], ...]

    def cost(self, pages: int) -> Cost:
        """Of a letter of so many pages, one a sheet. Heavier than the table: its last step."""
        grams = self.envelope_grams + pages * self.sheet_grams
        postage = next((yen for most, yen in self.steps if grams <= most), self.steps[-1][1])
        return Cost(postage, pages * self.print_page_yen + self.envelope_yen, self.name)


@dataclass(frozen=True)
class Tariff:
    """All tariffs, newest first."""

    prices: tuple[Prices, ...]

    @classmethod
    def load(cls, path: Path = OURS) -> Self:
        """The table in a file; ChannelSettingsError when it is not one."""
        try:
            rows = tomllib.loads(path.read_text(encoding="utf-8"))["tariff"]
            prices = sorted((_prices(row) for row in rows), key=lambda one: one.since, reverse=True)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ChannelSettingsError(
                f"{path.name}: not a tariff table ({type(error).__name__}); see docs/channels.md"
            ) from error
        if not prices:
            raise ChannelSettingsError(f"{path.name}: there is no tariff in it; add one")
        return cls(tuple(prices))

    def cost(self, pages: int, time_us: int) -> Cost:
        """Of a letter of so many pages posted at `time_us`, by Japan's date."""
        day = local_date(time_us)
        held = next((one for one in self.prices if one.since <= day), self.prices[-1])
        return held.cost(pages)


def _prices(row: dict[str, Any]) -> Prices:
    steps = tuple(sorted((int(step["grams"]), int(step["yen"])) for step in row["steps"]))
    if not steps:
        raise ValueError("a tariff without steps")
    return Prices(
        str(row["name"]),
        dt.date.fromisoformat(str(row["from"])),
        float(row["sheet_grams"]),
        float(row["envelope_grams"]),
        int(row["print_page_yen"]),
        int(row["envelope_yen"]),
        steps,
    )
