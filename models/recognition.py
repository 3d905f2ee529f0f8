"""What a recogniser answers: candidates with their glyphs, how sure it is, and the time it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.explanation import Explanation


@dataclass(frozen=True)
class Variant:
    """Another glyph of a candidate's code point."""

    mj_name: str
    text: str
    score: float


@dataclass(frozen=True)
class Candidate:
    """One code point: its best glyph, its probability, its other glyphs best first.

    score: probability of the code point among all; a variant's score: probability of that glyph
    (the candidate's own glyph has what is left). codepoint: `U+XXXX`, None for the three MJ names
    without one and for the office's own glyphs. mj_name: for one of those its own name,
    `office:131016/E001` (intake.characters.glyph_name makes a Character of either).
    """

    mj_name: str
    text: str
    codepoint: str | None
    score: float
    variants: tuple[Variant, ...]
    explanation: Explanation | None = None


@dataclass(frozen=True)
class Milliseconds:
    """Time spent per stage."""

    features: float = 0.0
    encode: float = 0.0
    search: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class Grounds:
    """Why the first candidate is called sure or not: what it has and what it would need.

    score: its probability; likeness: cosine of the drawing to the nearest that is known of it;
    filtered: a filter was set, and then nothing is called sure.
    """

    score: float
    score_needed: float
    likeness: float
    likeness_needed: float
    filtered: bool


@dataclass(frozen=True)
class Recognition:
    """Candidates best first, no code point twice; or none and a note (models.drawing.NOTES).

    sure: of the drawings called so, the first candidate is right in 99 of 100; never with a filter.
    """

    candidates: tuple[Candidate, ...]
    note: str | None
    ms: Milliseconds
    sure: bool = False
    grounds: Grounds | None = None
