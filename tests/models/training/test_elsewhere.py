"""Rare characters of another source: only those that training has no strokes of."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models import gallery, manifest
from models.recogniser import ARTEFACTS
from models.training import elsewhere, evaluate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for text, count in (("一", 1), ("丁", 2), ("七", 9), ("\U0001f600", 1)):
        lines = [[[100, 900 - 90 * at], [800, 850 - 90 * at]] for at in range(count)]
        (tmp_path / f"{text}.json").write_text(json.dumps({"medians": lines}), encoding="utf-8")
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    return tmp_path


def test_strokes_are_read_with_y_down(folder: Path) -> None:
    found = {chr(one.codepoint): one for one in elsewhere.read_hanzi(folder)}
    assert set(found) == {"一", "丁", "七", "\U0001f600"}
    np.testing.assert_array_equal(found["一"].strokes[0], [[100, 0], [800, 50]])
    assert len(found["丁"].strokes) == 2


def test_known_foreign_and_otherwise_written_ones_are_left_out(folder: Path) -> None:
    samples = elsewhere.read_hanzi(folder)
    found = gallery.load(manifest.load(ARTEFACTS))
    assert [chr(one.codepoint) for one in elsewhere.rare(samples, set(), found)] == ["一", "丁"]
    assert [chr(one.codepoint) for one in elsewhere.rare(samples, {ord("一")}, found)] == ["丁"]


def test_halves_are_kept_apart(folder: Path) -> None:
    found = gallery.load(manifest.load(ARTEFACTS))
    parts = [
        {one.codepoint for one in evaluate.rare_queries(folder, set(), found, 9, side)}
        for side in (evaluate.TUNING, evaluate.MEASURING)
    ]
    assert not parts[0] & parts[1]
    assert parts[0] | parts[1] == {ord("一"), ord("丁")}
