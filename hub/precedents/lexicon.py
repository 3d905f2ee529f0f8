"""From what people say to what statutes call it: terms and laws that words point to."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from hub.precedents.plain_text import comparable

TABLE: Final = Path(__file__).parent / "lexicon.toml"
MOST_TERMS: Final = 12


@dataclass(frozen=True)
class Hint:
    """One line of the lexicon: the words that call it, the terms and laws that it gives."""

    words: tuple[str, ...]
    terms: tuple[str, ...]
    laws: tuple[str, ...]


@dataclass(frozen=True)
class Expansion:
    """What a question's words point to: statute terms, and how often each law is pointed at."""

    terms: tuple[str, ...]
    laws: dict[str, int]


@cache
def lexicon() -> tuple[Hint, ...]:
    """The lexicon, in file order."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(
        _hint(words, meaning) for section in table.values() for words, meaning in section.items()
    )


def _hint(words: str, meaning: str) -> Hint:
    parts = meaning.split()
    return Hint(
        words=tuple(comparable(word) for word in words.split("|")),
        terms=tuple(part for part in parts if not part.startswith("@")),
        laws=tuple(part.removeprefix("@") for part in parts if part.startswith("@")),
    )


def expand(question: str) -> Expansion:
    """The terms and laws for a question; longer words of the lexicon speak first."""
    text = comparable(question)
    found: list[tuple[int, Hint]] = []
    for hint in lexicon():
        longest = max((len(word) for word in hint.words if word in text), default=0)
        if longest:
            found.append((longest, hint))
    found.sort(key=lambda pair: -pair[0])
    terms: dict[str, None] = {}
    for _, hint in found:
        terms |= dict.fromkeys(hint.terms)
    laws = Counter(law for _, hint in found for law in hint.laws)
    return Expansion(tuple(terms)[:MOST_TERMS], dict(laws))
