"""Imports: incremental, one change for readers, reversible, and told what they changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hub.precedents.article import Revision, Standing
from hub.precedents.collection import BundleMark, take, undo
from hub.precedents.errors import BundleError, CollectionError, SourceError
from hub.precedents.in_force import histories
from hub.precedents.rows import current_entries, revisions
from hub.precedents.store import Store, current
from hub.precedents.vectors import encode_missing, missing
from tests.hub.precedents.small_town import (
    DOGS,
    MOVING,
    SEAL,
    TODAY,
    TOWN,
    PairEncoder,
    article,
    revision,
)

LATER = article("1", "転入届", "転入をした者は、七日以内に町長に届け出なければならない。")


def told(store: Store, *found: Revision) -> dict[str, list[str]]:
    changes = take(store, found, TODAY).changes
    kinds = {one.change for one in changes}
    return {kind: [one.num for one in changes if one.change == kind] for kind in kinds}


def test_an_import_tells_what_is_new_changed_and_gone(store: Store) -> None:
    assert told(store, TOWN) == {"new": ["1", "2", "2_2", "3"]}
    assert told(store, TOWN) == {}
    assert told(store, revision([LATER, SEAL, DOGS])) == {"changed": ["1"], "repealed": ["2"]}
    coming = revision([MOVING, SEAL, DOGS], starts=dt.date(2030, 1, 1))
    assert told(store, coming) == {"not_yet_in_force": ["1"]}


def test_nothing_new_makes_no_generation(store: Store) -> None:
    assert take(store, [TOWN], TODAY).generation == 1
    assert take(store, [TOWN], TODAY).generation == 1


def test_only_changed_passages_are_encoded_again(town: Store) -> None:
    take(town, [revision([LATER, SEAL, DOGS])], TODAY)
    with town.reading() as connection:
        todo = missing(connection, PairEncoder.name, current_entries(connection))
    assert [text for _, text in todo] == [f"{TOWN.title} 転入届：{LATER.text}"]
    assert encode_missing(town, PairEncoder(), lambda _done, _whole: None) == 1


def test_undo_goes_back_and_the_import_can_be_made_again(store: Store) -> None:
    take(store, [TOWN], TODAY)
    changed = revision([LATER])
    take(store, [changed], TODAY)
    back = undo(store, TODAY)
    assert (back.generation, back.articles) == (1, 4)
    assert take(store, [TOWN], TODAY).changes == []
    assert take(store, [changed], TODAY).generation == 2
    undo(store, TODAY)
    undo(store, TODAY)
    with pytest.raises(CollectionError, match="no import"):
        undo(store, TODAY)


def test_readers_see_the_old_collection_until_the_new_is_whole(town: Store) -> None:
    with Store(town.path) as other, other.reading() as connection:
        assert current(connection) == 1
        take(town, [revision([LATER])], TODAY)
        assert current(connection) == 1
        assert len(current_entries(connection)) == 4
    with town.reading() as connection:
        assert len(current_entries(connection)) == 1


def test_an_import_that_fails_on_the_way_leaves_nothing(town: Store) -> None:
    def broken() -> Iterator[Revision]:
        yield revision([LATER])
        raise SourceError("the second file is broken")

    with pytest.raises(SourceError):
        take(town, broken(), TODAY)
    with town.reading() as connection:
        assert current(connection) == 1
        assert len(current_entries(connection)) == 4


def test_two_texts_of_one_revision_are_refused(store: Store) -> None:
    with pytest.raises(SourceError, match="different text"):
        take(store, [TOWN, revision([LATER])], TODAY)


def test_a_complete_bundle_withdraws_what_it_no_longer_has(store: Store) -> None:
    other = revision([DOGS], law_id="x-dogs", title="犬条例")
    take(store, [TOWN, other], TODAY, BundleMark("town", 2, complete=True))
    take(store, [revision([SEAL], law_id="x-own", title="覚書")], TODAY)
    summary = take(store, [TOWN], TODAY, BundleMark("town", 3, complete=True))
    assert [(one.change, one.law) for one in summary.changes] == [("repealed", "犬条例")]
    assert summary.articles == 5
    with pytest.raises(BundleError, match="older"):
        take(store, [TOWN, other], TODAY, BundleMark("town", 2, complete=True))


def test_the_revision_of_the_day_counts(store: Store) -> None:
    days = [dt.date(2015, 8, 1), dt.date(2023, 6, 7), dt.date(2030, 1, 1)]
    undated = replace(revision([LATER], starts=None), standing=Standing.UNENFORCED, key="u")
    take(store, [*(revision([MOVING], starts=day) for day in days), undated], TODAY)
    with store.reading() as connection:
        history = histories(revisions(connection))["x-town"]
    valid = history.on(dt.date(2023, 6, 6))
    assert valid is not None
    assert (valid.starts, valid.until) == (days[0], dt.date(2023, 6, 6))
    last = history.on(dt.date(2035, 1, 1))
    assert last is not None
    assert (last.starts, last.until) == (days[2], None)
    assert history.on(dt.date(2015, 7, 31)) is None
    assert [row.starts for row in history.after(TODAY)] == [days[2], None]


def test_a_snapshot_is_the_best_known_before_it_was_taken(store: Store) -> None:
    snapshots = [
        replace(revision([MOVING], starts=None), snapshot=day) for day in ("2013-12", "2016-02")
    ]
    repeal = replace(revision([], starts=dt.date(2024, 4, 1)), standing=Standing.REPEALED)
    take(store, [*snapshots, repeal], TODAY)
    with store.reading() as connection:
        history = histories(revisions(connection))["x-town"]
    early, late = history.on(dt.date(2010, 1, 1)), history.on(dt.date(2020, 1, 1))
    assert early is not None
    assert late is not None
    assert (early.revision.snapshot, early.starts) == ("2013-12", None)
    assert (late.revision.snapshot, late.until) == ("2016-02", dt.date(2024, 3, 31))
    assert history.on(TODAY) is None


def test_what_is_no_collection_is_said(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="no collection yet"):
        Store(tmp_path / "none.sqlite3")
    other = tmp_path / "other.sqlite3"
    other.write_bytes(b"SQLite format 3\0 but not really" * 50)
    with pytest.raises(CollectionError):
        Store(other, create=True)


def test_a_coming_repeal_is_a_coming_change(store: Store) -> None:
    take(store, [TOWN], TODAY)
    repeal = replace(revision([], starts=dt.date(2030, 4, 1)), standing=Standing.REPEALED)
    summary = take(store, [repeal], TODAY)
    assert {(one.change, one.day) for one in summary.changes} == {("to_be_repealed", "2030-04-01")}
    told = summary.as_json()
    assert (told["not_yet_in_force"], told["to_be_repealed"], told["repealed"]) == (4, 4, 0)
    shorter = revision([MOVING, SEAL], starts=dt.date(2029, 4, 1))
    assert {one.num for one in take(store, [shorter], TODAY).changes} == {"2", "3"}
