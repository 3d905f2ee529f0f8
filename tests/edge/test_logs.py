"""Logs are JSON lines, and what is not listed cannot get into them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from edge import logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    found = io.StringIO()
    logs.set_up("info", found)
    yield found
    root.handlers[:] = before
    root.setLevel(level)


def test_a_record_is_one_line_of_json_with_listed_fields_only(stream: io.StringIO) -> None:
    logging.getLogger("edge.test").info(
        "receipt", extra={"sequence": 7, "status": "journalled", "resident_name": "渡邉"}
    )
    (line,) = stream.getvalue().splitlines()
    record = json.loads(line)
    assert (record["message"], record["sequence"], record["level"]) == ("receipt", 7, "info")
    assert record["time"].endswith("Z")
    assert "渡邉" not in line
    assert "resident_name" not in record


def test_of_an_exception_only_type_and_place_are_logged(stream: io.StringIO) -> None:
    try:
        int("PIN 1234 of 渡邉")
    except ValueError:
        logging.getLogger("edge.test").exception("it failed")
    line = stream.getvalue()
    assert "1234" not in line
    assert "渡邉" not in line
    assert json.loads(line)["error_type"] == "ValueError"
    assert json.loads(line)["at"].startswith("test_logs.py:")
