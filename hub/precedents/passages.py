"""Cuts an article into the short passages that an encoder turns into vectors, one each.

An encoder averages over what it reads, so a long article has several passages. Each begins with
where it stands (law, heading, caption), which carries what the article's own words leave out.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Final

LONGEST: Final = 220  # characters of an article's own text in one passage
MOST: Final = 6  # passages of one article; what lies behind is found by its characters only
_NUMBERING: Final = re.compile(r"^第[^\s　]{1,12}[編章節款目][^\s　]{0,6}[\s　]+")
_SAYS_NOTHING: Final = frozenset({"総則", "通則", "雑則", "補則", "罰則", "附則"})
_ASIDE: Final = re.compile(r"（[^（）]{15,}）")
_SENTENCE: Final = re.compile(r"[^。\n]*(?:。[」』）)]?|\n|$)")


def passages(law: str, path: Sequence[str], caption: str, text: str) -> tuple[str, ...]:
    """The passages of one article, in its order; at least one, at most MOST."""
    place = f"{law} {heading(path)} {caption}".strip()
    place = " ".join(place.split())
    return tuple(f"{place}：{part}" for part in list(_parts(text))[:MOST]) or (place,)


def heading(path: Sequence[str]) -> str:
    """The innermost heading that says something, without its number."""
    names = [_NUMBERING.sub("", part).strip() for part in path]
    telling = [name for name in names if name and name not in _SAYS_NOTHING]
    return telling[-1] if telling else ""


def without_asides(text: str) -> str:
    """The text without its long parentheses, nested ones too: what a sentence says at its core."""
    while (shorter := _ASIDE.sub("", text)) != text:
        text = shorter
    return text


def sentences(text: str) -> tuple[str, ...]:
    """The sentences and item lines of a text, in order; joined they are the text without breaks."""
    found = (part.strip() for part in _SENTENCE.findall(text))
    return tuple(part for part in found if part)


def _parts(text: str) -> Iterator[str]:
    gathered = ""
    for sentence in _pieces(text):
        if gathered and len(gathered) + len(sentence) > LONGEST:
            yield gathered
            gathered = ""
        gathered += sentence
    if gathered:
        yield gathered


def _pieces(text: str) -> Iterator[str]:
    """Sentences, with those that are longer than a passage cut evenly."""
    for sentence in sentences(without_asides(text)):
        count = -(-len(sentence) // LONGEST)
        size = -(-len(sentence) // count)
        yield from (sentence[start : start + size] for start in range(0, len(sentence), size))


def digest_of(passage: str) -> bytes:
    """What a passage's vector is kept under: equal passages are encoded once."""
    return hashlib.sha256(passage.encode()).digest()
