"""Sure is fitted so that what is called so is right, and reported as it is."""

from __future__ import annotations

import numpy as np
import pytest

from models.explanation import Surety
from models.training import surety
from models.training.surety import Answers

CASES = ("plain", "joined", "missing")


def answers(seed: int, count: int = 6000) -> Answers:
    """First candidates whose probability is what it says, a few of them unlike anything."""
    rng = np.random.default_rng(seed)
    scores = rng.beta(4, 0.5, count)
    likenesses = np.where(rng.random(count) < 0.1, 0.5, rng.normal(0.9, 0.02, count))
    right = (rng.random(count) < scores) & (likenesses > 0.6)
    return Answers(scores, likenesses, right, rng.choice(CASES, count))


def test_what_is_called_sure_is_right_on_other_drawings() -> None:
    fitted = surety.fit(answers(1), answers(2))
    other = answers(3)
    sure = other.sure(fitted)
    assert sure.mean() > 0.2
    assert other.right[sure].mean() > 0.985
    assert other.right.mean() < 0.9
    assert (other.likenesses[sure] > 0.6).all()


def test_without_the_likeness_less_would_be_right() -> None:
    """The control: the probability alone trusts what looks like nothing."""
    fitted = surety.fit(answers(1), answers(2))
    other = answers(3)
    bare = other.sure(Surety(fitted.score, 0.0))
    assert other.right[bare].mean() < 0.95


def test_a_rare_character_that_lacks_a_stroke_is_left_out() -> None:
    lacking = answers(2)
    lacking.right[lacking.cases == "missing"] = False
    assert surety.fit(answers(1), lacking) == surety.fit(answers(1), answers(2))


def test_nothing_is_sure_where_nothing_is_right() -> None:
    wrong = answers(1)
    wrong.right[wrong.scores > 0.5] = False
    fitted = surety.fit(wrong, answers(2))
    assert not answers(3).sure(fitted).any()
    assert not Surety.from_settings(None).holds(1.0, 1.0)


def test_the_report_counts_by_case() -> None:
    found = answers(4)
    figures = surety.report(found, Surety(0.9, 0.6))
    here = found.sure(Surety(0.9, 0.6)) & (found.cases == "joined")
    assert figures["joined"]["n"] == (found.cases == "joined").sum()
    assert figures["joined"]["right"] == pytest.approx(found.right[here].mean(), abs=1e-4)
    assert figures["pooled"]["n"] == len(found.scores)
    assert figures["hurried"] == {"n": 0, "sure": 0.0, "right": 0.0}
