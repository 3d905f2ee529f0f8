"""What a unit adds to its gallery while it runs: the office's own glyphs and confirmed drawings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from intake.characters.search import fits
from models.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from intake.characters.search import Filter
    from models.gallery import Gallery

MOST_GLYPHS = 4096
MOST_PROTOTYPES = 4096


class AddedError(ModelError):
    """An added glyph or drawing does not fit this gallery; embed it again."""


@dataclass(frozen=True, eq=False)
class OwnGlyph:
    """A glyph of the office's own, as `intake.characters.glyph_name` names it.

    vector: unit vector of its outline from `Recogniser.embed_outline`; strokes, radical, parts (the
    characters it is made of) and readings are what a filter may ask for, None or empty: unknown.
    """

    name: str
    text: str
    vector: NDArray[np.float32]
    strokes: int | None = None
    radical: int | None = None
    parts: str = ""
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class OwnPrototype:
    """A drawing that somebody confirmed to be a glyph (MJ name or an own glyph's name).

    vector: unit vector of the drawing from `Recogniser.embed_drawing`; strokes: how many it has.
    """

    name: str
    vector: NDArray[np.float32]
    strokes: int


@dataclass(frozen=True, eq=False)
class Added:
    """Own glyphs behind the gallery's code points, and own prototypes, ready for the search.

    owners: place of each prototype: a code point of the gallery, or behind them an own glyph;
    lifted: rows of all gallery glyphs whose code point has a prototype, own or KanjiVG's;
    lifted_by: which of the gallery's `owners` each of these belongs to, where lifted_by_owner.
    """

    glyphs: tuple[OwnGlyph, ...]
    glyph_rows: NDArray[np.float32]
    glyph_strokes: NDArray[np.int64]
    prototype_rows: NDArray[np.float32]
    prototype_strokes: NDArray[np.int64]
    owners: NDArray[np.int64]
    lifted: NDArray[np.intp]
    lifted_by: NDArray[np.intp]
    lifted_by_owner: NDArray[np.bool_]

    def fitting(self, asked: Filter | None) -> NDArray[np.bool_]:
        """Which own glyphs fit a filter."""
        if asked is None:
            return np.ones(len(self.glyphs), np.bool_)
        return np.array(
            [
                fits(
                    asked,
                    strokes=one.strokes,
                    radical=one.radical,
                    parts=one.parts,
                    readings=one.readings,
                )
                for one in self.glyphs
            ],
            np.bool_,
        )


def assemble(
    gallery: Gallery, glyphs: Sequence[OwnGlyph], prototypes: Sequence[OwnPrototype]
) -> Added:
    """Check and stack what is added; AddedError for a foreign vector, an unknown or a double name.

    Prototypes of names that neither the gallery nor `glyphs` have are refused too.
    """
    if len(glyphs) > MOST_GLYPHS or len(prototypes) > MOST_PROTOTYPES:
        raise AddedError(f"more than {MOST_GLYPHS} glyphs or {MOST_PROTOTYPES} drawings were added")
    width = gallery.glyphs.width
    own = {one.name: len(gallery.codepoints) + at for at, one in enumerate(glyphs)}
    if len(own) != len(glyphs):
        raise AddedError("two added glyphs have the same name: keep one")
    owners = [
        own[one.name] if one.name in own else gallery.place_of(one.name) for one in prototypes
    ]
    missing = [one.name for one, at in zip(prototypes, owners, strict=True) if at is None]
    if missing:
        raise AddedError(f"no glyph is called {missing[0]}: drop the drawings confirmed as it")
    places = np.array([at or 0 for at in owners], np.int64)
    lifted = gallery.rows_of(np.concatenate([gallery.owners, places]))
    of_places = gallery.places[lifted]
    lifted_by = np.searchsorted(gallery.owners, of_places)
    lifted_by = np.minimum(lifted_by, max(len(gallery.owners) - 1, 0))
    by_owner = np.zeros(len(lifted), np.bool_)
    if len(gallery.owners):
        by_owner = gallery.owners[lifted_by] == of_places
    return Added(
        tuple(glyphs),
        _stacked([one.vector for one in glyphs], width),
        np.array([one.strokes or 0 for one in glyphs], np.int64),
        _stacked([one.vector for one in prototypes], width),
        np.array([one.strokes for one in prototypes], np.int64),
        places,
        lifted,
        lifted_by,
        by_owner,
    )


def _stacked(vectors: list[NDArray[np.float32]], width: int) -> NDArray[np.float32]:
    rows = np.zeros((len(vectors), width), np.float32)
    for at, vector in enumerate(vectors):
        if np.shape(vector) != (width,) or not abs(float(np.linalg.norm(vector)) - 1) < 0.01:
            raise AddedError("a vector was not made by this encoder: embed it again")
        rows[at] = vector
    return rows
