"""Writes the MJ list's data file from the tables of the npm package `@mandel59/mojidata`.

For developers only: `python -m intake.characters.generate --moji-db FILE` reads `dist/moji.db` of
the package, `--tables FOLDER` the same four tables as gzip-packed TSV with a header line. Both give
the same bytes before packing.
"""

import argparse
import gzip
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from intake.characters.mj_list import COLUMNS, DATA_FILE

PACKAGE = "@mandel59/mojidata 1.8.1"
RULES = (
    "JIS包摂規準UCS統合規則",
    "法務省告示582号別表第四_一",
    "法務省告示582号別表第四_二",
    "民二5202号通知別表_正字俗字等対照表",
    "民一2842号通達別表_誤字俗字正字一覧表_無印",
    "民一2842号通達別表_誤字俗字正字一覧表_俗字",
    "戸籍統一文字情報_親字正字",
    "辞書類等による関連字",
    "民一2842号通達別表_誤字俗字正字一覧表_別字",
    "読み字形による類推",
)
"""Origins of a 縮退, our order of trust: unification, ministry notices, dictionaries, likeness."""

_LIST = (
    "MJ文字図形名",
    "対応するUCS",
    "実装したUCS",
    "実装したMoji_JohoコレクションIVS",
    "実装したSVS",
    "戸籍統一文字番号",
    "住基ネット統一文字コード",
    "入管正字コード",
    "入管外字コード",
    "漢字施策",
    "X0213",
    "総画数",
    "大漢和",
)
_TABLES = {
    "mji": _LIST,
    "mji_reading": ("MJ文字図形名", "読み"),
    "mji_rsindex": ("MJ文字図形名", "部首", "内画数"),
    "mjsm": ("MJ文字図形名", "縮退UCS", "縮退X0213", "表", "順位", "ホップ数"),
}
_FILES = {
    "mji": "mji.tsv.gz",
    "mji_reading": "mji_reading.tsv.gz",
    "mji_rsindex": "mji_radical_strokes.tsv.gz",
    "mjsm": "mji_shrink_map.tsv.gz",
}
Rows = Iterable[tuple[str, ...]]


def from_database(path: Path) -> dict[str, list[tuple[str, ...]]]:
    """Read the four tables of the package's SQLite file, empty text for NULL."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        return {table: _select(database, table) for table in _TABLES}


def _select(database: sqlite3.Connection, table: str) -> list[tuple[str, ...]]:
    names = ", ".join(f'"{name}"' for name in _TABLES[table])
    query = f"SELECT {names} FROM {table}"  # noqa: S608 - names are constants of this file
    return [
        tuple("" if cell is None else str(cell) for cell in row) for row in database.execute(query)
    ]


def from_folder(folder: Path) -> dict[str, list[tuple[str, ...]]]:
    """Read the four tables from packed TSV files."""
    return {table: list(_tsv(folder / name, _TABLES[table])) for table, name in _FILES.items()}


def rows(tables: dict[str, list[tuple[str, ...]]]) -> Iterator[str]:
    """Give the lines of the data file: the rules, then one line a glyph in the order of COLUMNS."""
    readings: defaultdict[str, list[str]] = defaultdict(list)
    for name, reading in tables["mji_reading"]:
        readings[name].append(reading)
    radicals: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, radical, residual in tables["mji_rsindex"]:
        radicals[name].append((int(radical), residual))
    fallbacks: defaultdict[str, list[tuple[int, int, int, str]]] = defaultdict(list)
    for name, text, x0213, rule, order, hops in tables["mjsm"]:
        number = RULES.index(rule)
        item = f"{text}:{x0213}:{number}:{order}:{hops}"
        fallbacks[name].append((number, int(order or 0), int(hops or 0), item))
    yield "\t".join(("rules", *RULES))
    for row in sorted(tables["mji"]):
        cells = dict(zip(_LIST, row, strict=True))
        name = cells["MJ文字図形名"]
        yield "\t".join(
            (
                name,
                _codepoint(cells["対応するUCS"]),
                _codepoint(cells["実装したUCS"]),
                cells["実装したMoji_JohoコレクションIVS"],
                cells["実装したSVS"],
                cells["戸籍統一文字番号"],
                cells["住基ネット統一文字コード"],
                cells["入管正字コード"],
                cells["入管外字コード"],
                cells["漢字施策"],
                cells["X0213"],
                cells["総画数"],
                cells["大漢和"],
                " ".join(sorted(set(readings[name]))),
                " ".join(f"{radical}:{residual}" for radical, residual in sorted(radicals[name])),
                " ".join(item for *_, item in sorted(fallbacks[name])),
            )
        )


def _codepoint(cell: str) -> str:
    if len(cell) > 1:
        raise SystemExit(f"a cell holds {len(cell)} code points where one was expected")
    return f"U+{ord(cell):04X}" if cell else ""


def _tsv(path: Path, header: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        found = tuple(next(lines).rstrip("\n").split("\t"))
        if found != header:
            raise SystemExit(f"{path.name} has columns {found}, expected {header}")
        for line in lines:
            yield tuple(line.rstrip("\n").split("\t"))


def main() -> None:
    """Write the data file and say how many glyphs it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--moji-db", type=Path, help=f"dist/moji.db of {PACKAGE}")
    source.add_argument("--tables", type=Path, help="folder with the four packed TSV tables")
    options = parser.parse_args()
    tables = from_database(options.moji_db) if options.moji_db else from_folder(options.tables)
    lines = list(rows(tables))
    if any(line.count("\t") != len(COLUMNS) - 1 for line in lines[1:]):
        raise SystemExit("a cell holds a tab; nothing was written")
    target = Path(__file__).with_name("data") / DATA_FILE
    packed = gzip.compress("\n".join(lines).encode() + b"\n", compresslevel=9, mtime=0)
    target.write_bytes(packed)
    sys.stdout.write(f"{len(lines) - 1} glyphs, {len(packed)} bytes\n")


if __name__ == "__main__":
    main()
