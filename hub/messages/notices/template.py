"""Notice templates: TOML files that say how a kind is recognised and where its fields stand."""

import functools
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
    "sender", "section", "issue_date", "due_date", "amount_yen", "tel", "period",
)  # fmt: skip
COMMON: Final = "common"
MILLIMETRE: Final = 72 / 25.4
LONGEST_PATTERN: Final = 500
REPEATS: Final = 4
"""So often may a pattern say "any number of": more could take for ever on one line."""
OPTIONS: Final = 8
"""So many question marks, for the same reason."""
REPEATED_GROUP: Final = re.compile(r"\)\s*[*+{]")
REPEAT: Final = re.compile(r"[*+]|\{[0-9]*,[0-9]*\}")
OPTION: Final = re.compile(r"(?<!\()\?")
CHOICES: Final = 8
"""So many groups, which may hold alternatives, for the same reason."""
ESCAPED: Final = re.compile(r"\\.", re.DOTALL)
SPREAD_OUT: Final = re.compile(r"\(\?[a-wyzA-Z]*x|\(\?#")
"""Comments, and patterns that say white space means nothing: both hide what stands together."""


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
    PERIOD = "period"
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
    """How one field is found: in a zone, else below a heading of a table, else by label.

    labels_only: its labels alone count; without it a letter's address block comes first, and what
    a letter says without naming it last.
    """

    type: ValueType
    labels: tuple[str, ...] = ()
    zone: Zone | None = None
    column: str | None = None
    labels_only: bool = False

    @property
    def by_itself(self) -> bool:
        """Whether the value may also be found where neither label nor place leads to it."""
        return self.zone is None and self.column is None and not self.labels_only


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
    return together({} if own is None else texts_in(own))


def together(own: Mapping[str, str]) -> tuple[Template, ...]:
    """The office's own templates (TOML by name) and the built-in ones, in the order of trying.

    Own ones come first and replace a built-in one of their name; one named `common` changes what
    holds for all. TemplateError names the template and what is wrong in it.
    """
    shared = read_toml(COMMON, built_in()[COMMON])
    if COMMON in own:
        shared = _merged(shared, read_toml(COMMON, own[COMMON]))
    found = {
        name: parse(name, _merged(shared, read_toml(name, text)))
        for name, text in {**own, **{n: t for n, t in built_in().items() if n not in own}}.items()
        if name != COMMON
    }
    return tuple(sorted(found.values(), key=lambda template: template.last))


def alone(name: str, text: str) -> Template:
    """One template out of its TOML, with what holds for all; TemplateError when it is wrong."""
    return parse(name, _merged(read_toml(COMMON, built_in()[COMMON]), read_toml(name, text)))


@functools.cache
def built_in() -> Mapping[str, str]:
    """The TOML of the built-in templates by name, `common` among them."""
    return texts_in(Path(str(files("hub.messages.notices") / "templates")))


def texts_in(folder: Path) -> dict[str, str]:
    """The TOML files of a folder by their names without `.toml`; TemplateError when unreadable."""
    try:
        return {
            path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))
        }
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"the templates in {folder} cannot be read: {error}") from error


def parse(name: str, table: Mapping[str, Any]) -> Template:
    """A template from its table; TemplateError names what is wrong."""
    try:
        rules = cast("Mapping[str, Mapping[str, Any]]", table.get("fields", {}))
        template = Template(
            name=name,
            kind=str(table["kind"]),
            title=_pattern(table["title"]),
            anchors=_texts(table.get("anchors", ())),
            required=_texts(table.get("required", ())),
            fields={key: _rule(rule) for key, rule in rules.items()},
            last=bool(table.get("last", False)),
            continues=None if "continues" not in table else _pattern(table["continues"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, re.error) as error:
        raise TemplateError(f"template {name}: {error}; see docs/templates.md") from error
    unknown = {*template.fields, *template.required} - set(FIELD_NAMES)
    if unknown:
        raise TemplateError(f"template {name} names unknown fields: {', '.join(sorted(unknown))}")
    return template


def with_rule(template: Template, name: str, rule: FieldRule) -> Template:
    """The template with one field found in another way."""
    return replace(template, fields={**template.fields, name: rule})


def _pattern(value: object) -> re.Pattern[str]:
    """A pattern that answers quickly on any line."""
    text = str(value)
    if len(text) > LONGEST_PATTERN:
        raise ValueError("a pattern is too long")
    signs = ESCAPED.sub("_", text)
    if REPEATED_GROUP.search(signs) or len(REPEAT.findall(signs)) > REPEATS:
        raise ValueError(f"a pattern repeats a group, or says more than {REPEATS} times * or +")
    if len(OPTION.findall(signs)) > OPTIONS:
        raise ValueError(f"a pattern says more than {OPTIONS} times ?")
    if signs.count("(") > CHOICES:
        raise ValueError(f"a pattern has more than {CHOICES} groups")
    if SPREAD_OUT.search(signs):
        raise ValueError("a pattern has a comment or leaves white space out; write it without")
    return re.compile(text)


def _rule(table: Mapping[str, Any]) -> FieldRule:
    zone = table.get("zone_mm")
    return FieldRule(
        type=ValueType(table["type"]),
        labels=_texts(table.get("labels", ())),
        zone=None if zone is None else _zone(zone),
        column=None if table.get("column") is None else str(table["column"]),
        labels_only=bool(table.get("labels_only", False)),
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
    rules = own.get("fields", {})
    known = cast("Mapping[str, Any]", rules) if isinstance(rules, Mapping) else {"fields": rules}
    return {**common, **own, "fields": {**common.get("fields", {}), **known}}


def read_toml(name: str, text: str) -> dict[str, Any]:
    """The TOML of a template as a table; TemplateError when it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"template {name} is not TOML: {error}") from error
