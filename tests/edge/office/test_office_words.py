"""What the office says is believed with its signature only, and survives a restart."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from edge import unit as units
from edge.errors import UntrustedMessageError
from edge.office.kept_words import KeptWords
from edge.office.office_words import OfficeWords
from edge.office.witness import Alarm
from edge.unit_clock import UnitClock
from intake.event.downward import DownwardKind
from intake.event.receipt import ReceiptStatus
from intake.office import glyphs
from tests.edge.a_unit import make_office
from tests.edge.enrolment import OfficeDouble, digest, now_us
from tests.intake.office.glyph_sets import glyph_set

Make = Callable[[], OfficeWords]


@pytest.fixture
def office(tmp_path: Path) -> OfficeDouble:
    return make_office(tmp_path)


@pytest.fixture
def make(tmp_path: Path, office: OfficeDouble) -> Make:
    assert office.anchor
    unit = units.load(tmp_path / "identity")
    return lambda: OfficeWords(unit, UnitClock(), KeptWords(tmp_path / "office"))


def test_keys_and_roster_are_held_over_a_restart(make: Make, office: OfficeDouble) -> None:
    words = make()
    words.take_keys(office.keys())
    words.take_roster(office.roster())
    again = make()
    assert again.keyset == words.keyset
    assert again.roster == words.roster


def test_a_roster_that_comes_before_the_keys_waits_for_them(
    make: Make, office: OfficeDouble
) -> None:
    words = make()
    words.take_roster(office.roster())
    words.take_checkpoint(office.checkpoint())
    assert words.roster is None
    words.take_keys(office.keys())
    assert words.roster is not None
    assert words.witness.held is not None


def test_a_roster_of_a_later_key_waits_for_the_newer_keys(make: Make, office: OfficeDouble) -> None:
    words = make()
    words.take_keys(office.keys())
    office.rotate()
    with pytest.raises(UntrustedMessageError):
        words.take_roster(office.roster())
    words.take_keys(office.keys())
    assert words.roster is not None


def test_a_key_set_of_another_anchor_or_an_older_one_is_left_aside(
    make: Make, office: OfficeDouble
) -> None:
    words = make()
    stranger = OfficeDouble()
    with pytest.raises(UntrustedMessageError):
        words.take_keys(stranger.keys())
    old = office.keys()
    office.rotate()
    words.take_keys(office.keys())
    with pytest.raises(UntrustedMessageError, match="older"):
        words.take_keys(old)


def test_an_older_roster_is_left_aside_after_a_restart_too(
    make: Make, office: OfficeDouble
) -> None:
    words = make()
    words.take_keys(office.keys())
    old = office.roster()
    words.take_roster(office.roster())
    with pytest.raises(UntrustedMessageError, match="older"):
        make().take_roster(old)


def test_a_receipt_is_bound_to_the_row(make: Make, office: OfficeDouble) -> None:
    words = make()
    words.take_keys(office.keys())
    receipt = office.quarantine(digest(b"sent"), "garbled")
    found = words.take_receipt(receipt, b"i" * 32, digest(b"sent"))
    assert found.status is ReceiptStatus.QUARANTINED
    with pytest.raises(UntrustedMessageError, match="other bytes"):
        words.take_receipt(receipt, b"i" * 32, digest(b"other"))


def test_an_alarm_survives_a_restart(make: Make, office: OfficeDouble) -> None:
    words = make()
    words.take_keys(office.keys())
    office.log.leaves += [b"a" * 32, b"b" * 32]
    words.take_checkpoint(office.checkpoint())
    words.take_checkpoint(office.checkpoint(size=1, time_us=now_us() + 1))
    assert words.witness.alarm is Alarm.SHRANK
    assert make().witness.alarm is Alarm.SHRANK


def test_a_message_for_another_unit_or_of_before_is_left_aside(
    make: Make, office: OfficeDouble
) -> None:
    words = make()
    words.take_keys(office.keys())
    first = office.downward(DownwardKind.DECISION, b"one")
    second = office.downward(DownwardKind.DECISION, b"two")
    assert words.open_body(second, DownwardKind.DECISION) == b"two"
    with pytest.raises(UntrustedMessageError, match="older"):
        words.open_body(first, DownwardKind.DECISION)
    office.unit_encryption = OfficeDouble().unit_encryption
    with pytest.raises(UntrustedMessageError):
        words.open_body(office.downward(DownwardKind.DECISION, b"x"), DownwardKind.DECISION)


def test_a_revoked_key_is_not_believed_again(make: Make, office: OfficeDouble) -> None:
    words = make()
    words.take_keys(office.keys())
    words.take_roster(office.roster())
    office.rotate()
    words.take_keys(office.keys())
    again = make()
    assert again.roster is None, "its key is gone from the set"
    assert again.keyset is not None
    assert replace(again.keyset, version=1) == replace(office.keyset(), version=1)


def test_characters_are_held_over_a_restart_and_never_go_back(
    make: Make, office: OfficeDouble
) -> None:
    first, second = (office.downward(DownwardKind.GLYPHS, glyph_bytes(n)) for n in (1, 2))
    words = make()
    words.take_keys(office.keys())
    words.take_glyphs(second)
    for held in (words, make()):
        assert held.glyphs is not None
        assert held.glyphs.version == 2
        with pytest.raises(UntrustedMessageError, match="older"):
            held.take_glyphs(first)
        held.take_glyphs(second)  # a retained message comes at every connection
        assert held.glyphs.version == 2


def test_characters_that_come_before_the_keys_wait_for_them(
    make: Make, office: OfficeDouble
) -> None:
    words = make()
    words.take_glyphs(office.downward(DownwardKind.GLYPHS, glyph_bytes(1)))
    assert words.glyphs is None
    words.take_keys(office.keys())
    assert words.glyphs is not None


def test_forged_foreign_and_garbled_characters_change_nothing(
    make: Make, office: OfficeDouble
) -> None:
    words = make()
    words.take_keys(office.keys())
    good = office.downward(DownwardKind.GLYPHS, glyph_bytes(1))
    words.take_glyphs(good)  # the control: the same bytes with their signature are believed
    foreign = glyphs.encode(replace(glyphs.decode(glyph_bytes(9)), office="131024"))
    for wrong in (
        good[:-1] + bytes([good[-1] ^ 1]),
        OfficeDouble().downward(DownwardKind.GLYPHS, glyph_bytes(9)),
        office.downward(DownwardKind.RULES, glyph_bytes(9)),
        office.downward(DownwardKind.GLYPHS, foreign),
        office.downward(DownwardKind.GLYPHS, b"garbage"),
        b"",
    ):
        with pytest.raises(UntrustedMessageError):
            words.take_glyphs(wrong)
    assert words.glyphs is not None
    assert words.glyphs.version == 1
    again = make()
    assert again.glyphs == words.glyphs


def test_a_damaged_file_of_characters_does_not_cost_the_other_words(
    make: Make, office: OfficeDouble, tmp_path: Path
) -> None:
    words = make()
    words.take_keys(office.keys())
    words.take_roster(office.roster())
    words.take_checkpoint(office.checkpoint())
    words.take_glyphs(office.downward(DownwardKind.GLYPHS, glyph_bytes(1)))
    (tmp_path / "office" / "glyphs").write_bytes(b"garbage")
    again = make()
    assert again.glyphs is None
    assert again.roster == words.roster
    assert again.witness.held == words.witness.held


def glyph_bytes(version: int) -> bytes:
    return glyphs.encode(glyph_set(version=version))
