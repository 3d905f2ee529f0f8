"""Names keep their exact characters; equality is repertoire and id."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.characters import Character, CharacterError, NameText

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_plain_text_comes_back_unchanged(text: str) -> None:
    name = NameText.from_plain(text)
    assert name.plain() == text
    assert NameText.from_plain(name.plain()) == name


def test_a_variation_selector_stays_with_its_base() -> None:
    name = NameText.from_plain("葛\U000e0100城\ufe00あ")
    assert [c.id for c in name] == ["U+845B U+E0100", "U+57CE U+FE00", "U+3042"]
    lone = NameText.from_plain("\ufe00葛\ufe00\ufe01")
    assert [c.id for c in lone] == ["U+FE00", "U+845B U+FE00", "U+FE01"]
    assert len(lone) == 3


@pytest.mark.parametrize(
    "pair", [("\ufa19", "\u795e"), ("\u304c", "\u304b\u3099"), ("\u00c5", "\u212b")]
)
def test_characters_that_normalisation_would_join_stay_apart(pair: tuple[str, str]) -> None:
    assert NameText.from_plain(pair[0]) != NameText.from_plain(pair[1])


def test_equality_is_repertoire_and_id() -> None:
    assert Character("mj", "MJ026191", "邉") == Character("mj", "MJ026191", "辺")
    assert Character("mj", "MJ026191", "邉") != Character("mj", "MJ026190", "邉")
    assert Character("office:131016", "G1", "邉") != Character("office:131024", "G1", "邉")
    assert len({Character("mj", "MJ026191", "邉"), Character("mj", "MJ026191", "x")}) == 1


def test_only_an_unresolved_character_blocks_a_certificate() -> None:
    known = NameText.of([Character.mj("MJ026191"), Character("office:131016", "G1", "〓")])
    assert not known.blocks_certificate
    waiting = NameText.of([*known, Character.unresolved("name_ink/0")])
    assert waiting.blocks_certificate
    assert waiting.plain() == known.plain() + "〓"


@pytest.mark.parametrize(
    ("repertoire", "identity", "text"),
    [
        ("mj", "mj026191", "邉"),
        ("mj", "MJ26191", "邉"),
        ("MJ", "MJ026191", "邉"),
        ("office:13101", "G1", "〓"),
        ("office:131016", "", "〓"),
        ("office:131016", "外字", "〓"),
        ("ucs", "U+3042", "い"),
        ("ucs", "U+3042", "あい"),
        ("unresolved", "", "〓"),
        ("gaiji", "1", "〓"),
        ("mj", "MJ026191", ""),
        ("mj", "MJ026191", "\ud800"),
        ("mj", "MJ026191", "x" * 9),
    ],
)
def test_characters_that_cannot_be(repertoire: str, identity: str, text: str) -> None:
    with pytest.raises(CharacterError):
        Character(repertoire, identity, text)


@pytest.mark.parametrize("text", ["", "あい", "\ufe00\ufe00", "\ud800"])
def test_a_ucs_character_is_one_code_point_or_a_sequence(text: str) -> None:
    with pytest.raises(CharacterError):
        Character.ucs(text)
