"""Questions in kana only, and in English: the words that statutes have for them.

Neither the lexicon nor the texts know such words, and a question that has kanji is left as it is.
"""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).parent / "readings.toml"
MOST: Final = 500  # characters of a question that are rewritten
_KANJI: Final = re.compile(r"[\u4e00-\u9fff々]")
_KANA: Final = re.compile(r"[\u3041-\u30ff]")
_LATIN: Final = re.compile(r"[A-Za-z]{3,}")
_ENGLISH: Final = " \u2063"  # invisible; stands between the terms found and the English question
_KATAKANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


def with_statute_words(question: str) -> str:
    """The question with words that texts have: kana replaced by kanji, English put beside.

    A question with any kanji, or without any word that is known, is given back unchanged.
    """
    if _KANJI.search(question):
        return question
    if _KANA.search(question):
        return _from_kana(question)
    if _LATIN.search(question):
        return _from_english(question)
    return question


def japanese_part(question: str) -> str:
    """What `with_statute_words` put before an English question; another question as it is."""
    return question.partition(_ENGLISH)[0]


def is_foreign(question: str) -> bool:
    """Whether a question has no Japanese letter at all."""
    return not (_KANJI.search(question) or _KANA.search(question))


def _from_kana(question: str) -> str:
    plain = unicodedata.normalize("NFKC", question[:MOST]).translate(_KATAKANA)
    table, pattern = _kana()
    found = pattern.sub(lambda word: table[word[0]], plain)
    return question if found == plain else found + question[MOST:]


def _from_english(question: str) -> str:
    table, pattern = _english()
    plain = unicodedata.normalize("NFKC", question[:MOST]).lower()
    terms = dict.fromkeys(term for word in pattern.findall(plain) for term in table[word].split())
    return f"{' '.join(terms)}{_ENGLISH}{question}" if terms else question


@cache
def _kana() -> tuple[dict[str, str], re.Pattern[str]]:
    return _table("kana", "{}")


@cache
def _english() -> tuple[dict[str, str], re.Pattern[str]]:
    return _table("english", r"\b(?:{})\b")


def _table(section: str, around: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """One section of the table, and the pattern of its words, longer ones first."""
    table: dict[str, str] = tomllib.loads(TABLE.read_text(encoding="utf-8"))[section]
    words = sorted(table, key=len, reverse=True)
    return table, re.compile(around.format("|".join(map(re.escape, words))))
