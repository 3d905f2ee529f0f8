"""The catalogues say the same in every language, and say everything that is asked of them."""

import re
from pathlib import Path

import pytest

from edge import errors
from edge.office.witness import Alarm
from edge.pages.catalogue import LANGUAGES, catalogue
from edge.pages.page import STATUS
from intake.notification import Procedure, Source

TEMPLATES = Path(__file__).parents[3] / "edge" / "templates"
JA = catalogue("ja")


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_and_places_for_values_are_the_same(language: str) -> None:
    other = catalogue(language)
    assert other.names() == JA.names()
    for key in JA.names():
        places = re.findall(r"\{\w*\}", JA.sentence(key))
        assert sorted(re.findall(r"\{\w*\}", other.sentence(key))) == sorted(places), key


def test_every_key_that_a_template_names_is_there() -> None:
    for path in TEMPLATES.glob("*.html"):
        for key in re.findall(r"""\bt\(["']([a-z_.]+)["'][,)]""", path.read_text()):
            assert key in JA.names(), f"{path.name}: {key}"


def test_every_code_of_an_error_has_its_sentence() -> None:
    codes = {
        found.default_code
        for found in vars(errors).values()
        if isinstance(found, type) and issubclass(found, errors.EdgeError)
    }
    for code in codes | set(STATUS):
        assert f"error.{code}" in JA.names(), code
    assert JA.error("never heard of") == JA.text("error.internal")


def test_every_procedure_source_and_alarm_has_its_word() -> None:
    for prefix, values in (("procedure", Procedure), ("source", Source), ("alarm", Alarm)):
        for value in values:
            assert f"{prefix}.{value}" in JA.names()


def test_another_language_is_japanese() -> None:
    assert catalogue("xx").language == "ja"
