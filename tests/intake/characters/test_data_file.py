"""Tables are read only when they are exactly the shipped ones."""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from intake.characters import data_file, generate_components
from intake.characters.data_file import SHA256, TableError, check_all, unpacked

SHIPPED = Path(data_file.__file__).parent / "data"


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    shutil.copytree(SHIPPED, tmp_path / "data")
    monkeypatch.setattr(data_file, "__file__", str(tmp_path / "data_file.py"))
    check_all.cache_clear()
    yield tmp_path / "data"
    check_all.cache_clear()


def test_the_shipped_tables_are_the_listed_ones() -> None:
    check_all()
    assert set(SHA256) == {path.name for path in SHIPPED.glob("*.tsv.*")}


@pytest.mark.parametrize("name", SHA256)
def test_one_changed_bit_is_refused_with_name_and_hash(copied: Path, name: str) -> None:
    data = bytearray((copied / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / name).write_bytes(data)
    for read in (check_all, lambda: unpacked(name)):
        with pytest.raises(TableError) as refused:
            read()
        assert name in str(refused.value)
        assert hashlib.sha256(data).hexdigest() in str(refused.value)
        assert refused.value.exit_code == 5


@pytest.mark.parametrize("name", SHA256)
def test_a_missing_table_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(TableError, match=name):
        check_all()


def test_components_are_taken_from_every_description(tmp_path: Path) -> None:
    path = tmp_path / "moji.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE ids (UCS TEXT, source TEXT, IDS TEXT)")
        database.executemany(
            "INSERT INTO ids VALUES (?, ?, ?)",
            [
                ("髙", "J", "⿳亠{67}冋"), ("髙", "G", "⿱亠口"), ("口", "J", "口"),
                ("冋", "J", "⿵冂口"), ("㐀", "J", "⿱冋丶"),
            ],
        )  # fmt: skip
        database.commit()
    parts = generate_components.described(path)
    assert parts["髙"] == {"亠", "冋", "口"}
    assert parts["口"] == set()
    made = generate_components.lines(parts, {"髙"})
    assert made == ["亠\t髙", "冂\t冋", "冋\t髙", "口\t冋髙"]
