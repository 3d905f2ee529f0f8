"""What two texts share on their face: numbers with units, denials, may and must."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.precedents.entailment.figures import figures
from hub.precedents.entailment.overlap import NAMES, overlap


def _measures(first: str, second: str) -> dict[str, float]:
    return dict(zip(NAMES, overlap(first, second).tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("転入をした日から十四日以内に", {(14, "日")}),
        ("14日、１４日、一四日", {(14, "日")}),
        ("三箇月と3か月", {(3, "か月")}),
        ("第十四条の三第二項により", set[tuple[float, str]]()),
        ("二万五千円、25,000円、2.5万円", {(25000, "円")}),
        ("一部、一定の、第三者、同一", set[tuple[float, str]]()),
        ("1.5倍、百万円と2.5万円", {(1.5, "倍"), (10**6, "円"), (25000, "円")}),
    ],
)
def test_figures_have_their_units(text: str, found: set[tuple[float, str]]) -> None:
    assert figures(text) == found


def test_a_swapped_number_shows() -> None:
    same = _measures("十四日以内に届け出る。", "届出は14日以内にする。")
    other = _measures("十四日以内に届け出る。", "届出は30日以内にする。")
    assert (same["figures missing in first"], same["figures shared"]) == (0, 1)
    assert (other["figures missing in first"], other["figures shared"]) == (1, 0)


def test_denial_and_duty_are_told_apart() -> None:
    must = _measures("届け出なければならない。", "届け出ることができる。")
    assert (must["first must"], must["second may"], must["second denies"]) == (1, 1, 0)
    denied = _measures("犬が走っている", "犬は走っていない")
    assert (denied["first denies"], denied["denials differ"]) == (0, 1)
    assert _measures("貸してはならない。", "貸すことができる。")["first forbids"] == 1


@given(first=st.text(max_size=60), second=st.text(max_size=60))
def test_any_text_is_measured(first: str, second: str) -> None:
    found = overlap(first, second)
    assert found.shape == (len(NAMES),)
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 10
