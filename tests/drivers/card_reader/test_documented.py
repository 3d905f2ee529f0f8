"""The pages about cards name every outcome, persona, fault, profile key and order that there is."""

import dataclasses
import re
from pathlib import Path

import pytest

from drivers.card_reader.outcomes import Outcome, OutcomeCode
from drivers.card_reader.profile_file import PROFILE_KEYS
from drivers.card_reader.simulated_card.persona import Faults, Persona, persona_names

DOCS = Path(__file__).parents[3] / "docs"
COUNTER = (DOCS / "cards.md").read_text(encoding="utf-8")
DRIVER = (DOCS / "card-driver.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ((?:`[a-z_0-9]+` ?)+)\|.*\| (\d) \|$", re.MULTILINE)
EXIT = {
    code: int(row[2]) for row in ROW.finditer(COUNTER) for code in row[1].replace("`", "").split()
}


def test_every_outcome_stands_in_the_table_with_its_exit_status():
    assert {code: Outcome(OutcomeCode(code)).exit_code for code in EXIT} == EXIT
    assert set(EXIT) == set(OutcomeCode)


@pytest.mark.parametrize(
    "name",
    [
        *persona_names(),
        *(field.name for field in dataclasses.fields(Faults)),
        *sorted({f.name for f in dataclasses.fields(Persona)} - {"title", "my_number_card"}),
        *sorted(PROFILE_KEYS),
    ],
)
def test_the_engineers_page_names_it(name: str):
    assert f"`{name}`" in DRIVER or f"`[{name}]`" in DRIVER
