"""Golden recognitions with the artefacts as they are shipped."""

from __future__ import annotations

import json
import math
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from intake.characters import tables
from intake.characters.search import Filter, find
from models.recogniser import Candidate, Recogniser

HERE = Path(__file__).parent
DRAWN = sorted((HERE / "drawn").glob("U+*.json"))
HANDWRITING = sorted((HERE.parents[1] / "drivers/tablet/handwriting").glob("U+*.json"))


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load()


@pytest.fixture(scope="module")
def glyphs_only() -> Recogniser:
    return Recogniser.load(prototypes=False)


def drawn_in(path: Path) -> tuple[str, list[list[list[float]]]]:
    table = json.loads(path.read_text(encoding="utf-8"))
    return table["text"], table["strokes"]


def texts(candidate: Candidate) -> set[str]:
    return {candidate.text, *(variant.text for variant in candidate.variants)}


@pytest.mark.parametrize("path", [*DRAWN, *HANDWRITING], ids=lambda path: path.stem)
def test_what_was_drawn_is_in_the_first_row(path: Path, recogniser: Recogniser) -> None:
    text, strokes = drawn_in(path)
    found = recogniser.recognise(strokes, 5).candidates
    assert any(text in texts(candidate) for candidate in found)


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_font_outlines_alone_find_it_too(path: Path, glyphs_only: Recogniser) -> None:
    text, strokes = drawn_in(path)
    assert any(text in texts(found) for found in glyphs_only.recognise(strokes, 10).candidates)


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_order_direction_place_and_size_do_not_matter(path: Path, recogniser: Recogniser) -> None:
    _, strokes = drawn_in(path)
    turned = [[[7 * x - 900, 7 * y + 40] for x, y in one[::-1]] for one in strokes[::-1]]
    plain = recogniser.recognise(strokes, 5).candidates
    assert recogniser.recognise(turned, 5).candidates[0].codepoint == plain[0].codepoint


def test_all_glyphs_of_the_list_can_be_found(recogniser: Recogniser) -> None:
    assert recogniser.glyph_count == tables.MJ_COUNT


def test_no_code_point_takes_two_places(recogniser: Recogniser) -> None:
    for path in DRAWN:
        found = recogniser.recognise(drawn_in(path)[1], 300).candidates
        codes = [candidate.codepoint for candidate in found if candidate.codepoint]
        assert len(found) == 300
        assert len(codes) == len(set(codes))
        names = [c.mj_name for c in found] + [v.mj_name for c in found for v in c.variants]
        assert len(names) == len(set(names))


def test_labels_are_those_of_the_mj_list(recogniser: Recogniser) -> None:
    for candidate in recogniser.recognise(drawn_in(DRAWN[0])[1], 200).candidates:
        for item in (candidate, *candidate.variants):
            glyph = tables.glyph(item.mj_name)
            assert glyph.codepoint == candidate.codepoint
            assert glyph.text == item.text


def test_scores_are_probabilities_best_first(recogniser: Recogniser) -> None:
    found = recogniser.recognise(drawn_in(DRAWN[0])[1], 50).candidates
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(scores) <= 1.0001
    for candidate in found:
        assert sum(variant.score for variant in candidate.variants) <= candidate.score + 1e-6


STRANGE = {
    "three characters in one box": [
        [[x + shift, y] for x, y in stroke]
        for shift in (0, 100, 200)
        for stroke in drawn_in(DRAWN[0])[1]
    ],
    "a scribble": [[[50 + 40 * math.sin(at), 50 + 40 * math.cos(at * 1.3)] for at in range(300)]],
    "thousands of points": [
        [[at / 40, 10 * line + math.sin(at / 50)] for at in range(4000)] for line in range(5)
    ],
    "hundreds of dots": [[[at % 23, at // 23]] for at in range(500)],
    "far away": [[[1e11, 1e11], [1e11 + 500, 1e11 + 900]]],
    "very small": [[[0, 0], [1e-300, 0]], [[0, 0], [0, 1e-300]]],
    "one axis only": [[[at, 7] for at in range(90)]],
    "two points": [[[0, 0]], [[90, 90]]],
    "nothing": [],
    "not a number": [[[math.nan, 1], [2, 3]]],
    "one dot": [[[1, 1]]],
}


@pytest.mark.parametrize("strokes", STRANGE.values(), ids=STRANGE.keys())
def test_strange_input_is_answered_within_50_ms(strokes: object, recogniser: Recogniser) -> None:
    with np.errstate(all="raise", under="ignore"):
        found = recogniser.recognise(strokes)
    assert (found.note is None) == bool(found.candidates)
    assert all(math.isfinite(candidate.score) for candidate in found.candidates)
    spent = []
    for _ in range(5):
        start = time.thread_time()
        recogniser.recognise(strokes)
        spent.append(time.thread_time() - start)
    assert min(spent) < 0.05


def test_stages_add_up(recogniser: Recogniser) -> None:
    spent = recogniser.recognise(drawn_in(DRAWN[0])[1]).ms
    stages = spent.features + spent.encode + spent.search
    assert 0 < stages <= spent.total + 0.01


def test_several_threads_may_ask_at_once(recogniser: Recogniser) -> None:
    drawings = [drawn_in(path)[1] for path in DRAWN] * 4
    alone = [recogniser.recognise(strokes).candidates for strokes in drawings]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(recogniser.recognise, drawings))
    assert [found.candidates for found in together] == alone


def test_a_drawn_part_and_a_reading_find_the_character(recogniser: Recogniser) -> None:
    """高 alone is drawn, and the reading is that of 嵩: what holds 高 comes first."""
    _, strokes = drawn_in(HERE / "drawn" / "U+9AD8.json")
    asked = Filter(reading="スウ")
    found = recogniser.recognise(strokes, 10, filter=asked).candidates
    assert found[0].text == "嵩"
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    shown = {name for one in found for name in (one.mj_name, *(v.mj_name for v in one.variants))}
    assert shown <= {one.mj_name for one in find(asked)}


def test_a_whole_drawing_stays_first_under_a_filter(recogniser: Recogniser) -> None:
    text, strokes = drawn_in(HERE / "drawn" / "U+9AD8.json")
    found = recogniser.recognise(strokes, 5, filter=Filter(reading="コウ"))
    assert found.candidates[0].text == text
    assert not found.sure


def test_nothing_drawn_and_nothing_fitting_is_empty(recogniser: Recogniser) -> None:
    nothing = Filter(strokes=(1, 1), reading="スウ")
    for strokes in ([], [[[0, 0], [5, 5]]]):
        found = recogniser.recognise(strokes, filter=nothing)
        assert (found.candidates, found.note, found.sure) == ((), None, False)


def test_a_filter_that_asks_nothing_changes_nothing(recogniser: Recogniser) -> None:
    _, strokes = drawn_in(DRAWN[0])
    plain = recogniser.recognise(strokes)
    assert recogniser.recognise(strokes, filter=Filter()).candidates == plain.candidates
    assert recogniser.recognise([], filter=Filter()).note == "no_strokes"


def test_a_filter_alone_lists_everyday_characters_first(recogniser: Recogniser) -> None:
    found = recogniser.recognise([], 20, filter=Filter(reading="わたる")).candidates
    assert "渡" in {one.text for one in found[:6]}
    assert found[0].score == pytest.approx(found[-1].score)


def test_what_is_explained_is_what_was_ranked(recogniser: Recogniser) -> None:
    for path in DRAWN:
        found = recogniser.recognise(drawn_in(path)[1], 8, explain=True)
        totals = [one.explanation.total for one in found.candidates if one.explanation]
        assert len(totals) == 8
        assert (np.diff(totals) < 1e-5).all()
        assert found.grounds is not None
        assert found.grounds.score == found.candidates[0].score
