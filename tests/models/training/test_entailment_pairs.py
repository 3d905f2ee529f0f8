"""Pairs for the pair model: no sentence on both sides, labels that the rules earn."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.entailment import pairs, statutes, wording
from models.training.entailment.pairs import Pair
from models.training.entailment.statutes import Passage

FOLDER = Path(pairs.__file__).parent
REPORT = Passage(
    "見本法",
    "3",
    (
        "犬を飼う者は、飼い始めた日から三十日以内に、市町村長に届け出なければならない。",
        "ただし、市町村長が認めた場合は、この限りでない。",
    ),
)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 2)), max_size=60),
    st.floats(0.05, 0.95),
)
def test_both_parts_have_no_sentence_in_common(
    rows: list[tuple[int, int, int]], share: float
) -> None:
    found = [Pair(f"文{one}", f"文{two}", label, "x") for one, two, label in rows]
    train, check = pairs.parted(found, share)
    assert sorted([*train, *check], key=repr) == sorted(found, key=repr)
    sides = [
        {text for pair in part for text in (pair.premise, pair.hypothesis)}
        for part in (train, check)
    ]
    assert not sides[0] & sides[1]


@pytest.mark.parametrize("source", [*pairs.BY_HAND, pairs.UNSEEN])
def test_the_written_pairs_are_whole(source: str) -> None:
    found = pairs.read_written(FOLDER / f"{source}.tsv", source)
    assert len(found) > 600
    assert {pair.label for pair in found} == {0, 1, 2}
    assert all(pair.premise.endswith("。") and len(pair.hypothesis) > 5 for pair in found)
    assert len({(pair.premise, pair.hypothesis) for pair in found}) == len(found)
    assert {pair.source for pair in found} == {source}


def test_what_is_measured_by_is_not_trained_on() -> None:
    sentences = [
        {text for pair in pairs.read_written(FOLDER / f"{source}.tsv") for text in premise(pair)}
        for source in (pairs.UNSEEN, *pairs.BY_HAND)
    ]
    assert not any(sentences[0] & taught for taught in sentences[1:])


def premise(pair: Pair) -> tuple[str, str]:
    """What must not stand on both sides: the premise, and the pair as a whole."""
    return pair.premise, f"{pair.premise}{pair.hypothesis}"


def test_pairs_by_hand_are_read_apart_from_those_by_rule(tmp_path: Path) -> None:
    rows = [
        {
            "premise": "甲。",
            "hypothesis": f"{rule}。",
            "label": "neutral",
            "rule": rule,
            "weight": 1,
        }
        for rule in ("written", "short", "number", "elsewhere")
    ]
    path = tmp_path / "statutes.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    said = {
        source: [pair.hypothesis for pair in pairs.read_lines(path, source)]
        for source in ("made", "written", "short")
    }
    assert said == {
        "made": ["number。", "elsewhere。"],
        "written": ["written。"],
        "short": ["short。"],
    }


def test_rare_labels_weigh_more() -> None:
    found = pairs.balanced([Pair("a", "b", label, "x") for label in (0, 0, 0, 1, 2, 2)])
    sums = [sum(pair.weight for pair in found if pair.label == label) for label in range(3)]
    assert sums == pytest.approx([2, 2, 2])


def test_crossed_pairs_are_neutral_and_take_the_nearest_premise() -> None:
    given_pairs = [
        Pair("犬の登録は三十日以内にする。", "犬は登録する。", 0, "written"),
        Pair("犬の登録は市町村長にする。", "登録は市長にする。", 0, "written"),
        Pair("相続の放棄は裁判所でする。", "放棄は役所でする。", 2, "written"),
    ]
    made = pairs.crossed(given_pairs, 1)
    assert [pair.label for pair in made] == [1, 1, 1]
    assert made[0].hypothesis == "登録は市長にする。"
    assert all(pair not in given_pairs for pair in made)


def test_rules_turn_a_statement_to_its_opposite() -> None:
    draw = random.Random(1)  # noqa: S311 - no secret
    first = REPORT.sentences[0]
    ending = wording.opposite_ending(first, draw)
    assert ending is not None
    assert ending.startswith(first.removesuffix("なければならない。"))
    assert "なければならない" not in ending
    count = wording.other_count(first, draw)
    assert count is not None
    assert count != first
    assert "三十日" not in count
    assert wording.other_count("犬を飼う。", draw) is None


def test_a_proviso_makes_all_three_labels() -> None:
    draw = random.Random(2)  # noqa: S311 - no secret
    made = [one for _ in range(20) for one in statutes.from_one(REPORT, draw)]
    by_rule = {(one.rule, one.label) for one in made}
    assert {("exception", "entailment"), ("exception", "contradiction")} <= by_rule
    assert {label for _, label in by_rule} == {"entailment", "neutral", "contradiction"}
    late = [one for one in made if one.rule == "deadline" and "間に合わない" in one.hypothesis]
    assert late
    assert all(one.label == "entailment" for one in late)
