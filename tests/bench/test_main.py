"""`make bench` measures the search in the precedents where the statutes are at hand."""

from __future__ import annotations

import importlib.util

import pytest

from bench.__main__ import MEASUREMENTS, options, wanted


def test_every_measurement_is_there() -> None:
    assert [n for n in MEASUREMENTS if importlib.util.find_spec(f"bench.{n}") is None] == []


def test_without_statutes_the_search_is_left_out_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LAWS", raising=False)
    assert set(MEASUREMENTS) - set(wanted([])) == {"precedents_search"}
    assert "precedents_search is left out" in capsys.readouterr().err
    assert wanted(["precedents_search"]) == ["precedents_search"]
    assert options("precedents_search") == []


def test_the_statutes_are_passed_to_what_asks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAWS", "/laws")
    assert wanted([]) == list(MEASUREMENTS)
    assert options("entailment") == options("precedents_search")[:2] == ["--laws", "/laws"]
    assert options("precedents_search")[2] == "--store"
    assert options("card") == []
