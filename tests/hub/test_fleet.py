"""The operator sees the worst unit first, with every trouble named."""

import datetime as dt

from hub.clock import iso
from hub.operations import DeviceView
from hub.web.fleet import _WEIGHT, worst_first
from hub.web.text import catalogue

NOW = 1_800_000_000_000_000
DAY = 24 * 3600 * 1_000_000


def unit(
    name: str, connection: str, *, expires_us: int = NOW + 400 * DAY, **health: object
) -> DeviceView:
    return DeviceView(name, "active", connection, iso(NOW), "", 0, iso(expires_us), health)


def test_the_worst_stands_first_and_retired_units_last():
    retired = DeviceView("u-0", "revoked", "lost", "", "", 0, "", {})
    units = (
        retired,
        unit("u-1", "online"),
        unit("u-2", "closed"),
        unit("u-3", "lost"),
        unit("u-4", "online", waiting=3, oldest_us=NOW - 3600 * 1_000_000),
        unit("u-5", "online", expires_us=NOW - DAY),
        unit("u-6", "online", expires_us=NOW + 3 * DAY),
    )
    rows = worst_first(units, NOW)
    names = [row.device.device for row in rows]
    assert names == ["u-3", "u-5", "u-4", "u-2", "u-6", "u-1", "u-0"]
    assert [row.troubles for row in rows[:3]] == [("lost",), ("key_ended",), ("waits_long",)]
    assert rows[5].weight == 0


def test_a_fresh_backlog_or_an_unknown_one_is_no_trouble():
    fresh = unit("u-1", "online", waiting=2, oldest_us=NOW - 1_000_000, tablet=True)
    silent = unit("u-2", "online")
    assert [row.troubles for row in worst_first((fresh, silent), NOW)] == [(), ()]
    assert worst_first((silent,), NOW)[0].waiting is None


def test_two_troubles_weigh_more_than_one():
    one = unit("u-1", "online", tablet=False)
    two = unit("u-2", "online", tablet=False, card_reader=False)
    assert worst_first((one, two), NOW)[0].device.device == "u-2"
    assert worst_first((two,), NOW)[0].troubles == ("no_tablet", "no_card_reader")


def test_every_trouble_has_its_sentence():
    assert {f"trouble.{code}" for code in _WEIGHT} <= catalogue("ja").keys()


def test_time_of_the_oldest_is_said():
    oldest = NOW - int(dt.timedelta(hours=2).total_seconds()) * 1_000_000
    row = worst_first((unit("u-1", "lost", waiting=1, oldest_us=oldest),), NOW)[0]
    assert row.oldest_at == iso(oldest)
