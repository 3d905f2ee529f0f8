"""Recognition beside the event loop: the recogniser is loaded once and runs in a thread."""

import asyncio
import logging

from edge.settings import Recogniser as RecogniserSettings
from intake.characters import search
from intake.characters.details import variants_of
from intake.characters.search import Filter
from intake.ink import Ink
from models.errors import ModelError
from models.recogniser import Milliseconds, Recogniser
from models.recogniser import Recognition as Found

log = logging.getLogger(__name__)
NOT_AVAILABLE = "not_available"
_ANY = "MJ000001"
__all__ = ["Found", "Recognition"]


class Recognition:
    """What the session asks for candidates; without artefacts it finds nothing and says so."""

    def __init__(self, settings: RecogniserSettings) -> None:
        self._settings = settings
        self._loading: asyncio.Task[Recogniser | None] | None = None

    def prepare(self) -> None:
        """Begin to load the recogniser, so that the first drawing does not wait for it."""
        self._loading = asyncio.create_task(asyncio.to_thread(self._load))

    async def recogniser(self) -> Recogniser | None:
        """The recogniser as soon as it is loaded; None when it cannot be."""
        if self._loading is None:
            self.prepare()
        assert self._loading is not None
        return await self._loading

    async def recognise(self, ink: Ink | None, asked: Filter) -> Found:
        """Candidates for the drawing that are as asked, best first; without ink by that alone."""
        recogniser = await self.recogniser()
        if recogniser is None:
            return Found((), NOT_AVAILABLE, Milliseconds())
        strokes = () if ink is None else ink.strokes()
        found = await asyncio.to_thread(
            recogniser.recognise, strokes, self._settings.candidates, filter=asked
        )
        log.info(
            "recognised", extra={"count": len(found.candidates), "milliseconds": found.ms.total}
        )
        return found

    def _load(self) -> Recogniser | None:
        variants_of(_ANY)  # tables that take a while: the first drawing shall not wait for them
        search.prepare()
        try:
            return Recogniser.load(self._settings.runtime)
        except ModelError:
            log.exception("characters cannot be recognised; names are typed or left to the office")
            return None
