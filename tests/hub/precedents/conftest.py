"""A store on disk, filled with the small town."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.precedents.collection import take
from hub.precedents.search import Searcher
from hub.precedents.store import Store
from hub.precedents.vectors import encode_missing
from tests.hub.precedents.small_town import TODAY, TOWN, PairEncoder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "precedents.sqlite3", create=True) as found:
        yield found


@pytest.fixture
def town(store: Store) -> Store:
    take(store, [TOWN], TODAY)
    encode_missing(store, PairEncoder(), lambda _done, _whole: None)
    return store


@pytest.fixture
def searcher(town: Store) -> Searcher:
    return Searcher(town, [PairEncoder()])
