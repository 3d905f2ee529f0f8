"""One demo authority and its anchors for all tests of the room: keys take a third of a second."""

import datetime as dt
import itertools
from collections.abc import Callable

import pytest

from drivers.card_reader.simulated_card.card import SimulatedCard
from drivers.card_reader.simulated_card.connection import InProcessReader, make_card
from drivers.card_reader.simulated_card.demo_pki import DemoPki, make_pki, new_key
from drivers.card_reader.simulated_card.issue import KeyMaker
from drivers.card_reader.simulated_card.persona import Persona, load_persona
from intake.certificates.anchors import AnchorSet, make_anchor_set
from intake.office.environment import Environment

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def pki() -> DemoPki:
    return make_pki(NOW)


@pytest.fixture(scope="session")
def anchors(pki: DemoPki) -> AnchorSet:
    return make_anchor_set(pki.anchors(), environment=Environment.DEMO)


@pytest.fixture(scope="session")
def key_pool() -> KeyMaker:
    """Eight keys in turn: a card never holds the same one twice."""
    return itertools.cycle([new_key() for _ in range(8)]).__next__


@pytest.fixture
def card_of(pki: DemoPki, key_pool: KeyMaker) -> Callable[[str | Persona], SimulatedCard]:
    def make(persona: str | Persona) -> SimulatedCard:
        chosen = load_persona(persona) if isinstance(persona, str) else persona
        return make_card(chosen, pki, NOW, key_pool)

    return make


@pytest.fixture
def reader_with(
    card_of: Callable[[str | Persona], SimulatedCard],
) -> Callable[[str | Persona], tuple[InProcessReader, SimulatedCard]]:
    def make(persona: str | Persona) -> tuple[InProcessReader, SimulatedCard]:
        card = card_of(persona)
        return InProcessReader(card), card

    return make


@pytest.fixture(scope="session")
def liar(pki: DemoPki, key_pool: KeyMaker) -> tuple[SimulatedCard, str]:
    """One card for many readings, and the name that stands on it."""
    persona = load_persona("head_of_household")
    return make_card(persona, pki, NOW, key_pool), persona.name
