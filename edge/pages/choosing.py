"""Which candidate one page looks at closely: its shapes, and the characters of the same origin.

Each page has its own look; what was opened stays open while it is offered, wherever it moves to.
"""

from collections.abc import Callable, Mapping

from edge.errors import FieldError
from edge.session.counter_session import CounterSession
from edge.session.glyph_card import card_json, character_of, related
from intake.characters import Character

Json = Mapping[str, object]


class Chooser:
    """The candidate that a page shows large; the first one until another is opened."""

    def __init__(self, session: CounterSession, on_change: Callable[[], None]) -> None:
        self._session = session
        self._on_change = on_change
        self._opened: str | None = None  # one of the group: which comes first changes by stroke

    def look_at(self, name: str) -> None:
        """Show the candidate with the glyph `name` large; FieldError when it is not offered.

        By its name, not its place: candidates come anew while a finger is on its way.
        """
        if not any(name in group for group in self._offered()):
            raise FieldError("This candidate is no longer offered: look at the page again")
        self._opened = name
        self._on_change()

    def view(self) -> Json | None:
        """What the page shows large; None while nothing is offered."""
        slot = self._slot()
        if slot is None:
            return None
        group, own = self._offered()[slot], self._session.counter.own_characters
        return {
            "slot": slot,
            "shapes": [card_json(name, own) for name in group],
            "related": [card_json(name, own) for name in related(group[0], own)],
        }

    def shapes(self) -> tuple[tuple[Character, ...], ...]:
        """The characters whose marks `view` needs: the group, and each related one beside it."""
        slot = self._slot()
        if slot is None:
            return ()
        names, own = self._offered()[slot], self._session.counter.own_characters
        group = tuple(character_of(name, own) for name in names)
        beside = (character_of(name, own) for name in related(names[0], own))
        return (group, *((group[0], other) for other in beside))

    def _slot(self) -> int | None:
        offered = self._offered()
        if not offered:
            return None
        return next((slot for slot, group in enumerate(offered) if self._opened in group), 0)

    def _offered(self) -> tuple[tuple[str, ...], ...]:
        draft = self._session.draft
        return () if draft is None or draft.target is None else draft.offered
