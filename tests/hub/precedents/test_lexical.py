"""The lexical index against a plain one, and how text is made comparable."""

from __future__ import annotations

import io
import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.precedents.errors import CollectionError
from hub.precedents.lexical import K1, B, LexicalIndex
from hub.precedents.plain_text import comparable

TEXTS = st.lists(st.text("あいう犬猫のを", max_size=12), min_size=1, max_size=6)


def plainly(texts: list[str], question: str) -> list[float]:
    """BM25 as its formula stands in books."""
    bags = [Counter(pairwise(comparable(text))) for text in texts]
    average = max(1.0, sum(bag.total() for bag in bags) / len(bags))
    scores = [0.0] * len(texts)
    for pair in set(pairwise(comparable(question))):
        within = sum(pair in bag for bag in bags)
        idf = math.log1p((len(texts) - within + 0.5) / (within + 0.5))
        for place, bag in enumerate(bags):
            shrink = K1 * (1 - B + B * bag.total() / average)
            scores[place] += idf * bag[pair] * (K1 + 1) / (bag[pair] + shrink)
    return scores


@given(TEXTS, st.text("あいう犬猫のを", max_size=8))
def test_scores_are_those_of_the_formula(texts: list[str], question: str) -> None:
    index = LexicalIndex.build(texts)
    wanted = plainly(texts, question)
    assert index.scores({question: 1.0}).tolist() == pytest.approx(wanted, rel=5e-3, abs=5e-3)
    octets = index.octets()
    again = LexicalIndex.read(io.BytesIO(octets), len(octets))
    assert np.array_equal(again.scores({question: 1.0}), index.scores({question: 1.0}))


def test_a_broken_index_is_refused() -> None:
    octets = LexicalIndex.build(["犬の登録"]).octets()
    for broken in (b"", octets[:-1], b"XXXX" + octets[4:]):
        with pytest.raises(CollectionError):
            LexicalIndex.read(io.BytesIO(broken), len(broken))


@pytest.mark.parametrize(("documents", "octets"), [(1 << 16, 2), ((1 << 16) + 1, 4)])
def test_documents_are_numbered_as_shortly_as_their_count_allows(
    documents: int, octets: int
) -> None:
    index = LexicalIndex.build([*[""] * (documents - 1), "犬の登録"])
    assert index.postings.itemsize == octets
    assert index.scores({"登録": 1.0}).argmax() == documents - 1
    kept = index.octets()
    again = LexicalIndex.read(io.BytesIO(kept), len(kept))
    assert again.scores({"登録": 1.0}).argmax() == documents - 1


def test_an_index_that_an_earlier_program_kept_is_read() -> None:
    index = LexicalIndex.build(["犬の登録", "猫の登録", "登記"])
    kept = replace(index, postings=index.postings.astype(np.int32)).octets()
    assert len(kept) > len(index.octets())
    again = LexicalIndex.read(io.BytesIO(kept), len(kept))
    assert np.array_equal(again.scores({"登録": 1.0}), index.scores({"登録": 1.0}))


def test_old_and_wide_writing_compare_equal() -> None:
    assert comparable("屆出ヲ行つた　ＡＢＣ") == comparable("届出ヲ行った abc")
    assert LexicalIndex.build(["犬の登録"]).knows("登録")
    assert not LexicalIndex.build(["犬の登録"]).knows("登記")
    assert not LexicalIndex.build([]).knows("登録")


def test_documents_that_have_every_word() -> None:
    index = LexicalIndex.build(["犬の登録の期限", "犬の届出", "登録"])
    assert index.having(["登録", "期限"]).tolist() == [True, False, False]
    assert not index.having(["登録", "猫舎"]).any()
