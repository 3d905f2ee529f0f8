"""The figures mean what they say: ranks, halves, the as-rare reading, and the fit's arithmetic."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models import added, gallery, manifest, ranking, search
from models.interpreter import Encoder
from models.recogniser import ARTEFACTS
from models.training import calibrate, card, evaluate, pack, sources

DRAWN = Path(__file__).parents[1] / "drawn"


@pytest.fixture(scope="module")
def listed() -> manifest.Manifest:
    return manifest.load(ARTEFACTS)


@pytest.fixture(scope="module")
def queries() -> list[evaluate.Query]:
    tables = [json.loads(path.read_text("utf-8")) for path in sorted(DRAWN.glob("U+*.json"))]
    return [
        evaluate.Query(ord(table["text"]), [np.array(stroke, float) for stroke in table["strokes"]])
        for table in tables
    ]


def test_halves_are_even_and_apart() -> None:
    halves = np.array([evaluate.half(code) for code in range(0x4E00, 0x9FFF)])
    assert halves.mean() == pytest.approx(0.5, abs=0.02)


def test_only_held_out_code_points_of_one_half_are_asked() -> None:
    stroke = (np.array([[0.0, 0.0], [10.0, 10.0]]),)
    samples = [sources.StrokeSample(code, "kanjivg", stroke) for code in range(0x4E00, 0x4F00)]
    known = set(range(0x4E00, 0x4F00))
    parts = [
        {
            query.codepoint
            for query in evaluate.held_out_queries(samples, known, 999, 1, side)["kanjivg"]
        }
        for side in (evaluate.TUNING, evaluate.MEASURING)
    ]
    assert not parts[0] & parts[1]
    assert parts[0] | parts[1] == {code for code in known if sources.held_out(code)}


def test_recall_counts_ranks_below_k() -> None:
    found = evaluate.recall(np.array([0, 0, 4, 9, 60]))
    assert {name: found[name] for name in ("top1", "top5", "top10", "top50", "n")} == {
        "top1": 0.4, "top5": 0.6, "top10": 0.8, "top50": 0.8, "n": 5
    }  # fmt: skip
    assert found["low"] < 0.4 < found["high"]


def test_intervals_are_wilsons() -> None:
    assert evaluate.interval(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert evaluate.interval(10, 10)[1] == 1.0
    assert evaluate.interval(0, 10)[0] == 0.0


def test_uneven_splits_are_unlikely_among_equals() -> None:
    assert evaluate.sign_test(5, 5) == 1.0
    assert evaluate.sign_test(10, 0) == pytest.approx(2 / 1024)
    assert evaluate.sign_test(0, 0) == 1.0


def test_ranks_agree_with_the_ranking(
    listed: manifest.Manifest, queries: list[evaluate.Query]
) -> None:
    found = gallery.load(listed)
    fusion = ranking.Fusion.from_settings(listed.settings["fusion"])
    embedded = evaluate.embed_case(Encoder(listed.read("encoder.tflite")), queries, "plain", 1)
    ranks = evaluate.ranks(found, fusion, embedded, as_rare=False)
    for rank, code, count, vector in zip(ranks, *embedded, strict=True):
        places = search.rank(
            found, fusion, vector, count, top=50, added=added.assemble(found, (), ())
        )
        codes = [int(found.codepoints[place.codepoint]) for place in places]
        assert codes.index(code) == rank
    assert (evaluate.ranks(found, fusion, embedded, as_rare=True) >= ranks).all()


def test_the_fit_computes_what_the_ranking_computes(
    listed: manifest.Manifest, queries: list[evaluate.Query]
) -> None:
    """Up to code points whose nearest glyph changes with the penalty for strokes."""
    found = gallery.load(listed)
    fusion = ranking.Fusion.from_settings(listed.settings["fusion"])
    encoder = Encoder(listed.read("encoder.tflite"))
    lists = calibrate.collect(found, encoder, queries)
    fused = calibrate.fused(lists, fusion)[:, 0]
    rows = []
    for case in calibrate.CASES:
        for code, count, vector in zip(
            *evaluate.embed_case(encoder, queries, case, 2), strict=True
        ):
            scores = ranking.fuse(found, fusion, vector, count)
            rows.append(scores.total[np.searchsorted(found.codepoints, code)])
    assert np.median(np.abs(fused - np.array(rows))) < 1e-3


def test_as_rare_takes_prototype_and_bonus_of_the_wanted_alone(
    listed: manifest.Manifest, queries: list[evaluate.Query]
) -> None:
    lists = calibrate.collect(
        gallery.load(listed), Encoder(listed.read("encoder.tflite")), queries[:2]
    )
    rare = lists.as_rare()
    assert (rare.stroke[:, 0] == calibrate.ABSENT).all()
    assert (rare.usage[:, 0] == 0).all()
    np.testing.assert_array_equal(rare.stroke[:, 1:], lists.stroke[:, 1:])
    np.testing.assert_array_equal(rare.outline, lists.outline)


def test_parameters_stay_in_their_ranges() -> None:
    fusion = calibrate.from_vector(np.full(9, -0.5), prototypes=True)
    assert fusion.fewer > 0
    assert 0 < fusion.prototype_share < 1
    assert list(fusion.usage) == sorted(fusion.usage)
    assert ranking.Fusion.from_settings(calibrate.rounded(fusion)).usage[4] == 2.0


def test_the_card_has_a_line_for_every_figure() -> None:
    found = evaluate.recall(np.array([0, 0, 0, 0, 2, 2, 7, 30]))
    figures = {"tomoe plain": {"all": found, "as_rare": found}, "tomoe missing": {"all": found}}
    cells = "8 | 0.500 (0.215 to 0.785) | 0.750 | 0.875 | 1.000 |"
    assert card.rows(figures).splitlines() == [
        f"| tomoe | plain | as it is | {cells}",
        f"| tomoe | plain | as if rare | {cells}",
        f"| tomoe | missing | as it is | {cells}",
    ]
    assert "top-10 0.875" in card.pooled(figures)


def test_the_card_says_who_won() -> None:
    ours, theirs = np.array([0, 0, 0, 20]), np.array([0, 3, 12, 0])
    pairs = {"hanzi joined all": evaluate.paired(ours, theirs)}
    assert card.compared(pairs) == (
        "| hanzi | joined | as it is | 4 | 0.500 | 0.750 | 2 : 1 | 1.0000 | 0.750 | 0.750 |"
    )


def test_a_resumed_training_is_told_by_its_last_call() -> None:
    log = [
        {"inputs": {}, "steps": 60, "rate": 0.001, "seconds": 40.0},
        {"step": 20, "seconds": 3600.0},
        {"inputs": {}, "steps": 40, "rate": 0.001, "seconds": 50.0},
        {"result": "encoder.keras", "seconds": 1800.0},
    ]
    assert card.stage(log) == (
        "40 steps of 256 pairs at rate 0.001 (1.5 h on a busy 2-core machine)"
    )


def test_the_shipped_card_is_that_of_the_shipped_files() -> None:
    text = (ARTEFACTS / "CARD.md").read_text("utf-8")
    for name in pack.FILES:
        assert f"{(ARTEFACTS / name).stat().st_size:,} bytes" in text
