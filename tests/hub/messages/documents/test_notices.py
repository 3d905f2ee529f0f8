"""Every sample notice: its lines in order, its tables, what is hidden, and what is warned of."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from hub.messages.documents.result import Reading, WarningCode, to_json
from tests.hub.messages.samples import (
    NOTICES,
    expected_lines,
    in_process,
    manifest,
    notice,
    squashed,
)

READABLE = [
    name
    for name, document in manifest().items()
    if document["expect"]["open"] == "ok" and not document["expect"]["needs_ocr"]
]
MORE_THAN_THE_MANIFEST = {"scn-01-image-only": {"scan"}}
ACROSS_COLUMNS = {"lo-06-two-columns": 1}
"""Lines that a column's end cuts where a sentence ends: nothing shows that they go on."""


def lines(reading: Reading) -> list[str]:
    return [squashed(line.text) for page in reading.pages for line in page.lines]


def rows(tables: Iterable[Iterable[Iterable[str]]]) -> Iterator[tuple[str, ...]]:
    for table in tables:
        for row in table:
            yield tuple(squashed(cell) for cell in row)


@pytest.mark.parametrize("name", list(manifest()))
def test_opening_and_warnings_are_as_the_manifest_says(name: str) -> None:
    expected = manifest()[name]["expect"]
    reading = notice(f"{name}.pdf")
    assert reading.opened.value in expected["open"].split("-or-partial")
    found = {warning.code.value for warning in reading.warnings}
    assert found == {*expected["warnings"], *MORE_THAN_THE_MANIFEST.get(name, ())}


@pytest.mark.parametrize("name", READABLE)
def test_every_line_is_found_in_reading_order(name: str) -> None:
    reading = notice(f"{name}.pdf")
    found, expected = lines(reading), expected_lines(name)
    missing = [line for line in expected if line not in found]
    assert len(missing) == ACROSS_COLUMNS.get(name, 0), missing
    if name != "scn-02-hidden-ocr-layer":
        assert "".join(found) == "".join(expected)


@pytest.mark.parametrize("name", [n for n in READABLE if manifest()[n]["tables"]])
def test_every_row_of_every_table_is_found(name: str) -> None:
    found = set(rows(table.rows for page in notice(f"{name}.pdf").pages for table in page.tables))
    assert [row for row in rows(manifest()[name]["tables"]) if row not in found] == []


@pytest.mark.parametrize("name", [p.stem for p in NOTICES.glob("*.docx")])
def test_word_documents_read_as_they_were_written(name: str) -> None:
    reading = notice(f"{name}.docx")
    assert lines(reading) == expected_lines(name)
    found = list(rows(table.rows for page in reading.pages for table in page.tables))
    assert found == list(rows(manifest()[name]["tables"]))


def test_hidden_text_stands_apart_and_not_in_the_body() -> None:
    reading = notice("hid-01-hidden-text.pdf")
    hidden = [line.text for page in reading.pages for line in page.hidden]
    assert sorted(hidden) == sorted(manifest()["hid-01-hidden-text"]["expect"]["hidden"])
    assert "999999999999999" not in reading.pages[0].text
    (warning,) = reading.warnings
    assert (warning.code, warning.page) == (WarningCode.HIDDEN_TEXT, 1)
    assert warning.box is not None


def test_running_lines_stand_apart_on_every_page() -> None:
    expected = manifest()["lo-04-multipage"]["expect"]
    for page in notice("lo-04-multipage.pdf").pages:
        assert [line.text for line in page.header] == [expected["header"]]
        assert [line.text for line in page.footer] == [expected["footer"]]


def test_readings_of_characters_stand_apart() -> None:
    found = {line.text for page in notice("ch-05-ruby.pdf").pages for line in page.ruby}
    assert found
    assert found <= set(manifest()["ch-05-ruby"]["expect"]["ruby"])


def test_form_values_are_named_and_stand_where_the_page_shows_them() -> None:
    reading = notice("rl-07-acroform.pdf")
    assert reading.form == manifest()["rl-07-acroform"]["expect"]["form_values"]
    assert "氏名\t齋藤　美穂" in [line.text for line in reading.pages[0].lines]


@pytest.mark.parametrize(("name", "character"), [("lo-02-ivs-name", "祇󠄀"), ("ch-04-ivs", "邉󠄂")])
def test_variation_selectors_survive(name: str, character: str) -> None:
    assert character in notice(f"{name}.pdf").pages[0].text


def test_a_password_opens_and_a_wrong_one_does_not() -> None:
    data = (NOTICES / "enc-02-user-password.pdf").read_bytes()
    password = manifest()["enc-02-user-password"]["expect"]["password"]
    assert in_process(data).error == "password-needed"
    assert in_process(data, "x").error == "password-wrong"
    opened = in_process(data, password)
    assert opened.opened == "ok"
    assert WarningCode.ENCRYPTED in opened.codes()


def test_json_has_the_documented_form() -> None:
    found: Any = to_json(notice("lo-01-table.pdf"))
    assert set(found) == {"open", "pages", "form", "warnings", "error"}
    page = found["pages"][0]
    assert {"text", "lines", "tables", "header", "footer", "ruby", "hidden"} <= set(page)
    assert page["text"] == "\n".join(page["lines"])
    assert len(page["boxes"]["lines"]) == len(page["lines"])
