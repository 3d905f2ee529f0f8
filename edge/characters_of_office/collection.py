"""What the pages and the recogniser know of the office's own characters, kept up in the background.

A newer set is embedded in a thread, one outline at a time, while drawing goes on; each character is
found from the moment its vector is there.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from edge.characters_of_office.confirmed import ConfirmedDrawings
from edge.characters_of_office.vectors import KeptVectors, Vector
from edge.drafts import DraftStore
from edge.session.recognition import Recognition
from intake.characters import Character
from intake.characters.glyph_name import glyph_name
from intake.characters.glyphs import Outline
from intake.characters.name_text import MJ, OFFICE_PREFIX
from intake.ink import log as ink_log
from intake.ink.name_drawings import NameDrawing
from intake.office.glyphs import GlyphState, OfficeGlyph, OfficeGlyphs
from intake.office.outline import EM
from models.added import OwnGlyph
from models.errors import ModelError
from models.manifest import NAME
from models.recogniser import ARTEFACTS, Recogniser

log = logging.getLogger(__name__)
VECTORS: Final = "glyph_vectors"
_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
AT_ONCE: Final = 16
"""How many are embedded before those so far can be found."""


class OwnCharacters:
    """The set held now, and what follows from it. Must be made on a running event loop."""

    def __init__(
        self,
        folder: Path,
        drafts: DraftStore,
        recognition: Recognition,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        generation = _generation()
        self._vectors = KeptVectors(folder / VECTORS, generation)
        self.confirmed = ConfirmedDrawings(folder, drafts, generation)
        self._recognition = recognition
        self._on_change = on_change
        self._held: OfficeGlyphs | None = None
        self._work: asyncio.Task[None] | None = None
        self._again = False
        self._takings: set[asyncio.Task[None]] = set()

    @property
    def keeps_drawings(self) -> bool:
        """Whether the office allows confirmed drawings to be kept."""
        return self._held is not None and self._held.keep_drawings

    def hold(self, document: OfficeGlyphs) -> None:
        """A set that has been verified: from the office just now, or from disk at the start."""
        if document == self._held:
            return
        self._held = document
        if not document.keep_drawings:
            self.confirmed.clear()
        self._soon()

    def glyph(self, character: Character) -> OfficeGlyph | None:
        """What the office says of a character; None for one that is not its own."""
        held = self._held
        if held is None or character.repertoire != OFFICE_PREFIX + held.office:
            return None
        return held.glyph(character.id)

    def outline(self, character: Character) -> Outline | None:
        """How a character of the office is drawn, a retired one too."""
        found = self.glyph(character)
        return None if found is None else Outline(found.outline.svg_path(), EM, EM)

    def named(self, name: str) -> Character | None:
        """The character of a name among candidates, `office:131016/G0001`; None for another."""
        repertoire, _, code = name.partition("/")
        held = self._held
        if held is None or repertoire != OFFICE_PREFIX + held.office:
            return None
        found = held.glyph(code)
        return None if found is None else found.character(held.office)

    def find(self, query: str) -> tuple[str, ...]:
        """Names of the characters that have every word as code, reading, strokes or base."""
        held, words = self._held, query.split()
        if held is None or not words:
            return ()
        return tuple(
            glyph_name(glyph.character(held.office))
            for glyph in held.glyphs
            if glyph.state is GlyphState.ACTIVE and all(_has(glyph, word) for word in words)
        )

    def filed(self, drawings: Sequence[NameDrawing]) -> None:
        """A notification was confirmed and filed: its drawings join the sums where that is allowed.

        In the background; one drawing a character, and nothing of whose it is, when, or in which
        order.
        """
        if self.keeps_drawings and drawings:
            task = asyncio.get_running_loop().create_task(self._take_in(drawings))
            self._takings.add(task)
            task.add_done_callback(self._takings.discard)

    def forget(self, name: str | None) -> None:
        """Remove what is kept of one character, or of all."""
        if name is None:
            self.confirmed.clear()
        else:
            self.confirmed.remove(name)
        self._soon()

    def close(self) -> None:
        """End the work in the background; what is missing is done at the next start."""
        for task in (*self._takings, *([] if self._work is None else [self._work])):
            task.cancel()

    async def settled(self) -> None:
        """Return when everything held and filed until now has been taken in."""
        while self._takings:
            await asyncio.wait(tuple(self._takings))
        while self._work is not None and not self._work.done():
            await asyncio.wait((self._work,))

    async def _take_in(self, drawings: Sequence[NameDrawing]) -> None:
        recogniser = await self._recognition.recogniser()
        if recogniser is None:
            return
        drawn = await asyncio.to_thread(_embedded, recogniser, drawings)
        if drawn and self.keeps_drawings and self.confirmed.add(drawn):
            self._soon()

    def _soon(self) -> None:
        self._on_change()
        if self._work is not None and not self._work.done():
            self._again = True
            return
        self._work = asyncio.get_running_loop().create_task(self._follow())

    async def _follow(self) -> None:
        recogniser = await self._recognition.recogniser()
        if recogniser is None:
            return
        self._again = True
        while self._again:
            self._again = False
            await self._make_found(recogniser)
        self._on_change()

    async def _make_found(self, recogniser: Recogniser) -> None:
        held = self._held
        active = [] if held is None else [g for g in held.glyphs if g.state is GlyphState.ACTIVE]
        ready = [glyph for glyph in active if self._vectors.get(glyph.outline) is not None]
        waiting = [glyph for glyph in active if self._vectors.get(glyph.outline) is None]
        self._add(recogniser, ready)
        for start in range(0, len(waiting), AT_ONCE):
            batch = waiting[start : start + AT_ONCE]
            ready += [g for g in batch if await asyncio.to_thread(self._embed, recogniser, g)]
            self._add(recogniser, ready)
            if self._again:
                return
        if waiting:
            log.info("embedded the office's characters", extra={"count": len(waiting)})
            await asyncio.to_thread(self._vectors.keep, tuple(g.outline for g in ready))

    def _embed(self, recogniser: Recogniser, glyph: OfficeGlyph) -> bool:
        try:
            self._vectors.embed(glyph.outline, recogniser.embed_outline)
        except ModelError as error:
            log.warning("a character of the office cannot be found", extra={"reason": str(error)})
            return False
        return True

    def _add(self, recogniser: Recogniser, glyphs: Sequence[OfficeGlyph]) -> None:
        held = self._held
        office = "" if held is None else held.office
        own = [self._own(office, glyph) for glyph in glyphs]
        names = {one.name for one in own}
        kept = [one.name for one in self.confirmed.all()]
        known = [name for name in kept if name in names or not name.startswith(OFFICE_PREFIX)]
        try:
            recogniser.set_added(own, self.confirmed.prototypes(known))
        except ModelError:
            log.exception("what is kept does not fit the recogniser; only the office's own is used")
            recogniser.set_added(own)

    def _own(self, office: str, glyph: OfficeGlyph) -> OwnGlyph:
        character = glyph.character(office)
        vector = self._vectors.get(glyph.outline)
        assert vector is not None
        return OwnGlyph(
            name=glyph_name(character),
            text=character.text,
            vector=vector,
            strokes=glyph.strokes,
            radical=glyph.radical,
            parts=glyph.base or "",
            readings=glyph.readings,
        )


def _has(glyph: OfficeGlyph, word: str) -> bool:
    strokes = word.removesuffix("画")
    return (
        word.upper() == glyph.code
        or (strokes.isdecimal() and int(strokes) == glyph.strokes)
        or word in (glyph.base, glyph.fallback)
        or _hiragana(word) in map(_hiragana, glyph.readings)
    )


def _hiragana(reading: str) -> str:
    return reading.translate(_TO_HIRAGANA)


def _embedded(
    recogniser: Recogniser, drawings: Sequence[NameDrawing]
) -> dict[str, tuple[Vector, int]]:
    """For each glyph that was picked one of its drawings as a vector, and its strokes."""
    found: dict[str, tuple[Vector, int]] = {}
    for drawing in drawings:
        picked = drawing.picked
        if picked.repertoire != MJ and not picked.repertoire.startswith(OFFICE_PREFIX):
            continue
        strokes = ink_log.decode(drawing.ink).strokes()
        try:
            found[glyph_name(picked)] = recogniser.embed_drawing(strokes), len(strokes)
        except ModelError:
            continue
    return found


def _generation() -> bytes:
    """What the vectors depend on: the artefacts as their manifest names them."""
    try:
        return hashlib.sha256((ARTEFACTS / NAME).read_bytes()).digest()
    except OSError:
        return b""
