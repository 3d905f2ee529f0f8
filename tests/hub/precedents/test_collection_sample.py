"""The sample handbook is importable, marked as a sample, and names the articles it cites."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "hub" / "precedents" / "collection_sample"
STATUTE_ROW = {
    "law",
    "law_id",
    "article",
    "num",
    "caption",
    "path",
    "paragraphs",
    "text",
    "last_amended_by",
    "snapshot",
}


def rows() -> list[dict[str, Any]]:
    lines = (FOLDER / "handbook.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_there_are_enough_entries_in_every_chapter() -> None:
    entries = rows()
    assert len(entries) >= 64
    chapters = Counter(entry["path"][0] for entry in entries)
    assert len(chapters) == 8
    assert min(chapters.values()) >= 5


def test_rows_have_the_fields_of_a_statute_row() -> None:
    entries = rows()
    for entry in entries:
        assert set(entry) >= STATUTE_ROW, entry["num"]
        assert entry["text"] == "\n".join(entry["paragraphs"])
        assert 80 <= len(entry["text"]) <= 250, entry["num"]
    assert [entry["num"] for entry in entries] == [str(n) for n in range(1, len(entries) + 1)]
    assert len({entry["caption"] for entry in entries}) == len(entries)


def test_every_row_says_that_it_is_a_sample() -> None:
    for entry in rows():
        assert entry["sample"] is True
        assert "見本" in entry["law"]
        assert "架空" in entry["issuer"]
    assert "sample material" in (FOLDER / "SOURCE.md").read_text(encoding="utf-8")


def test_the_articles_cited_stand_in_the_text() -> None:
    for entry in rows():
        assert entry["cites"], entry["num"]
        for cited in entry["cites"]:
            article, _, branch = cited["num"].partition("_")
            number = f"第{article}条の{branch}(?![0-9])" if branch else f"第{article}条(?!の[0-9])"
            assert re.search(number, entry["text"]), (entry["num"], number)


def test_every_article_in_the_text_is_listed() -> None:
    """A number in the text that `cites` forgets could not be followed as a link."""
    written = re.compile(r"第(\d+)条(?:の(\d+))?")
    for entry in rows():
        named = {"_".join(filter(None, found)) for found in written.findall(entry["text"])}
        assert named <= {cited["num"] for cited in entry["cites"]}, entry["num"]
