"""What a document would do beyond being read: scripts, launches, addresses, attachments, XFA.

Text comes out of such a document as if it were harmless, so it is looked for.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

from playa.pdftypes import resolve1

from hub.messages.documents.limits import OBJECTS_WALKED

HARMLESS: Final = frozenset({"GoTo", "Named", "SetOCGState", "Hide", "Thread", "Trans"})
ACTION_KEYS: Final = ("A", "AA", "OpenAction", "PA")
DEEPEST: Final = 6


def pages_with_actions(document: Any) -> list[int | None]:  # noqa: ANN401 playa's types change
    """Pages (from 1) on which something would act; None for the document as a whole."""
    walk = _Walk()
    found: list[int | None] = []
    catalog = cast("Mapping[str, object]", document.catalog)
    names = _mapping(catalog.get("Names"))
    form = _mapping(catalog.get("AcroForm"))
    if (
        "JavaScript" in names
        or "EmbeddedFiles" in names
        or "XFA" in form
        or "Collection" in catalog
        or walk.acts(catalog)
    ):
        found.append(None)
    for number, page in enumerate(document.pages, 1):
        annotations = _resolved(page.attrs.get("Annots"))
        entries = cast("list[object]", annotations) if isinstance(annotations, list) else []
        if walk.acts(page.attrs) or any(walk.acts_on_page(entry) for entry in entries):
            found.append(number)
        if walk.left <= 0:
            break
    return found


class _Walk:
    """Counts what it has looked at, so that a hostile tree ends."""

    def __init__(self) -> None:
        self.left = OBJECTS_WALKED

    def acts_on_page(self, entry: object) -> bool:
        """Whether an annotation acts, is an attachment, or hides one."""
        self.left -= 1
        if self.left <= 0:
            return False
        table = _mapping(entry)
        return _name(table.get("Subtype")) in ("FileAttachment", "RichMedia", "3D", "Screen") or (
            self.acts(table)
        )

    def acts(self, table: Mapping[str, object]) -> bool:
        """Whether one of the entries that hold actions holds one that does something."""
        return any(self._action(table.get(key), 0) for key in ACTION_KEYS if key in table)

    def _action(self, value: object, depth: int) -> bool:
        self.left -= 1
        if depth > DEEPEST or self.left <= 0:
            return True
        table = _mapping(value)
        if not table:
            return False  # a destination, or nothing
        kind = _name(table.get("S"))
        if kind is None:  # additional actions: one table per event
            return any(self._action(inner, depth + 1) for inner in table.values())
        return kind not in HARMLESS or self._action(table.get("Next"), depth + 1)


def _resolved(value: object) -> object:
    try:
        return cast("object", resolve1(cast("Any", value)))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _mapping(value: object) -> Mapping[str, object]:
    found = _resolved(value)
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else {}


def _name(value: object) -> str | None:
    return getattr(_resolved(value), "name", None)
