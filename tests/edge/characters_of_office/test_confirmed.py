"""Confirmed drawings: nothing of fewer than five filings is used, shown or written openly."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.characters_of_office.confirmed import FEWEST, FILE, ConfirmedDrawings, Kept
from edge.drafts import DraftStore
from intake import canonical

KEY, GENERATION = bytes(32), b"g" * 32
NAME = "MJ026191"
Vector = NDArray[np.float32]


def vector(seed: int) -> Vector:
    found = np.random.default_rng(seed).normal(size=128).astype(np.float32)
    return found / np.float32(np.linalg.norm(found))


def make(folder: Path, key: bytes = KEY, generation: bytes = GENERATION) -> ConfirmedDrawings:
    drafts = DraftStore(folder / "drafts", key)
    drafts.drop_unreadable()
    return ConfirmedDrawings(folder / "office", drafts, generation)


def filing(*names: str, seed: int = 0) -> dict[str, tuple[Vector, int]]:
    return {name: (vector(seed + at), 19) for at, name in enumerate(names)}


def openly(folder: Path) -> bytes:
    path = folder / "office" / FILE
    return path.read_bytes() if path.exists() else b""


def test_four_filings_are_not_used_shown_or_written_openly(tmp_path: Path):
    kept = make(tmp_path)
    assert not any(kept.add(filing(NAME, seed=n)) for n in range(FEWEST - 1))
    assert kept.prototypes() == ()
    assert kept.all() == ()
    assert openly(tmp_path) == b""
    assert NAME.encode() not in b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )


def test_the_fifth_makes_one_prototype_that_is_the_mean(tmp_path: Path):
    kept = make(tmp_path)
    vectors = [vector(n) for n in range(FEWEST)]
    changed = [kept.add({NAME: (one, 17 + n)}) for n, one in enumerate(vectors)]
    assert changed == [False] * (FEWEST - 1) + [True]
    (found,) = kept.prototypes()
    mean = np.mean(vectors, axis=0)
    assert found.vector @ (mean / np.linalg.norm(mean)) == pytest.approx(1, abs=1e-4)
    assert (found.name, found.strokes) == (NAME, 19)
    assert kept.all() == (Kept(NAME, FEWEST),)


def test_what_is_written_openly_grows_by_five_filings_and_never_by_one(tmp_path: Path):
    """Two copies of the disk then differ by a sum of five too."""
    kept = make(tmp_path)
    seen = set[bytes]()
    counts = list[int]()
    for n in range(3 * FEWEST + 2):
        kept.add(filing(NAME, seed=n))
        seen.add(openly(tmp_path))
        counts += [one.filings for one in kept.all()]
    assert len(seen) == 4  # nothing, 5, 10, 15
    assert set(counts) == {5, 10, 15}


def test_every_order_gives_the_same_bytes(tmp_path: Path):
    given = [filing(NAME, seed=n) | filing("MJ000001", seed=n + 50) for n in range(FEWEST)]
    written = set[bytes]()
    for number, order in enumerate(itertools.permutations(given)):
        if number % 30 == 0:
            kept = make(tmp_path / str(number))
            for one in order:
                kept.add(dict(reversed(one.items())))
            written.add(openly(tmp_path / str(number)))
    assert len(written) == 1


def test_the_file_holds_names_counts_and_sums_and_nothing_else(tmp_path: Path):
    kept = make(tmp_path)
    for n in range(FEWEST):
        kept.add(filing(NAME, seed=n))
    table = canonical.decode(openly(tmp_path), limit=1 << 20)
    assert isinstance(table, dict)
    assert {key: table[key] for key in table if key != "sums"} == {
        "v": 1,
        "generation": GENERATION,
    }
    ((name, (filings, strokes, vector)),) = table["sums"].items()
    assert (name, filings, strokes, len(vector)) == (NAME, FEWEST, 19 * FEWEST, 128 * 8)


def test_sums_survive_a_restart_and_what_waits_dies_with_the_key(tmp_path: Path):
    kept = make(tmp_path)
    for n in range(FEWEST + 3):
        kept.add(filing(NAME, seed=n))
    again = make(tmp_path)
    assert again.all() == kept.all()
    assert [again.add(filing(NAME, seed=90 + n)) for n in range(2)] == [False, True]
    other = make(tmp_path, key=b"k" * 32)
    assert other.all() == (Kept(NAME, 2 * FEWEST),)
    assert not any(other.add(filing(NAME, seed=n)) for n in range(FEWEST - 1))


def test_another_encoder_forgets_everything(tmp_path: Path):
    kept = make(tmp_path)
    for n in range(FEWEST + 1):
        kept.add(filing(NAME, seed=n))
    other = make(tmp_path, generation=b"h" * 32)
    assert other.all() == ()
    assert not any(other.add(filing(NAME, seed=n)) for n in range(FEWEST - 1))


def test_one_or_all_are_removed_also_what_waits(tmp_path: Path):
    kept = make(tmp_path)
    for n in range(FEWEST + FEWEST - 1):
        kept.add(filing(NAME, "MJ000001", seed=n))
    kept.remove(NAME)
    assert [one.name for one in kept.all()] == ["MJ000001"]
    assert not kept.add(filing(NAME))
    kept.clear()
    assert kept.all() == ()
    assert make(tmp_path).all() == ()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("data", [b"", b"garbage", b"\xa0", bytes(100)])
def test_a_damaged_file_is_forgotten(tmp_path: Path, data: bytes):
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / FILE).write_bytes(data)
    assert make(tmp_path).all() == ()
