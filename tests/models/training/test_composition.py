"""Strokes composed of components lie where the glyph has them, or are thrown away."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.features import resample
from models.training import composition

if TYPE_CHECKING:
    from pathlib import Path

SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:kvg="http://kanjivg.tagaini.net">
<g id="kvg:StrokePaths_{0}"><g id="kvg:{0}" kvg:element="{1}">{2}</g></g></svg>"""
TREE = '<path d="M10,40 L100,40"/><path d="M55,5 L55,105"/>'
WOODS = (
    '<g id="a" kvg:element="木" kvg:position="left"><path d="M5,40 L45,40"/>'
    '<path d="M25,5 L25,105"/></g>'
    '<g id="b" kvg:element="口" kvg:position="right"><path d="M60,30 L60,90 L100,90"/></g>'
)


@pytest.fixture
def library(tmp_path: Path) -> composition.Library:
    (tmp_path / "06728.svg").write_text(SVG.format("06728", "木", TREE))
    (tmp_path / "0674f.svg").write_text(SVG.format("0674f", "杏", WOODS))
    database = sqlite3.connect(tmp_path / "moji.db")
    database.execute("CREATE TABLE ids (UCS, source, IDS)")
    described = [
        ("林", "GJ", "⿰木木"), ("森", "J", "⿱木林"), ("呆", "J", "⿱口木"), ("杲", "J", "⿱日木"),
        ("囚", "J", "⿴囗人"), ("木", "J", "木"), ("東", "G", "⿻木曰"), ("東", "J", "東"),
    ]  # fmt: skip
    database.executemany("INSERT INTO ids VALUES (?, ?, ?)", described)
    database.commit()
    database.close()
    return composition.read_library(tmp_path, tmp_path / "moji.db", split=False)


@pytest.mark.parametrize(
    ("description", "tree"),
    [
        ("木", "木"),
        ("⿰木木", ("⿰", ("木", "木"))),
        ("⿱木⿰木木", ("⿱", ("木", ("⿰", ("木", "木"))))),
        ("⿳亠口冋", ("⿳", ("亠", "口", "冋"))),
        ("〾⿰木木", ("⿰", ("木", "木"))),
        ("⿳亠{67}冋", None),
        ("⿰木", None),
        ("⿰木木木", None),
        ("", None),
    ],
)
def test_descriptions(description: str, tree: object) -> None:
    assert composition.parse(description) == tree


def test_a_component_is_taken_from_where_it_stands_in_the_same_place(
    library: composition.Library,
) -> None:
    assert library.find("木", "left")[0].box[2] == pytest.approx(45 / 109)
    assert library.find("木", "top")[0].box[2] == pytest.approx(100 / 109)
    assert library.find("火", "left") == []


def test_components_lie_side_by_side(library: composition.Library) -> None:
    components = composition.compose("森", library, np.random.default_rng(1))
    assert components is not None
    boxes = [np.concatenate(strokes) for strokes in components]
    assert len(boxes) == 3
    assert boxes[0][:, 1].max() < boxes[1][:, 1].min() + 0.1
    assert boxes[1][:, 0].max() < boxes[2][:, 0].min() + 0.1


@pytest.mark.parametrize("character", ["杲", "囚", "東", "木", "無"])
def test_without_all_components_there_are_no_strokes(
    character: str, library: composition.Library
) -> None:
    assert composition.compose(character, library, np.random.default_rng(1)) is None


def test_components_are_moved_onto_the_centre_line() -> None:
    cross = [np.array([[0.0, 0.4], [0.4, 0.4]]), np.array([[0.2, 0.1], [0.2, 0.9]])]
    bar = [np.array([[0.6, 0.2], [0.6, 0.8]])]
    true = [one * np.array([0.8, 1.1]) - 0.3 for one in cross] + [bar[0] * 1.2 + 0.05]
    centre_line, _ = resample(true)
    moved, distance = composition.fit([cross, bar], centre_line)
    assert distance < 0.02
    assert max(np.abs(a - b).max() for a, b in zip(moved, true, strict=True)) < 0.12


def test_what_does_not_fit_is_thrown_away(library: composition.Library) -> None:
    components = composition.compose("林", library, np.random.default_rng(1))
    assert components is not None
    good, _ = resample([stroke for part in components for stroke in part])
    circle = np.array([[np.cos(t), np.sin(t)] for t in np.linspace(0, 6.3, 200)])
    bad, _ = resample([circle])
    places = min(len(good), len(bad))
    lines = np.stack([good[:places], bad[:places]])
    wanted = [(ord("林"), 4), (ord("林"), 4)]
    assert len(composition.build(wanted, lines, library, 1)) == 1
    assert composition.build([(ord("林"), 9)], lines[:1], library, 1) == []
