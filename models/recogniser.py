"""Characters for what was drawn: the one entrance to models/ for the unit."""

from __future__ import annotations

import threading
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from intake.characters import data_file
from models import added, drawing, drawn_parts, gallery, manifest, outlines, ranking, search
from models.errors import ArtefactError, ModelError
from models.explanation import Explainer, Surety
from models.features import stroke_features
from models.filtering import Masks
from models.interpreter import Encoder
from models.recognition import Candidate, Grounds, Milliseconds, Recognition, Variant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from intake.characters.search import Filter
    from models.added import Added, OwnGlyph, OwnPrototype
    from models.gallery import Gallery

__all__ = [
    "ARTEFACTS",
    "Candidate",
    "Milliseconds",
    "Recogniser",
    "Recognition",
    "Variant",
]

ARTEFACTS = Path(__file__).parent / "artefacts" / "strokes"


class Recogniser:
    """Encoder, gallery and fusion of one artefact folder. May be called from several threads."""

    def __init__(
        self,
        encoder: Encoder,
        found: Gallery,
        fusion: ranking.Fusion,
        surety: Surety | None = None,
        encoder_id: str = "",
    ) -> None:
        self._encoder = encoder
        self._gallery = found
        self._fusion = fusion
        self._surety = surety or Surety.from_settings(None)
        self.encoder_id = encoder_id
        """SHA-256 of the encoder: vectors that another one made have to be made again."""
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
        kind = "" if prototypes else "_glyphs_only"
        try:
            fusion = ranking.Fusion.from_settings(listed.settings[f"fusion{kind}"])
            surety = Surety.from_settings(listed.settings.get(f"surety{kind}"))
            found = gallery.load(listed, prototypes=prototypes)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ArtefactError(
                f"{folder} is of another version ({error!r}): install it again"
            ) from error
        encoder = Encoder(listed.read("encoder.tflite"), runtime)
        return cls(encoder, found, fusion, surety, listed.files["encoder.tflite"])

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
        explain: bool = False,
    ) -> Recognition:
        """Rank at most `top` code points for strokes [[[x, y(, t)], ...], ...], y down.

        With a filter only glyphs that fit are ranked, those that hold what was drawn as a part
        coming forward, and with no strokes they come by usage and stroke count; no candidates and
        no note when nothing fits. `explain` fills in the
        explanation of every candidate and the grounds of `sure`.
        """
        start = perf_counter()
        drawn, extra = drawing.read(strokes), self._added
        asked = None if filter is None or filter.asks_nothing else filter
        if drawn == "no_strokes" and asked is not None:
            listed = search.list_usual(self._gallery, self._allowed(asked, extra), top)
            spent = Milliseconds(total=_ms(start, perf_counter()))
            return Recognition(tuple(self._candidate(one, extra) for one in listed), None, spent)
        if isinstance(drawn, str):
            return Recognition((), drawn, Milliseconds(total=_ms(start, perf_counter())))
        picture = stroke_features(drawn.strokes)
        featured = perf_counter()
        vector = self._embed(picture)
        encoded = perf_counter()
        count = len(drawn.strokes)
        places = self._places(vector, count, top, extra, asked)
        explainer = Explainer(self._gallery, self._fusion, extra, vector, count)
        grounds = None
        if explain or (asked is None and places and places[0].score >= self._surety.score):
            grounds = self._grounds(places, explainer, filtered=asked is not None)
        candidates = tuple(
            self._candidate(place, extra, explainer if explain else None) for place in places
        )
        end = perf_counter()
        spent = Milliseconds(
            _ms(start, featured), _ms(featured, encoded), _ms(encoded, end), _ms(start, end)
        )
        return Recognition(
            candidates, None, spent, self._sure(grounds), grounds if explain else None
        )

    def _places(
        self, vector: NDArray[np.float32], count: int, top: int, extra: Added, asked: Filter | None
    ) -> list[ranking.Place]:
        def ranked(most: int, allowed: ranking.Restriction | None = None) -> list[ranking.Place]:
            return search.rank(
                self._gallery, self._fusion, vector, count, top=most, added=extra, allowed=allowed
            )

        if asked is None:
            return ranked(top)
        whole = ranked(drawn_parts.LOOKED_AT)
        fitting = ranked(max(top, drawn_parts.DEEP), self._allowed(asked, extra))
        return drawn_parts.brought_forward(
            self._gallery, extra, self._masks, whole, fitting, top=top
        )

    def _grounds(
        self, places: list[ranking.Place], explainer: Explainer, *, filtered: bool
    ) -> Grounds | None:
        if not places:
            return None
        likeness = explainer.explain(places[0]).likeness
        needed = self._surety
        return Grounds(places[0].score, needed.score, likeness, needed.likeness, filtered)

    def _sure(self, grounds: Grounds | None) -> bool:
        if grounds is None or grounds.filtered:
            return False
        return self._surety.holds(grounds.score, grounds.likeness)

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

    def _candidate(
        self, place: ranking.Place, extra: Added, explainer: Explainer | None = None
    ) -> Candidate:
        found = self._gallery
        explanation = explainer.explain(place) if explainer else None
        if not place.glyphs:
            own = extra.glyphs[place.codepoint - len(found.codepoints)]
            return Candidate(own.name, own.text, None, place.score, (), explanation)
        best = place.glyphs[0][0]
        variants = tuple(
            Variant(found.mj_name(row), found.text(row), place.score * share)
            for row, share in place.glyphs[1:]
        )
        return Candidate(
            found.mj_name(best),
            found.text(best),
            found.codepoint(place.codepoint),
            place.score,
            variants,
            explanation,
        )


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 3)
