"""A revision stays as long as any bundle holds it, and plain files never let go."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hub.precedents.collection import BundleMark, Summary, take, undo
from hub.precedents.errors import CollectionError
from hub.precedents.rows import revisions
from hub.precedents.store import VERSION, Store
from tests.hub.precedents.small_town import DOGS, MOVING, SEAL, TODAY, revision

KOU = revision([MOVING], law_id="x-kou", title="甲条例")
OTSU = revision([DOGS], law_id="x-otsu", title="乙条例")


def brought(store: Store, bundle: str, version: int, *laws: object) -> Summary:
    mark = BundleMark(bundle, version, complete=True)
    return take(store, [one for one in (KOU, OTSU) if one in laws], TODAY, mark)


def held(store: Store) -> set[str]:
    with store.reading() as connection:
        return {row.title for row in revisions(connection)}


def test_what_another_bundle_holds_stays_until_that_lets_go_too(store: Store) -> None:
    brought(store, "a", 1, KOU)
    brought(store, "b", 1, KOU, OTSU)
    assert brought(store, "a", 2, OTSU).revisions_withdrawn == 0
    assert held(store) == {"甲条例", "乙条例"}
    assert brought(store, "b", 2, OTSU).revisions_withdrawn == 1
    assert held(store) == {"乙条例"}


def test_the_last_holder_may_be_the_one_that_came_later(store: Store) -> None:
    brought(store, "a", 1, KOU)
    brought(store, "b", 1, KOU)
    brought(store, "a", 2)
    brought(store, "b", 2)
    assert held(store) == set()


def test_plain_files_never_let_go_and_count_though_they_bring_nothing_new(store: Store) -> None:
    brought(store, "b", 1, KOU, OTSU)
    assert take(store, [KOU], TODAY).generation == 2
    assert take(store, [KOU], TODAY).generation == 2
    brought(store, "b", 2)
    assert held(store) == {"甲条例"}


def test_who_held_the_former_text_of_a_revision_holds_its_new_one(store: Store) -> None:
    brought(store, "a", 1, KOU)
    mark = BundleMark("b", 1, complete=True)
    take(store, [revision([SEAL], law_id="x-kou", title="甲条例")], TODAY, mark)
    brought(store, "b", 2)
    assert held(store) == {"甲条例"}
    brought(store, "a", 2)
    assert held(store) == set()


def test_an_undo_gives_back_who_held_what(store: Store) -> None:
    brought(store, "a", 1, KOU)
    brought(store, "b", 1, KOU)
    brought(store, "a", 2)
    undo(store, TODAY)
    brought(store, "b", 2)
    assert held(store) == {"甲条例"}
    undo(store, TODAY)
    undo(store, TODAY)
    brought(store, "a", 2)
    assert held(store) == set()


def test_a_store_of_the_former_version_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite3"
    with Store(path, create=True) as store:
        brought(store, "a", 1, KOU, OTSU)
        take(store, [revision([SEAL], law_id="x-own", title="覚書")], TODAY)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE holding; PRAGMA user_version = 1")
    with Store(path) as store, Store(path) as other:
        brought(store, "a", 2, KOU)
        assert held(other) == {"甲条例", "覚書"}
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(CollectionError, match="no collection of this version"):
        Store(path)
