"""Finding a character by what was drawn and asked, and taking a pick back: by either hand."""

from collections.abc import Callable
from dataclasses import replace

from edge.errors import FieldError
from edge.session import naming, narrowing, stand_ins
from edge.session.counter_session import CounterSession
from edge.session.draft import Draft
from edge.session.form import Hand
from edge.session.states import Step
from intake.characters.search import Filter
from intake.ink import Ink


class PickingSteps:
    """One hand on the drawing; `hand` says whose, and refuses who may not."""

    def __init__(self, session: CounterSession, hand: Callable[[], Hand]) -> None:
        self._session = session
        self._capture = session.counter.capture
        self._hand = hand

    async def recognise(self) -> None:
        """Offer candidates for the drawing as it is now."""
        self._session.allowed(Step.DRAW)
        if self._capture.ink() is None:
            raise FieldError("Nothing has been drawn yet", code="nothing_drawn")
        await look(self._session)

    async def narrow(self, asked: Filter) -> None:
        """Offer only what is as asked; without a drawing, what is used most."""
        self._hand()
        draft = self._session.allowed(Step.DRAW)
        if draft.target is None:
            raise FieldError("Nothing is being drawn: choose a character first")
        draft = replace(draft, asked=asked)
        if self._capture.ink() is None:
            draft = naming.forget_offer(draft)
        self._session.move(Step.DRAW, draft)
        await look(self._session)

    async def widen(self, condition: str) -> None:
        """Ask no longer for one of the conditions, or for `all`."""
        draft = self._session.allowed(Step.DRAW)
        await self.narrow(narrowing.without(draft.asked, condition))

    def pick(self, name: str | None) -> None:
        """Take a glyph that was offered; None: none fits, the ink stays for the office."""
        hand = self._hand()
        draft = self._session.allowed(Step.PICK)
        own = self._session.counter.own_characters
        picked = naming.pick(draft, name, self._capture.ink(), hand, own)
        followed = stand_ins.follow(draft, picked, hand)
        if followed.notification is not picked.notification:
            followed = replace(followed, picked=None)  # more than one name holds it now
        self._capture.close_drawing()
        if followed.target is not None:
            self._capture.open_drawing()
        self._session.move(Step.PICK, followed)

    def unpick(self) -> None:
        """Take back what was picked last, and go on with its drawing."""
        self._hand()
        draft = self._session.allowed(Step.UNPICK)
        before, ink = naming.unpick(draft)
        self._capture.reopen_drawing(ink)
        self._session.move(Step.UNPICK, before)


async def look(session: CounterSession) -> None:
    """Offer what the drawing and the conditions find; nothing where there is neither."""
    counter = session.counter
    async with session.busy:
        draft, ink = session.draft, counter.capture.ink()
        if draft is None or draft.target is None or not _asks(draft, ink):
            return
        found = await counter.recognition.recognise(ink, draft.asked)
        now = session.draft
        if now is None or now.target != draft.target or now.asked != draft.asked:
            return
        if ink is None or counter.capture.has_strokes:  # it was not erased meanwhile
            session.move(Step.DRAW, naming.offer(now, found))


def _asks(draft: Draft, ink: Ink | None) -> bool:
    return ink is not None or not draft.asked.asks_nothing
