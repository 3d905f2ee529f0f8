"""`docs/protocol.md` names every topic, reason, content type, part and limit that the code has."""

from __future__ import annotations

from pathlib import Path

from intake.event import envelope, manifest, parts, topics
from intake.event.manifest import PartName
from intake.event.quarantine import QuarantineReason
from intake.event.signing import ContentType
from intake.event.topics import All, Down, Up
from intake.event.upward import AskKind
from intake.office import environment

PAGE = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text(encoding="utf-8")
ROWS = {line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| `")}


def test_every_topic_has_a_row_and_every_row_is_a_topic() -> None:
    made = {topics.up("131016", "dev", channel) for channel in Up}
    made |= {topics.down("131016", "dev", channel) for channel in Down}
    made |= {topics.everyone("131016", channel) for channel in All}
    written = {row.strip("`") for row in ROWS if row.startswith("`madoguchi/")}
    filled = {row.replace("<office>", "131016").replace("<device>", "dev") for row in written}
    assert filled == made


def test_every_reason_and_part_has_a_row() -> None:
    for name in (*QuarantineReason, *PartName):
        assert f"`{name}`" in ROWS, name


def test_every_content_type_stands_in_the_table() -> None:
    for content_type in ContentType:
        assert f"`{content_type.removeprefix('application/madoguchi-')}`" in PAGE, content_type


def test_limits_and_names_are_those_of_the_code() -> None:
    for number in (envelope.LIMIT, manifest.LIMIT, parts.CONTENT_LIMIT):
        assert f"{number:,} bytes" in PAGE
    assert environment.OID.dotted_string in PAGE
    for kind in AskKind:
        assert f"`{kind}`" in PAGE
