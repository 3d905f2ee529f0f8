"""Characters for what was drawn: the one entrance to models/ for the unit."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from intake.characters import data_file
from models import added, drawing, gallery, manifest, outlines, ranking, search
from models.errors import ArtefactError, ModelError
from models.features import stroke_features
from models.filtering import Masks
from models.interpreter import Encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from intake.characters.search import Filter
    from models.added import Added, OwnGlyph, OwnPrototype
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
    without one and for the office's own glyphs. mj_name: for one of those its own name,
    `office:131016/E001` (intake.characters.glyph_name makes a Character of either).
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
    """Candidates best first, no code point twice; or none and a note (models.drawing.NOTES).

    sure: of the drawings called so, the first candidate is right in 99 of 100; never with a filter.
    """

    candidates: tuple[Candidate, ...]
    note: str | None
    ms: Milliseconds
    sure: bool = False


class Recogniser:
    """Encoder, gallery and fusion of one artefact folder. May be called from several threads."""

    def __init__(self, encoder: Encoder, found: Gallery, fusion: ranking.Fusion) -> None:
        self._encoder = encoder
        self._gallery = found
        self._fusion = fusion
        self._one_at_a_time = threading.Lock()
        self._masks = Masks(found.numbers)
        self._added = added.assemble(found, (), ())

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
        try:
            data_file.check_all()
        except data_file.TableError as error:
            raise ArtefactError(str(error)) from error
        key = "fusion" if prototypes else "fusion_glyphs_only"
        try:
            fusion = ranking.Fusion.from_settings(listed.settings[key])
            found = gallery.load(listed, prototypes=prototypes)
        except (KeyError, TypeError, ValueError, IndexError) as error:
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

    def recognise(
        self,
        strokes: object,
        top: int = 10,
        *,
        filter: Filter | None = None,  # noqa: A002 - what the screen calls it
    ) -> Recognition:
        """Rank at most `top` code points for strokes [[[x, y(, t)], ...], ...], y down.

        With a filter only glyphs that fit are ranked, and with no strokes they come by usage and
        stroke count; no candidates and no note when nothing fits.
        """
        start = perf_counter()
        drawn, extra = drawing.read(strokes), self._added
        asked = None if filter is None or filter.asks_nothing else filter
        if drawn == "no_strokes" and asked is not None:
            places = search.list_usual(self._gallery, self._allowed(asked, extra), top)
            return self._answer(places, extra, Milliseconds(total=_ms(start, perf_counter())))
        if isinstance(drawn, str):
            return Recognition((), drawn, Milliseconds(total=_ms(start, perf_counter())))
        picture = stroke_features(drawn.strokes)
        featured = perf_counter()
        vector = self._embed(picture)
        encoded = perf_counter()
        places = search.rank(
            self._gallery,
            self._fusion,
            vector,
            len(drawn.strokes),
            top=top,
            added=extra,
            allowed=None if asked is None else self._allowed(asked, extra),
        )
        end = perf_counter()
        spent = Milliseconds(
            _ms(start, featured), _ms(featured, encoded), _ms(encoded, end), _ms(start, end)
        )
        return self._answer(places, extra, spent)

    def embed_outline(self, path: str) -> NDArray[np.float32]:
        """Unit vector of an outline: an SVG path of absolute M L H V Q C Z, y down, any unit.

        As `intake.characters.glyphs.Outline.path` gives it. Raises models.outlines.OutlineError.
        """
        return self._embed(outlines.outline_features(outlines.contours(path)))

    def embed_drawing(self, strokes: object) -> NDArray[np.float32]:
        """Unit vector of a drawing, to be kept as a prototype; ModelError if it is none."""
        drawn = drawing.read(strokes)
        if isinstance(drawn, str):
            raise ModelError(f"{drawing.NOTES[drawn]}: this drawing cannot be kept")
        return self._embed(stroke_features(drawn.strokes))

    def set_added(
        self, glyphs: Sequence[OwnGlyph] = (), prototypes: Sequence[OwnPrototype] = ()
    ) -> None:
        """Replace everything that was added: own glyphs and confirmed drawings, found from now on.

        Raises models.added.AddedError, and keeps what was there, when one does not fit.
        """
        self._added = added.assemble(self._gallery, glyphs, prototypes)

    def _embed(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        with self._one_at_a_time:
            return self._encoder.embed(picture)

    def _allowed(self, asked: Filter, extra: Added) -> ranking.Restriction:
        return ranking.Restriction(self._masks.of(asked), extra.fitting(asked))

    def _answer(
        self, places: list[ranking.Place], extra: Added, spent: Milliseconds
    ) -> Recognition:
        return Recognition(tuple(self._candidate(place, extra) for place in places), None, spent)

    def _candidate(self, place: ranking.Place, extra: Added) -> Candidate:
        found = self._gallery
        if not place.glyphs:
            own = extra.glyphs[place.codepoint - len(found.codepoints)]
            return Candidate(own.name, own.text, None, place.score, ())
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
