"""Vectors, schema and documents are what the tables and codecs say today."""

from __future__ import annotations

import json
import re

import pytest

from intake.ink import name_drawings
from intake.ink.log import decode as decode_ink
from intake.ink.log import encode as encode_ink
from intake.notification import content_digest, decode, encode, individual_number
from intake.notification.fields import FIELDS
from tests.intake.notification import tables, vectors

FILES = vectors.files()


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_vector_is_unchanged(name: str) -> None:
    assert (vectors.GOLDEN / name).read_text("utf-8") == FILES[name]


def test_no_vector_is_left_over() -> None:
    kept = [
        p.name for kind in ("notification", "ink", "part") for p in vectors.GOLDEN.glob(f"{kind}-*")
    ]
    assert sorted(kept) == sorted(FILES)


@pytest.mark.parametrize("name", sorted(n for n in FILES if n.startswith("notification")))
def test_a_committed_notification_reads_back(name: str) -> None:
    vector = json.loads((vectors.GOLDEN / name).read_text("utf-8"))
    notification = decode(bytes.fromhex(vector["cbor"]))
    assert encode(notification).hex() == vector["cbor"]
    assert content_digest(notification).hex() == vector["content_sha256"]


@pytest.mark.parametrize("name", sorted(n for n in FILES if n.startswith("ink")))
def test_a_committed_log_reads_back(name: str) -> None:
    vector = json.loads((vectors.GOLDEN / name).read_text("utf-8"))
    ink = decode_ink(bytes.fromhex(vector["log"]))
    assert encode_ink(ink).hex() == vector["log"]
    assert decode_ink(bytes.fromhex(vector["streamed_in_blocks_of_64"])) == ink
    rows = [[int(getattr(s, column)) for column in vector["columns"]] for s in ink.samples]
    assert rows == vector["samples"]


def test_committed_parts_read_back() -> None:
    drawings = json.loads((vectors.GOLDEN / "part-name-ink.json").read_text("utf-8"))
    assert name_drawings.decode(bytes.fromhex(drawings["cbor"])) == vectors.DRAWINGS
    numbers = json.loads((vectors.GOLDEN / "part-individual-number.json").read_text("utf-8"))
    assert individual_number.decode(bytes.fromhex(numbers["cbor"])) == vectors.NUMBERS


def test_the_schema_is_written_from_the_field_table() -> None:
    assert tables.SCHEMA.read_text("utf-8") == tables.schema()


def test_the_document_has_the_tables_of_today() -> None:
    document = tables.DOCUMENT.read_text("utf-8")
    assert tables.with_tables(document) == document


def test_every_name_in_the_schema_is_defined() -> None:
    text = re.sub(r";[^\n]*|\"[^\"]*\"", "", tables.schema())
    defined = set(re.findall(r"^([a-z-]+)(?:<value>)? =", text, re.MULTILINE))
    used = set(re.findall(r"field<([a-z-]+)>|: ([a-z-]+)[,\]<\n /]|/ ([a-z-]+)", text))
    names = {name for group in used for name in group if name}
    assert names <= defined | {"tstr", "bstr", "uint", "bool", "null", "any", "value"}
    assert all(f"? {name}: field<" in text for name in FIELDS)
