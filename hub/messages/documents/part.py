"""A stretch of pages as a child reads them, and stretches put together to a document.

Long documents are read in stretches, so that each child has little to do and a short time for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hub.messages.documents import margins
from hub.messages.documents.result import (
    DocumentWarning,
    Opened,
    Page,
    ReadError,
    Reading,
    WarningCode,
    refused,
)


@dataclass(frozen=True)
class Part:
    """Some pages of a document, or why there are none.

    count: pages of the whole document; page numbers in warnings count from 1 in the document.
    """

    pages: tuple[Page, ...] = ()
    count: int = 0
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    warnings: tuple[DocumentWarning, ...] = ()
    error: ReadError | None = None


def together(parts: Sequence[Part], most_pages: int) -> Reading:
    """The document that the parts make up, in order; any part's error is the document's."""
    for part in parts:
        if part.error is not None:
            return refused(part.error, part.warnings)
    pages = margins.parted([page for part in parts for page in part.pages])
    if not pages:
        return refused(ReadError.NO_PAGES)
    warnings = list(dict.fromkeys(warning for part in parts for warning in part.warnings))
    if parts[0].count > most_pages:
        warnings.append(DocumentWarning(WarningCode.LIMIT))
    warnings.sort(key=lambda w: w.page or 0)
    return Reading(Opened.OK, pages, parts[0].form, tuple(warnings))


def failed(error: ReadError, *warnings: DocumentWarning) -> Part:
    """A part that says only why it was not read."""
    return Part(error=error, warnings=warnings)


def renumbered(warnings: Sequence[DocumentWarning], first: int) -> tuple[DocumentWarning, ...]:
    """Warnings of pages counted from 1 in a stretch, counted in the document (`first` from 0)."""
    return tuple(w if w.page is None else replace(w, page=w.page + first) for w in warnings)
