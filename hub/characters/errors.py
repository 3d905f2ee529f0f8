"""Why a file or a form makes no character; the sentences are in `characters.problem.*`."""

from enum import StrEnum

from hub.errors import HubError


class Problem(StrEnum):
    """One reason each, with its sentence and the next step in both catalogues."""

    TOO_LARGE = "too_large"
    NOT_KNOWN = "not_known"
    FONT_UNREADABLE = "font_unreadable"
    IMAGE_UNREADABLE = "image_unreadable"
    IMAGE_SIZE = "image_size"
    NO_SUCH_GLYPH = "no_such_glyph"
    CHOOSE_GLYPH = "choose_glyph"
    EMPTY = "empty"
    TOO_COMPLEX = "too_complex"
    TOO_LONG = "too_long"
    CODE = "code"
    CODE_TAKEN = "code_taken"
    STROKES = "strokes"
    READINGS = "readings"
    RADICAL = "radical"
    BASE = "base"
    FALLBACK = "fallback"
    DETAILS = "details"
    SET_FULL = "set_full"


class GlyphRefusedError(HubError):
    """A file or a form that makes no character; `problem` says why."""

    status = 400
    code = "glyph_refused"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem
