"""Writes what is derived from the field and rule tables: schema and tables in the documents.

Run from the repository root: `python -m tests.intake.notification.tables`; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from intake.notification import Procedure, Source
from intake.notification.fields import FIELDS, FieldSpec, FieldType, Level
from intake.notification.rules import RULES, Rule, sentences

REPOSITORY = Path(__file__).parents[3]
SCHEMA = REPOSITORY / "intake" / "schema" / "notification.cddl"
DOCUMENT = REPOSITORY / "docs" / "notification.md"

_CDDL_TYPES = {
    FieldType.TEXT: "text",
    FieldType.CODE: "code",
    FieldType.FLAG: "bool",
    FieldType.DATE: "date",
    FieldType.BIRTH_DATE: "birth-date",
    FieldType.NAME: "name-text",
    FieldType.ADDRESS: "address",
    FieldType.IDENTITY_PROOF: "identity-proof",
    FieldType.TRANSFER_CERTIFICATE: "transfer-certificate",
    FieldType.SIGNATURE: "signature",
}

_SCHEMA = """\
; A notification (intake/notification) as deterministic CBOR (RFC 8949 section 4.2.1).
; Written by tests/intake/notification/tables.py from the field table; do not edit by hand.

notification = {{
  v: 1,
  notification_id: uuid,
  procedure: {procedures},
  fields: notification-fields,
  persons: [0*50 person],              ; ids differ
  ? entered_by: [1*100 token]          ; staff ids, sorted, each once
}}

person = {{ person_id: token, fields: person-fields }}

notification-fields = {{
{notification}
}}

person-fields = {{
{person}
}}

; A value with its source and every value it replaced, oldest first.
field<value> = [value: value, source: source, history: [0*200 change<value>]]
change<value> = [old_value: value, old_source: source, who: token, when_us: uint, why: text]

source = {sources}

text = tstr                             ; 1 to 500 characters, never normalised
code = tstr .regexp "[0-9A-Za-z]{{1,32}}"
date = tstr .regexp "[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
birth-date = tstr .regexp "[0-9]{{4}}(-[0-9]{{2}}(-[0-9]{{2}})?)?"   ; month or day may be unknown
word = tstr .regexp "[a-z][a-z0-9_]{{0,31}}"
token = tstr .regexp "[a-z0-9][a-z0-9_.-]{{0,31}}"
uuid = tstr .regexp "[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}"

name-text = [1*200 character]
character = [repertoire: repertoire, id: tstr, text: tstr]
repertoire = tstr .regexp "mj|ucs|mj[+]|unresolved|office:[0-9]{{6}}"

address = [lg_code: tstr .regexp "([0-9]{{6}})?", prefecture_city: tstr, town: tstr, lot: tstr,
           building: tstr, town_id: tstr]
identity-proof = [method: word, outcome: word, documents: [0*8 word]]
transfer-certificate = [kind: word, issued_on: date / null, planned_move_on: date / null]
signature = [ink_sha256: bstr .size 32, content_sha256: bstr .size 32]

; What a signature is written under: SHA-256 of this, statements only (docs/notification.md).
signed-content = {{
  notification_id: uuid,
  procedure: tstr,
  fields: {{ * tstr => any }},
  persons: [* [person_id: token, {{ * tstr => any }}]]
}}

; Content of the part individual_number.
individual-numbers = {{ v: 1, notification_id: uuid, numbers: {{ 1*50 token => tstr .size 12 }} }}
"""


def schema() -> str:
    """Give the CDDL of a notification."""
    return _SCHEMA.format(
        procedures=_words(tuple(Procedure)),
        sources=_words(tuple(Source)),
        notification=_fields(Level.NOTIFICATION),
        person=_fields(Level.PERSON),
    )


def _fields(level: Level) -> str:
    lines = [
        f"  ? {spec.name}: field<{_type(spec)}>," for spec in FIELDS.values() if spec.level == level
    ]
    return "\n".join(lines)


def _type(spec: FieldSpec) -> str:
    return f"({_words(tuple(spec.choices))})" if spec.choices else _CDDL_TYPES[spec.type]


def _words(words: tuple[str, ...]) -> str:
    return " / ".join(f'"{word}"' for word in words)


def field_table() -> str:
    """Give the field table in Markdown."""
    head = "| field | level | type | 日本語 | English | stated |\n|---|---|---|---|---|---|"
    rows = [
        f"| `{s.name}` | {s.level} | {s.type} | {s.label_ja} | {s.label_en} | "
        f"{'yes' if s.stated else 'staff'} |"
        for s in FIELDS.values()
    ]
    return "\n".join([head, *rows])


def rule_table() -> str:
    """Give the rule table in Markdown."""
    head = "| rule | procedures | severity | needs | article | says |\n|---|---|---|---|---|---|"
    return "\n".join([head, *map(_rule_row, RULES)])


def _rule_row(rule: Rule) -> str:
    procedures = "all" if len(rule.procedures) == len(Procedure) else _joined(rule.procedures)
    cells = (
        f"`{rule.rule_id}`",
        procedures,
        str(rule.severity),
        _joined(rule.needs) or "-",
        rule.article or "-",
        sentences.title(rule.rule_id, "ja") + " / " + sentences.title(rule.rule_id, "en"),
    )
    return "| " + " | ".join(cells) + " |"


def _joined(words: frozenset[Procedure] | frozenset[str]) -> str:
    return ", ".join(sorted(str(word) for word in words))


def with_tables(document: str) -> str:
    """Give a document with the text between its table marks replaced."""
    for name, table in (("fields", field_table()), ("rules", rule_table())):
        begin, end = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
        before, rest = document.split(begin)
        document = before + begin + table + end + rest.split(end)[1]
    return document


def main() -> None:
    """Rewrite schema and document."""
    SCHEMA.write_text(schema(), encoding="utf-8")
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
