"""How one page speaks: its language and the size of its text, chosen by whoever sits before it."""

from typing import Final

from edge.errors import FieldError
from edge.pages.catalogue import LANGUAGES

TEXT_SIZES: Final = ("100", "150", "200")


class Comfort:
    """Language and text size of a page; `begins_anew` forgets them when a session has ended."""

    def __init__(self, language: str, *, begins_anew: bool) -> None:
        self._first = language
        self._begins_anew = begins_anew
        self._state: object = None
        self.language = language
        self.text_size = TEXT_SIZES[0]

    def choose(self, what: str, wanted: str) -> None:
        """Set `language` or `text_size`; FieldError when there is no such one."""
        if wanted not in (LANGUAGES if what == "language" else TEXT_SIZES):
            raise FieldError(f"There is no such {what}")
        setattr(self, what, wanted)

    def see(self, state: object) -> None:
        """Follow the session: the next resident begins with the page as it is for everybody."""
        over = state == "idle" and self._state not in (None, "idle")
        if over and self._begins_anew:
            self.language, self.text_size = self._first, TEXT_SIZES[0]
        self._state = state
