"""kill -9 at every step of delivery: nothing lost, nothing doubled, what is unknown is shown.

The controls take one guarantee away each; the same batch must then show a double.
"""

from pathlib import Path

import pytest

from tests.system.delivery.killing import STEPS, deliver

pytestmark = pytest.mark.system


@pytest.mark.timeout(120)
def test_nothing_is_lost_or_doubled(tmp_path: Path):
    result = deliver(tmp_path, messages=60, kills=2 * len(STEPS))
    assert (result.lost, result.doubled) == (frozenset(), frozenset())
    assert result.kills == 2 * len(STEPS)


@pytest.mark.timeout(120)
def test_the_control_without_writing_ahead_doubles(tmp_path: Path):
    result = deliver(
        tmp_path, messages=30, kills=4, steps=("called",), hasty=True, ways=("courier",)
    )
    assert result.doubled


@pytest.mark.timeout(120)
def test_the_control_without_keys_doubles(tmp_path: Path):
    result = deliver(
        tmp_path, messages=30, kills=4, steps=("called",), keyless=True, ways=("mynaportal",)
    )
    assert result.doubled


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_two_hundred_kills_over_five_hundred(tmp_path: Path):
    result = deliver(tmp_path, messages=500, kills=200, pace=1)
    print(result)  # noqa: T201 - the figures that a soak is run for
    assert (result.lost, result.doubled) == (frozenset(), frozenset())
    assert result.kills == 200
