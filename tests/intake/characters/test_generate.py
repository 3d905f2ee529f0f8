"""The generator joins the package's tables the same way from a database and from packed files."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from intake.characters import generate

TABLES: dict[str, list[tuple[str, ...]]] = {
    "mji": [
        ("MJ000002", "邉", "", "邉\U000e0101", "", "", "J+BD47", "", "", "", "1-78-21", "17", ""),
        ("MJ000001", "辻", "辻", "", "", "001", "", "", "", "人名用漢字", "1-36-52", "6", "39"),
    ],
    "mji_reading": [("MJ000001", "つじ"), ("MJ000001", "しん"), ("MJ000001", "つじ")],
    "mji_rsindex": [("MJ000001", "162", "2"), ("MJ000002", "162", "-")],
    "mjsm": [
        ("MJ000002", "辺", "1-42-53", "辞書類等による関連字", "", ""),
        ("MJ000002", "邉", "1-78-21", "JIS包摂規準UCS統合規則", "", ""),
        ("MJ000002", "邊", "1-78-20", "戸籍統一文字情報_親字正字", "", "1"),
    ],
}
LINES = [
    "\t".join(("rules", *generate.RULES)),
    "MJ000001\tU+8FBB\tU+8FBB\t\t\t001\t\t\t\t人名用漢字\t1-36-52\t6\t39\tしん つじ\t162:2\t",
    (
        "MJ000002\tU+9089\t\t邉\U000e0101\t\t\tJ+BD47\t\t\t\t1-78-21\t17\t\t\t162:-\t"
        "邉:1-78-21:0:: 邊:1-78-20:6::1 辺:1-42-53:7::"
    ),
]


def test_lines_are_sorted_and_joined() -> None:
    assert list(generate.rows(TABLES)) == LINES


def test_database_and_folder_agree(tmp_path: Path) -> None:
    file = tmp_path / "moji.db"
    with closing(sqlite3.connect(file)) as database, database:
        for table, names in generate._TABLES.items():
            columns = ", ".join(f'"{name}"' for name in names)
            database.execute(f"CREATE TABLE {table} ({columns})")
            marks = ", ".join("?" * len(names))
            found = [tuple(cell or None for cell in row) for row in TABLES[table]]
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", found)  # noqa: S608 - constants
    for table, name in generate._FILES.items():
        lines = ["\t".join(row) for row in (generate._TABLES[table], *TABLES[table])]
        (tmp_path / name).write_bytes(gzip.compress("\n".join(lines).encode() + b"\n"))
    assert generate.from_database(file) == generate.from_folder(tmp_path) == TABLES


def test_other_columns_and_unexpected_cells_stop_it(tmp_path: Path) -> None:
    for name in generate._FILES.values():
        (tmp_path / name).write_bytes(gzip.compress(b"other\tcolumns\n"))
    with pytest.raises(SystemExit):
        generate.from_folder(tmp_path)
    two = ("MJ000001", "辻\U000e0100", *[""] * 9, "6", "")
    with pytest.raises(SystemExit):
        list(generate.rows({**TABLES, "mji": [two]}))
