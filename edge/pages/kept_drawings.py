"""What this unit keeps of confirmed drawings, for the clerk, who may remove one or all of it."""

from collections.abc import Awaitable, Callable, Mapping

from edge.characters_of_office.confirmed import FEWEST
from edge.errors import FieldError
from edge.pages.body import Body
from edge.session.counter_session import Counter
from edge.session.glyph_card import glyph_json

Json = dict[str, object]
Act = Callable[[Body], Awaitable[None]]


class KeptDrawings:
    """The prototypes by character. Nothing of fewer than FEWEST filings is ever among them."""

    def __init__(self, counter: Counter) -> None:
        self._own = counter.own_characters
        self._desk = counter.staff_desk

    def view(self) -> Json:
        """Whether the office allows it, and each character with the number of its filings."""
        kept = self._own.confirmed.all()
        return {
            "allowed": self._own.keeps_drawings,
            "fewest": FEWEST,
            "kept": [glyph_json(one.name, self._own) | {"filings": one.filings} for one in kept],
        }

    def actions(self) -> Mapping[str, Act]:
        """`forget_drawing` of one character, `forget_drawings` of all."""

        async def forget_one(body: Body) -> None:
            self._desk.demand()
            name = body.text("mj_name")
            if name not in {one.name for one in self._own.confirmed.all()}:
                raise FieldError("Nothing is kept of this character")
            self._own.forget(name)

        async def forget_all(_body: Body) -> None:
            self._desk.demand()
            self._own.forget(None)

        return {"forget_drawing": forget_one, "forget_drawings": forget_all}
