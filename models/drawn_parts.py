"""A filter with only a part of the character drawn: what holds the drawn part comes forward.

"Draw a part, type a reading": the whole drawing is 辶 then, and the character is one of those with
the reading that hold 辶. Without a filter a drawing is the whole character.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.characters import components
from intake.characters.search import Filter
from models.gallery import NO_CODEPOINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.added import Added
    from models.filtering import Masks
    from models.gallery import Gallery
    from models.ranking import Place

LOOKED_AT = 8
"""Code points that the drawing may be as a whole, and so the parts it may be."""

DEEP = 300
"""Filtered code points among which what holds a drawn part is looked for."""

AS_PART = 0.5
"""Weight of being a part of the character against being the character."""

ORDER = 0.01
"""Weight of the filtered ranking: it orders what is otherwise alike."""


def brought_forward(
    gallery: Gallery,
    added: Added,
    masks: Masks,
    whole: Sequence[Place],
    fitting: Sequence[Place],
    *,
    top: int,
) -> list[Place]:
    """The `top` of the fitting places, those first that the drawing is or that hold it.

    whole: the ranking of the same drawing without the filter. Scores add up to 1 over `fitting`.
    """
    known = {place.codepoint: place.score for place in whole[:LOOKED_AT]}
    parts = [
        (Filter(part=text), score)
        for codepoint, score in known.items()
        if (text := _character(gallery, codepoint)) and components.is_component(text)
    ]
    weights = [ORDER * place.score + known.get(place.codepoint, 0.0) for place in fitting]
    for asked, score in parts:
        holding, own = masks.of(asked), added.fitting(asked)
        for at, place in enumerate(fitting):
            holds = (
                holding[place.glyphs[0][0]]
                if place.glyphs
                else own[place.codepoint - len(gallery.starts)]
            )
            if holds:
                weights[at] = max(weights[at], AS_PART * score + ORDER * place.score)
    total = sum(weights) or 1.0
    weighed = [
        replace(place, score=weight / total) for place, weight in zip(fitting, weights, strict=True)
    ]
    return sorted(weighed, key=lambda place: -place.score)[:top]


def _character(gallery: Gallery, codepoint: int) -> str:
    if codepoint >= len(gallery.starts):
        return ""
    value = int(gallery.codepoints[codepoint])
    return chr(value) if value < NO_CODEPOINT else ""
