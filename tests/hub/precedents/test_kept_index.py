"""Readers find the lexical index of every generation that they see; none builds it itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.precedents import kept_index
from hub.precedents.article import Revision
from hub.precedents.collection import BundleMark, take, undo
from hub.precedents.lexical import LexicalIndex
from hub.precedents.store import Store, current
from hub.precedents.view import View
from tests.hub.precedents.small_town import DOGS, TODAY, TOWN, revision

CATS = revision([DOGS], law_id="x-cats", title="猫条例")


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents each build of an index had."""
    found: list[int] = []
    build = LexicalIndex.build

    def counted(texts: list[str]) -> LexicalIndex:
        found.append(len(texts))
        return build(texts)

    monkeypatch.setattr(LexicalIndex, "build", counted)
    return found


def read(store: Store) -> View:
    """What a search process of its own would load."""
    with Store(store.path) as other:
        return View.load(other, ())


def test_an_import_and_an_undo_bring_their_index(store: Store, builds: list[int]) -> None:
    def imported(one: Revision) -> None:
        take(store, [one], TODAY)

    steps: list[tuple[Callable[[], object], int]] = [
        (lambda: imported(TOWN), 4),
        (lambda: imported(CATS), 5),
        (lambda: undo(store, TODAY), 4),
    ]
    for step, documents in steps:
        builds.clear()
        step()
        assert builds == [documents]
        view = read(store)
        assert builds == [documents]
        assert view.lexical.documents == len(view.ids) == documents
    assert not read(store).lexical.knows("猫条")


def test_readers_never_see_a_generation_without_its_index(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(store, [TOWN], TODAY)
    seen: list[tuple[int, int]] = []

    def meanwhile() -> None:
        with Store(store.path) as other, other.reading() as connection:
            kept = connection.execute("SELECT generation FROM lexical").fetchone()
            seen.append((current(connection), kept[0]))

    take(store, [CATS], TODAY, indexing=meanwhile)
    undo(store, TODAY, meanwhile)
    assert seen == [(1, 1), (2, 2)]

    def cut_off(_connection: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(kept_index, "keep_index", cut_off)
    with pytest.raises(KeyboardInterrupt):
        take(store, [CATS], TODAY)
    meanwhile()
    assert seen[-1] == (1, 1)


def test_an_import_of_the_same_texts_passes_the_index_on(store: Store, builds: list[int]) -> None:
    take(store, [TOWN], TODAY, BundleMark("a", 1))
    builds.clear()
    assert take(store, [TOWN], TODAY, BundleMark("a", 2)).generation == 2
    assert read(store).lexical.documents == 4
    undo(store, TODAY)
    assert read(store).lexical.documents == 4
    assert builds == []


def test_a_store_without_an_index_is_read_all_the_same(store: Store, builds: list[int]) -> None:
    take(store, [TOWN], TODAY, BundleMark("a", 1))
    with store.writing() as connection:
        connection.execute("DELETE FROM lexical")
    assert read(store).lexical.documents == 4
    take(store, [TOWN], TODAY, BundleMark("a", 2))
    builds.clear()
    assert read(store).lexical.documents == 4
    assert builds == []
