"""Characters for what was drawn: the one entrance to models/ for the unit."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from models import drawing, gallery, manifest, ranking
from models.errors import ArtefactError
from models.features import stroke_features
from models.interpreter import Encoder

if TYPE_CHECKING:
    from models.gallery import Gallery

ARTEFACTS = Path(str(files("models") / "artefacts" / "strokes"))


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
    without one.
    """

    mj_name: str
    text: str
    codepoint: str | None
    score: float
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class Milliseconds:
    """Time spent per stage."""

    features: float = 0.0
    encode: float = 0.0
    search: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class Recognition:
    """Candidates best first, no code point twice; or none and a note (models.drawing.NOTES)."""

    candidates: tuple[Candidate, ...]
    note: str | None
    ms: Milliseconds


class Recogniser:
    """Encoder, gallery and fusion of one artefact folder. May be called from several threads."""

    def __init__(self, encoder: Encoder, found: Gallery, fusion: ranking.Fusion) -> None:
        self._encoder = encoder
        self._gallery = found
        self._fusion = fusion
        self._one_at_a_time = threading.Lock()

    @classmethod
    def load(
        cls,
        runtime: str | None = None,
        *,
        folder: Path = ARTEFACTS,
        prototypes: bool = True,
    ) -> Recogniser:
        """Load checked artefacts; runtime "litert", "tflite" or None for the first installed.

        Without `prototypes` neither the KanjiVG file nor the usage bonus is used. Raises
        ArtefactError (damaged or foreign file, with its name and hash) or RuntimeMissingError.
        """
        listed = manifest.load(folder)
        key = "fusion" if prototypes else "fusion_glyphs_only"
        try:
            fusion = ranking.Fusion.from_settings(listed.settings[key])
            found = gallery.load(listed, prototypes=prototypes)
        except (KeyError, TypeError) as error:
            raise ArtefactError(
                f"{folder} is of another version ({error!r}): install it again"
            ) from error
        return cls(Encoder(listed.read("encoder.tflite"), runtime), found, fusion)

    @property
    def runtime(self) -> str:
        """Name of the runtime in use."""
        return self._encoder.runtime

    @property
    def glyph_count(self) -> int:
        """Number of glyphs that can be found."""
        return len(self._gallery.numbers)

    def recognise(self, strokes: object, top: int = 10) -> Recognition:
        """Rank at most `top` code points for strokes [[[x, y(, t)], ...], ...], y down."""
        start = perf_counter()
        drawn = drawing.read(strokes)
        if isinstance(drawn, str):
            return Recognition((), drawn, Milliseconds(total=_ms(start, perf_counter())))
        picture = stroke_features(drawn.strokes)
        featured = perf_counter()
        with self._one_at_a_time:
            vector = self._encoder.embed(picture)
        encoded = perf_counter()
        places = ranking.rank(self._gallery, self._fusion, vector, len(drawn.strokes), top)
        candidates = tuple(self._candidate(place) for place in places)
        end = perf_counter()
        spent = Milliseconds(
            _ms(start, featured), _ms(featured, encoded), _ms(encoded, end), _ms(start, end)
        )
        return Recognition(candidates, None, spent)

    def _candidate(self, place: ranking.Place) -> Candidate:
        found = self._gallery
        best = place.glyphs[0][0]
        return Candidate(
            found.mj_name(best),
            found.text(best),
            found.codepoint(place.codepoint),
            place.score,
            tuple(
                Variant(found.mj_name(row), found.text(row), place.score * share)
                for row, share in place.glyphs[1:]
            ),
        )


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 3)
