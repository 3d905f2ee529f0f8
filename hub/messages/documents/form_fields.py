"""Values that somebody filled into a form: they are drawn by the viewer, not by the page."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from playa.pdftypes import resolve1
from playa.utils import decode_text

from hub.messages.documents.glyph import Box, Glyph
from hub.messages.documents.limits import FORM_FIELDS, GLYPHS_A_PAGE, VALUE_LENGTH

DEEPEST: Final = 12
LARGEST_EM: Final = 12.0


def read(document: Any) -> dict[str, str]:  # noqa: ANN401 playa's types change between versions
    """Field name (with its parents, joined by dots) to value; empty fields are left out."""
    found: dict[str, str] = {}
    form = _mapping(_get(document.catalog, "AcroForm"))
    for name, value in _fields(_get(form, "Fields"), "", 0):
        if len(found) >= FORM_FIELDS:
            break
        found[name] = value[:VALUE_LENGTH]
    return found


def _fields(items: object, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    if not isinstance(items, list) or depth > DEEPEST:
        return
    for item in cast("list[object]", items)[:FORM_FIELDS]:
        entry = _mapping(_resolved(item))
        part = _text(_get(entry, "T"))
        name = ".".join(filter(None, (prefix, part)))
        value = _text(_get(entry, "V"))
        if value and name:
            yield name, value
        yield from _fields(_get(entry, "Kids"), name, depth + 1)


def _resolved(value: object) -> object:
    try:
        return cast("object", resolve1(cast("Any", value)))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _get(table: Mapping[str, object], key: str) -> object:
    return _resolved(table.get(key)) if key in table else None


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decode_text(value)
    name = getattr(value, "name", None)
    return "" if name in (None, "Off") else str(name)


def drawn(page: Any) -> list[Glyph]:  # noqa: ANN401 as above
    """Filled-in values at their places on a page, as the viewer draws them."""
    found: list[Glyph] = []
    for annotation in page.annotations:
        if annotation.type != "Widget" or len(found) > GLYPHS_A_PAGE:
            continue
        value = _text(_inherited(annotation.props, "V", 0))[:VALUE_LENGTH]
        if value.strip():
            found.extend(_written(value, Box(*annotation.bbox)))
    return found


def _inherited(entry: Mapping[str, object], key: str, depth: int) -> object:
    value = _get(entry, key)
    if value is not None or depth > DEEPEST:
        return value
    parent = _mapping(_get(entry, "Parent"))
    return _inherited(parent, key, depth + 1) if parent else None


def _written(value: str, box: Box) -> list[Glyph]:
    """Characters of a value side by side from the left of its box."""
    em = min(LARGEST_EM, box.height * 0.7, box.width / max(len(value), 1) / 0.9) or 1.0
    middle = (box.top + box.bottom) / 2
    glyphs: list[Glyph] = []
    left = box.left + em / 4
    for character in value:
        right = left + em * (0.5 if character.isascii() else 1.0)
        glyphs.append(
            Glyph(character, Box(left, middle - em / 2, right, middle + em / 2), em, filled_in=True)
        )
        left = right
    return glyphs
