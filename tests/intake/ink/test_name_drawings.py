"""How a character was found can be replayed from the part that keeps it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake import canonical
from intake.characters import Character
from intake.errors import DecodeError, UnknownVersionError
from intake.ink import log
from intake.ink.name_drawings import LIMIT, MAX_DRAWINGS, NameDrawing, decode, encode
from tests.intake.ink.samples import handwriting

INK = handwriting(90)
FOUND = NameDrawing(
    "p1", "name", 1, log.encode(INK), ("MJ026191", "MJ026190"), Character.mj("MJ026191")
)
WAITING = NameDrawing(None, "notifier_name", 0, b"", (), Character.unresolved("name_ink/1"))


def test_drawings_come_back() -> None:
    found = decode(encode([FOUND, WAITING]))
    assert found == (FOUND, WAITING)
    assert found[0].picked.text == FOUND.picked.text
    assert log.decode(found[0].ink) == INK


@pytest.mark.parametrize(
    "drawings",
    [
        [replace(FOUND, person_id="P 1")],
        [replace(FOUND, field="")],
        [replace(FOUND, position=201)],
        [replace(FOUND, offered=("",))],
        [FOUND] * (MAX_DRAWINGS + 1),
    ],
)
def test_drawings_that_cannot_be_are_refused(drawings: list[NameDrawing]) -> None:
    with pytest.raises(DecodeError):
        encode(drawings)


@pytest.mark.parametrize(
    "change",
    [
        {"picked": ["mj", "MJ026191"]},
        {"picked": ["mj", "MJ1", "邉"]},
        {"offered": [1]},
        {"surprise": 1},
    ],
)
def test_other_forms_are_refused(change: dict[str, object]) -> None:
    value = canonical.decode(encode([FOUND]), limit=LIMIT)
    assert isinstance(value, dict)
    drawing = {**value["drawings"][0], **change}
    with pytest.raises(DecodeError):
        decode(canonical.encode({"v": 1, "drawings": [drawing]}))


def test_a_newer_version_is_told_apart() -> None:
    with pytest.raises(UnknownVersionError):
        decode(canonical.encode({"v": 2, "drawings": []}))
