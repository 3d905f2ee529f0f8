"""A thousand cards on and off: the reader layer holds no more at the end than at the beginning."""

import pytest

from tests.system.card.running_bench import Bench

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
CYCLES, WARM_UP = 1_000, 50
GROWTH_KIB = 2_048


def test_a_thousand_cards_on_and_off_without_growth(bench: Bench):
    bench.insert("head_of_household")
    before = bench.do("footprint")
    for cycle in range(CYCLES):
        assert bench.order("remove")["reader"] == "empty"
        bench.insert("head_of_household")
        if cycle % 10 == 0:
            assert bench.do("read")["code"] == "ok"
        if cycle == WARM_UP:
            before = bench.do("footprint")
    after = bench.do("footprint")
    assert after["files"] <= before["files"] + 1
    assert after["threads"] <= before["threads"] + 1
    assert after["resident_kib"] - before["resident_kib"] < GROWTH_KIB
