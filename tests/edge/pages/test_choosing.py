"""What a page looks at closely stays open while it is offered, wherever the next stroke puts it."""

from typing import cast

import pytest

from edge.errors import FieldError
from edge.pages.choosing import Chooser
from edge.session.counter_session import CounterSession


class Offering:
    """A session of which the chooser sees the draft alone."""

    def __init__(self, offered: tuple[tuple[str, ...], ...]) -> None:
        self.draft = self
        self.target = object()
        self.offered = offered


def slot(chooser: Chooser) -> int | None:
    return chooser._slot()


def test_an_opened_candidate_stays_open_when_another_shape_of_it_comes_first() -> None:
    session = Offering((("MJ006428",), ("MJ026191", "MJ026192")))
    chooser = Chooser(cast("CounterSession", session), lambda: None)
    assert slot(chooser) == 0
    chooser.look_at("MJ026191")
    session.offered = (("MJ006428",), ("MJ026192", "MJ026191"))
    assert slot(chooser) == 1
    session.offered = (("MJ026192", "MJ026191"), ("MJ006428",))
    assert slot(chooser) == 0
    session.offered = (("MJ000001",), ("MJ006428",))
    assert slot(chooser) == 0
    with pytest.raises(FieldError):
        chooser.look_at("MJ026191")
