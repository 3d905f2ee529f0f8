"""What reading a document gives, and how it is written as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hub.messages.documents.glyph import Box


class Opened(StrEnum):
    """How far opening came."""

    OK = "ok"
    PASSWORD = "password"  # noqa: S105 a state, not a secret
    ERROR = "error"


class WarningCode(StrEnum):
    """What a person has to know before anything of the document is sent."""

    REPAIRED = "repaired"
    ENCRYPTED = "encrypted"
    PUA = "pua"
    HIDDEN_TEXT = "hidden-text"
    OCR_LAYER = "ocr-layer"
    NO_UNICODE_MAP = "no-unicode-map"
    SCAN = "scan"
    OCR = "ocr"
    ACTIONS = "actions"
    READERS_DISAGREE = "readers-disagree"
    LIMIT = "limit"


class ReadError(StrEnum):
    """Why a document was not read."""

    NOT_A_DOCUMENT = "not-a-document"
    DAMAGED = "damaged"
    NO_PAGES = "no-pages"
    NO_CONTENT = "no-content"
    PASSWORD_NEEDED = "password-needed"  # noqa: S105 a code, not a secret
    PASSWORD_WRONG = "password-wrong"  # noqa: S105 as above
    TOO_LARGE = "too-large"
    TIME_LIMIT = "time-limit"
    MEMORY_LIMIT = "memory-limit"
    CRASHED = "crashed"
    FORBIDDEN_CONTENT = "forbidden-content"


@dataclass(frozen=True, slots=True)
class DocumentWarning:
    """A warning with its page (from 1, None: the whole document) and box where there is one."""

    code: WarningCode
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the body with its box; cells of a table's row stand between tabs.

    `cells` are the boxes of a row's cells, beside the text between the tabs.
    """

    text: str
    box: Box
    cells: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; a merged cell speaks in its first place and leaves the others empty."""

    rows: tuple[tuple[str, ...], ...]
    box: Box
    ruled: bool = True


@dataclass(frozen=True)
class Page:
    """One page as a person reads it. Width and height in points, as displayed."""

    width: float
    height: float
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    header: tuple[Line, ...] = ()
    footer: tuple[Line, ...] = ()
    ruby: tuple[Line, ...] = ()
    hidden: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """The body, line by line."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Reading:
    """A document read: pages, form values, warnings, or why not."""

    opened: Opened
    pages: tuple[Page, ...] = ()
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    warnings: tuple[DocumentWarning, ...] = ()
    error: ReadError | None = None

    def codes(self) -> frozenset[WarningCode]:
        """The kinds of warning."""
        return frozenset(warning.code for warning in self.warnings)


def refused(error: ReadError, warnings: tuple[DocumentWarning, ...] = ()) -> Reading:
    """A reading that says only why there is none."""
    locked = error in (ReadError.PASSWORD_NEEDED, ReadError.PASSWORD_WRONG)
    return Reading(Opened.PASSWORD if locked else Opened.ERROR, error=error, warnings=warnings)


def to_json(reading: Reading) -> dict[str, object]:
    """The reading as `madoguchi-hub document read --json` prints it, boxes beside the texts."""
    return {
        "open": reading.opened.value,
        "pages": [_page(page) for page in reading.pages],
        "form": dict(reading.form),
        "warnings": [
            {
                "code": warning.code.value,
                "page": warning.page,
                "box": None if warning.box is None else warning.box.rounded(),
            }
            for warning in reading.warnings
        ],
        "error": None if reading.error is None else reading.error.value,
    }


def _page(page: Page) -> dict[str, object]:
    return {
        "width": round(page.width, 1),
        "height": round(page.height, 1),
        "text": page.text,
        "lines": [line.text for line in page.lines],
        "tables": [[list(row) for row in table.rows] for table in page.tables],
        "header": [line.text for line in page.header],
        "footer": [line.text for line in page.footer],
        "ruby": [line.text for line in page.ruby],
        "hidden": [line.text for line in page.hidden],
        "boxes": {
            "lines": [line.box.rounded() for line in page.lines],
            "tables": [table.box.rounded() for table in page.tables],
            "hidden": [line.box.rounded() for line in page.hidden],
        },
    }
