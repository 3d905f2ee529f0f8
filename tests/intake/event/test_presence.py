from __future__ import annotations

from dataclasses import replace

import pytest

from intake import canonical
from intake.errors import DecodeError, UnknownVersionError
from intake.event.presence import (
    Health,
    Presence,
    UnitState,
    decode_health,
    decode_presence,
    encode_health,
    encode_presence,
)
from tests.intake.event.samples import BOOT, NOW

HEALTH = Health(
    boot_id=BOOT,
    time_us=NOW,
    waiting=3,
    oldest_us=NOW - 5,
    quarantined=0,
    free_bytes=10**10,
    clock_uncertainty_us=1500,
    keyset_version=7,
    roster_version=2,
    tablet=True,
    card_reader=False,
    software={"madoguchi": "0.1.0"},
)


@pytest.mark.parametrize("state", list(UnitState))
def test_the_state_is_read_back(state: UnitState) -> None:
    presence = Presence(state, BOOT, NOW)
    assert decode_presence(encode_presence(presence)) == presence


def test_health_is_read_back() -> None:
    unknown = replace(HEALTH, oldest_us=None, clock_uncertainty_us=None, software={})
    for health in (HEALTH, unknown):
        assert decode_health(encode_health(health)) == health


def test_other_forms_are_refused() -> None:
    for value in ({**vars(HEALTH), "v": 1, "resident": "x"}, {**vars(HEALTH), "v": 1, "tablet": 1}):
        with pytest.raises(DecodeError):
            decode_health(canonical.encode(value))
    with pytest.raises(DecodeError):
        decode_presence(b"online")
    with pytest.raises(UnknownVersionError):
        decode_presence(canonical.encode({"v": 2}))
    with pytest.raises(DecodeError):
        encode_health(replace(HEALTH, waiting=-1))
