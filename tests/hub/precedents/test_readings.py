"""Questions in kana only and in English get the words that statutes have; others stay."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.precedents.readings import TABLE, is_foreign, japanese_part, with_statute_words
from hub.precedents.search import Searcher
from tests.hub.precedents.test_search import ask, nums


@pytest.mark.parametrize(
    ("question", "rewritten"),
    [
        ("てんにゅうとどけ", "転入届"),
        ("テンニュウトドケ", "転入届"),
        ("ﾃﾝﾆｭｳとどけ", "転入届"),
        ("いぬをとうろくする", "犬を登録する"),
        ("犬のとうろく", "犬のとうろく"),
        ("12", "12"),
    ],
)
def test_kana_become_the_words_of_texts(question: str, rewritten: str) -> None:
    assert with_statute_words(question) == rewritten


def test_english_gets_statute_words_before_it() -> None:
    found = with_statute_words("How do I register my DOG?")
    assert japanese_part(found).split() == ["登録", "届出", "犬"]
    assert found.endswith("How do I register my DOG?")
    assert with_statute_words("What is the weather?") == "What is the weather?"
    assert is_foreign("What is the weather?")
    assert not is_foreign("いぬ")


def test_such_questions_find_their_article(searcher: Searcher) -> None:
    for question in ("いぬのとうろく", "How do I register my dog?"):
        result = ask(searcher, question)
        assert "3" in nums(result)[:2]
        assert not result.nothing_close
    assert ask(searcher, "Where is the nearest station?").nothing_close


def test_the_table_is_in_order() -> None:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    assert all(not is_foreign(word) for word in table["kana"])
    assert all(is_foreign(word) and word == word.lower() for word in table["english"])


@given(st.text(max_size=80))
def test_any_text_is_taken_and_kanji_are_never_touched(text: str) -> None:
    found = with_statute_words(text)
    assert found == text or not any("\u4e00" <= mark <= "\u9fff" for mark in text)
