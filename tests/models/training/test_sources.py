"""What training reads is read right, and the split is the agreed one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models.training import sources


def test_the_split_is_the_agreed_one() -> None:
    """md5 of the decimal code point, modulo 4: these figures must never change."""
    held = [chr(code) for code in range(0x4E00, 0x4E40) if sources.held_out(code)]
    assert "".join(held) == HELD_OUT
    share = np.mean([sources.held_out(code) for code in range(0x4E00, 0x9FFF)])
    assert share == pytest.approx(0.25, abs=0.01)


HELD_OUT = "一丅丆三丙丝丞並个丮丱丳丶丷为丽"


def test_path_commands() -> None:
    points = sources.flatten("M10,20 L30,20 l0,5 H50 v-5")
    assert points.tolist() == [[10, 20], [30, 20], [30, 25], [50, 25], [50, 20]]


def test_a_curve_ends_where_it_should_and_bends() -> None:
    points = sources.flatten("M0,0c0,10,10,20,20,20")
    assert points[0].tolist() == [0, 0]
    assert points[-1].tolist() == pytest.approx([20, 20])
    assert points[4].tolist() == pytest.approx([6.25, 13.75])


def test_a_smooth_curve_goes_on_in_its_direction() -> None:
    points = sources.flatten("M0,0C0,10,0,20,0,30S10,60,20,60")
    assert points[9][1] > 30
    assert points[9][0] < 2


def test_numbers_without_spaces() -> None:
    assert sources.flatten("M.5-.5L-1.25.75").tolist() == [[0.5, -0.5], [-1.25, 0.75]]


def test_the_list_has_every_glyph_once() -> None:
    rows = sources.read_mji()
    assert len(rows) == len({row.name for row in rows}) == 58_862
    assert sum(row.codepoint is None for row in rows) == 3
    by_name = {row.name: row for row in rows}
    assert by_name["MJ006294"].text == (ord("一"), 0)
    assert by_name["MJ006294"].usage == 4


def test_tomoe_lines_and_segments(tmp_path: Path) -> None:
    file = tmp_path / "tomoe.jsonl"
    file.write_text(
        json.dumps({"char": "十", "strokes": [[[0, 50], [100, 50]], [[50, 0], [50, 100]]]})
    )
    table = sources.tabulate(sources.read_tomoe(file))
    assert table.codepoints.tolist() == [ord("十")]
    assert table.counts.tolist() == [2]
    lengths = np.linalg.norm(table.ends[0, :, 1] - table.ends[0, :, 0], axis=1)
    assert (lengths > 0).sum() == 160
    assert np.abs(table.ends[0]).max() < 0.7
    np.testing.assert_allclose(table.anchors[0, 1, 0], table.ends[0, 80, 0], atol=1e-6)


def test_a_kanjivg_folder(tmp_path: Path) -> None:
    svg = '<svg><path id="a" d="M0,0 L9,9"/><path id="b" d="M9,0 L0,9"/></svg>'
    for name in ("04e42.svg", "04e42-Kaisho.svg", "00041.svg"):
        (tmp_path / name).write_text(svg)
    found = sources.read_kanjivg(tmp_path)
    assert [(sample.codepoint, sample.source) for sample in found] == [
        (0x4E42, "kanjivg-Kaisho"),
        (0x4E42, "kanjivg"),
    ]
    assert [len(sample.strokes) for sample in found] == [2, 2]
