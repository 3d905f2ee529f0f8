from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import pytest

from intake.errors import DecodeError, UnknownVersionError
from intake.record import MAX_INTEGER, TOKEN, Record

if TYPE_CHECKING:
    from collections.abc import Callable


class Colour(StrEnum):
    RED = "red"


def test_every_accessor_reads_its_kind_once() -> None:
    fields: dict[str, object] = {
        "v": 1,
        "n": 5,
        "f": True,
        "t": "ab",
        "o": b"xy",
        "i": [1],
        "c": "red",
        "m": {"a": "b"},
        "r": {},
        "z": None,
    }
    record = Record(fields, "thing")
    assert record.version(1) == 1
    assert record.integer("n") == 5
    assert record.flag("f") is True
    assert record.text("t") == "ab"
    assert record.octets("o", size=2) == b"xy"
    assert record.items("i", limit=1) == [1]
    assert record.choice("c", Colour) is Colour.RED
    assert record.texts("m", limit=1) == {"a": "b"}
    record.record("r").close()
    assert record.absent("z")
    record.close()
    assert not record.absent("z")
    with pytest.raises(DecodeError, match="lacks t"):
        record.text("t")


WRONG: list[tuple[object, Callable[[Record], object]]] = [
    (True, lambda r: r.integer("x")),
    ("1", lambda r: r.integer("x")),
    (1.0, lambda r: r.integer("x")),
    (-1, lambda r: r.integer("x")),
    (MAX_INTEGER + 1, lambda r: r.integer("x")),
    (None, lambda r: r.integer("x")),
    (0, lambda r: r.flag("x")),
    (b"ab", lambda r: r.text("x")),
    ("", lambda r: r.text("x")),
    ("a" * 201, lambda r: r.text("x")),
    ("A", lambda r: r.text("x", pattern=TOKEN)),
    ("a\n", lambda r: r.text("x", pattern=TOKEN)),
    ("ab", lambda r: r.octets("x")),
    (b"abc", lambda r: r.octets("x", limit=2)),
    (b"abc", lambda r: r.octets("x", size=4)),
    ({}, lambda r: r.items("x", limit=9)),
    ([1, 2], lambda r: r.items("x", limit=1)),
    ("blue", lambda r: r.choice("x", Colour)),
    (["red"], lambda r: r.choice("x", Colour)),
    ([], lambda r: r.record("x")),
    ([], lambda r: r.texts("x", limit=1)),
    ({"a": "b", "c": "d"}, lambda r: r.texts("x", limit=1)),
    ({"A": "b"}, lambda r: r.texts("x", limit=1)),
    ({"a": 1}, lambda r: r.texts("x", limit=1)),
    ({1: "a"}, lambda r: r.texts("x", limit=1)),
]


@pytest.mark.parametrize(("value", "read"), WRONG)
def test_the_wrong_kind_is_refused(value: object, read: Callable[[Record], object]) -> None:
    with pytest.raises(DecodeError):
        read(Record({"x": value}, "thing"))


def test_what_is_no_map_is_refused() -> None:
    with pytest.raises(DecodeError):
        Record([], "thing")


def test_unknown_fields_are_refused_without_naming_their_content() -> None:
    with pytest.raises(DecodeError, match=r"^thing has 1 unknown field\(s\)$"):
        Record({"secret": "of a resident"}, "thing").close()


def test_a_newer_version_is_told_from_a_broken_one() -> None:
    with pytest.raises(UnknownVersionError):
        Record({"v": 2}, "thing").version(1)
    for broken in (0, "1", True, None):
        with pytest.raises(DecodeError) as caught:
            Record({"v": broken}, "thing").version(1)
        assert not isinstance(caught.value, UnknownVersionError)
