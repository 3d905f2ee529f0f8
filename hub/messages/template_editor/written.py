"""A template's table and its TOML: what the editor changes, and how it is written down."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from hub.messages.notices.template import MILLIMETRE, FieldRule, ValueType, Zone

TableOf = dict[str, Any]
ORDER: Final = ("kind", "title", "anchors", "required", "last", "continues")


@dataclass(frozen=True)
class Recognition:
    """How a kind of notice is recognised, and what it needs."""

    kind: str
    title: str
    anchors: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    continues: str = ""


def as_toml(table: Mapping[str, Any]) -> str:
    """The template's TOML, the same for the same table."""
    lines = [f"{key} = {_value(table[key])}" for key in ORDER if key in table]
    fields = cast("Mapping[str, Mapping[str, Any]]", table.get("fields", {}))
    for name, rule in fields.items():
        lines += ["", f"[fields.{name}]", *(f"{key} = {_value(rule[key])}" for key in rule)]
    return "\n".join(lines) + "\n"


def recognised_by(table: Mapping[str, Any], how: Recognition) -> TableOf:
    """The table with another way of recognising its notices."""
    changed = {key: value for key, value in table.items() if key not in ORDER}
    changed |= {"kind": how.kind, "title": how.title}
    if how.anchors:
        changed["anchors"] = list(how.anchors)
    changed["required"] = list(how.required)
    if how.continues:
        changed["continues"] = how.continues
    return changed


def recognition(table: Mapping[str, Any]) -> Recognition:
    """What the table says now."""
    return Recognition(
        kind=str(table.get("kind", "")),
        title=str(table.get("title", "")),
        anchors=tuple(str(word) for word in table.get("anchors", ())),
        required=tuple(str(name) for name in table.get("required", ())),
        continues=str(table.get("continues", "")),
    )


def named(table: Mapping[str, Any], name: str, rule: FieldRule) -> TableOf:
    """The table with one more rule. A field named by labels twice is found by all of them."""
    fields: TableOf = dict(table.get("fields", {}))
    before = fields.get(name, {})
    labels = list(rule.labels)
    if labels and before.get("labels_only") and before.get("type") == rule.type.value:
        labels += [label for label in before.get("labels", ()) if label not in labels]
    fields[name] = _rule(rule, labels)
    return {**table, "fields": fields}


def without(table: Mapping[str, Any], name: str) -> TableOf:
    """The table without a field's own rule: what holds for every template holds again."""
    fields = {key: rule for key, rule in table.get("fields", {}).items() if key != name}
    return {**table, "fields": fields}


def _rule(rule: FieldRule, labels: Sequence[str]) -> TableOf:
    found: TableOf = {"type": rule.type.value}
    if rule.zone is not None:
        found["zone_mm"] = _millimetres(rule.zone)
    elif rule.column is not None:
        found["column"] = rule.column
    elif labels:
        found["labels"] = list(labels)
        found["labels_only"] = rule.labels_only
    return found


def _millimetres(zone: Zone) -> list[float]:
    edges = (zone.left, zone.top, zone.right, zone.bottom)
    return [zone.page, *(round(edge / MILLIMETRE, 1) for edge in edges)]


def _value(value: object) -> str:
    if isinstance(value, ValueType):
        return _value(value.value)
    if isinstance(value, str):
        # A string of JSON is one of TOML, but for the one control character that JSON leaves bare.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item) for item in cast('Sequence[object]', value))}]"
    return json.dumps(value)
