"""Two slots are two readers: each is read by its name, and neither stands in the other's way."""

import json
import time
from typing import Any

import pytest

from tests.system.card.running_bench import Bench

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]
FIRST, SECOND = "Madoguchi virtual reader 00 00", "Madoguchi virtual reader 00 01"


def read(bench: Bench, reader: str) -> dict[str, Any]:
    words = ["card", "read", "--reader", reader, "--trust", bench.do("trust")["folder"], "--json"]
    answer = bench.do("command", arguments=[*words, "--environment", "demo"])
    return json.loads(answer["out"])


def test_each_of_two_readers_is_read_by_its_name(bench: Bench):
    bench.insert("head_of_household")
    assert bench.order("insert_second", persona="blocked")["ok"]
    assert read(bench, SECOND)["tries_left"]["auth"] == 0
    assert read(bench, FIRST)["tries_left"]["auth"] == 3
    bench.do("hold")  # the first is taken; the second is not
    assert read(bench, FIRST)["outcome"] == "reader_busy"
    assert read(bench, SECOND)["outcome"] == "ok"
    bench.do("release")
    assert bench.order("remove_second")["ok"]
    deadline = time.monotonic() + 5
    while read(bench, SECOND)["outcome"] != "no_card":
        assert time.monotonic() < deadline
    assert read(bench, FIRST)["outcome"] == "ok"
    assert read(bench, "Some other reader")["outcome"] == "no_reader"
