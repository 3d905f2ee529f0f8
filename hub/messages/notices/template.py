"""Notice templates: TOML files that say how a kind is recognised and where its fields stand."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast

from hub.errors import TemplateError

FIELD_NAMES: Final = (
    "atena_no", "name", "kana", "postal", "address", "building", "title", "kind", "doc_no",
    "sender", "section", "issue_date", "due_date", "amount_yen", "tel",
)  # fmt: skip
COMMON: Final = "common"
MILLIMETRE: Final = 72 / 25.4
LONGEST_PATTERN: Final = 500


class ValueType(StrEnum):
    """What a field holds, and so how it is read."""

    RESIDENT_NUMBER = "resident_number"
    NAME = "name"
    KANA = "kana"
    POSTAL = "postal"
    ADDRESS = "address"
    TEXT = "text"
    DOCUMENT_NUMBER = "document_number"
    SENDER = "sender"
    SECTION = "section"
    DATE = "date"
    YEN = "yen"
    TELEPHONE = "telephone"


@dataclass(frozen=True)
class Zone:
    """A rectangle on a page (from 1), in points from its upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class FieldRule:
    """How one field is found: by label, else in a zone, else below a heading of a table."""

    type: ValueType
    labels: tuple[str, ...] = ()
    zone: Zone | None = None
    column: str | None = None


@dataclass(frozen=True)
class Template:
    """One kind of notice.

    title: pattern searched in the title without white space; anchors: words that must all stand on
    the first page; required: fields without which nothing is sent; last: only when no other fits;
    continues: how a page begins that has no number and belongs to the page before it.
    """

    name: str
    kind: str
    title: re.Pattern[str]
    anchors: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    fields: Mapping[str, FieldRule] = field(default_factory=dict[str, FieldRule])
    last: bool = False
    continues: re.Pattern[str] | None = None


def load_all(own: Path | None = None) -> tuple[Template, ...]:
    """The built-in templates and the office's own (folder `own`), which win by their name.

    TemplateError names the file and what is wrong in it.
    """
    built_in = Path(str(files("hub.messages.notices") / "templates"))
    found: dict[str, Template] = {}
    common = _table(built_in / f"{COMMON}.toml")
    if own is not None and (own / f"{COMMON}.toml").is_file():
        common = _merged(common, _table(own / f"{COMMON}.toml"))
    for folder in (built_in, own):
        for path in sorted(folder.glob("*.toml")) if folder is not None else ():
            if path.stem != COMMON:
                found[path.stem] = parse(path.stem, _merged(common, _table(path)))
    return tuple(sorted(found.values(), key=lambda template: template.last))


def parse(name: str, table: Mapping[str, Any]) -> Template:
    """A template from its table; TemplateError names what is wrong."""
    try:
        pattern = str(table["title"])
        if len(pattern) > LONGEST_PATTERN:
            raise TemplateError(f"template {name}: the title's pattern is too long")
        rules = cast("Mapping[str, Mapping[str, Any]]", table.get("fields", {}))
        template = Template(
            name=name,
            kind=str(table["kind"]),
            title=re.compile(pattern),
            anchors=_texts(table.get("anchors", ())),
            required=_texts(table.get("required", ())),
            fields={key: _rule(rule) for key, rule in rules.items()},
            last=bool(table.get("last", False)),
            continues=None if "continues" not in table else re.compile(str(table["continues"])),
        )
    except (KeyError, ValueError, TypeError, re.error) as error:
        raise TemplateError(f"template {name}: {error}; see docs/templates.md") from error
    unknown = {*template.fields, *template.required} - set(FIELD_NAMES)
    if unknown:
        raise TemplateError(f"template {name} names unknown fields: {', '.join(sorted(unknown))}")
    return template


def with_rule(template: Template, name: str, rule: FieldRule) -> Template:
    """The template with one field found in another way."""
    return replace(template, fields={**template.fields, name: rule})


def _rule(table: Mapping[str, Any]) -> FieldRule:
    zone = table.get("zone_mm")
    return FieldRule(
        type=ValueType(table["type"]),
        labels=_texts(table.get("labels", ())),
        zone=None if zone is None else _zone(zone),
        column=None if table.get("column") is None else str(table["column"]),
    )


def _zone(values: Sequence[float]) -> Zone:
    """[page, left, top, right, bottom], millimetres from the upper left corner."""
    page, left, top, right, bottom = values
    if not (page >= 1 and left < right and top < bottom):
        raise ValueError("zone_mm is [page, left, top, right, bottom]")
    points = (value * MILLIMETRE for value in (left, top, right, bottom))
    return Zone(int(page), *points)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError("a list of texts was expected")
    return tuple(str(item) for item in cast("Sequence[object]", value))


def _merged(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    return {**common, **own, "fields": {**common.get("fields", {}), **own.get("fields", {})}}


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TemplateError(f"template {path.name} cannot be read: {error}") from error
