"""JSON lines, Markdown and CSV: read in full, or refused with the line that is wrong."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from hub.precedents.article import Kind
from hub.precedents.errors import SourceError
from hub.precedents.sources.files import files_below, read_files, read_octets
from hub.precedents.sources.json_lines import read_rows

SAMPLE = Path(__file__).parents[3] / "hub" / "precedents" / "collection_sample"


def row(**changes: object) -> dict[str, Any]:
    whole: dict[str, Any] = {"law": "戸籍法", "law_id": None, "article": "第一条", "num": "1"}
    whole |= {"caption": None, "path": [], "paragraphs": ["甲", "乙"], "snapshot": "2013-12"}
    return whole | changes


def lines(*rows: object) -> list[bytes]:
    return [json.dumps(one).encode() for one in rows]


def test_rows_become_one_revision_a_law_and_snapshot() -> None:
    found = read_rows(
        "x.jsonl", lines(row(), row(num="2"), row(snapshot="2016-02"), row(law="乙法"))
    )
    assert [(one.title, len(one.articles)) for one in found] == [
        ("戸籍法", 2),
        ("戸籍法", 1),
        ("乙法", 1),
    ]
    assert found[0].law_id == "322AC0000000224"
    assert found[2].law_id.startswith("own-")
    assert found[0].articles[0].text == "甲\n乙"


def test_the_sample_handbook_is_read_with_what_it_cites() -> None:
    (handbook,) = read_files([SAMPLE])
    assert handbook.kind is Kind.HANDBOOK
    assert handbook.sample
    assert len(handbook.articles) >= 60
    assert handbook.articles[0].cites[0].law_id == "342AC0000000081"


@pytest.mark.parametrize(
    "wrong",
    [
        "not an object",
        row(law=""),
        row(law=5),
        row(snapshot="today"),
        row(num="../1"),
        row(num=None),
        row(paragraphs="甲"),
        row(paragraphs=[1]),
        row(paragraphs=[], text=" "),
        row(kind="rumour"),
        row(in_force_from="2020-13-01"),
        row(cites=["民法"]),
        row(path=[["a"]]),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(wrong: object) -> None:
    with pytest.raises(SourceError, match="line 2"):
        read_rows("x.jsonl", lines(row(), wrong))


def test_a_repeated_article_is_taken_once_or_refused() -> None:
    assert len(read_rows("x", lines(row(), row()))[0].articles) == 1
    with pytest.raises(SourceError, match="twice with different text"):
        read_rows("x", lines(row(), row(paragraphs=["丙"])))


def test_broken_json_and_gzip_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="line 1"):
        read_rows("x", [b'{"law": '])
    packed = gzip.compress(lines(row())[0])
    good, cut = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    good.write_bytes(packed)
    cut.write_bytes(packed[:-9])
    assert len(list(read_files([good]))) == 1
    with pytest.raises(SourceError, match=r"b\.jsonl\.gz"):
        list(read_files([cut]))


def test_markdown_has_headings_fields_and_numbered_articles() -> None:
    head = "# 町の覚書\nkind: decision\nissuer: 見本町\ndate: 2025-04-01\n\n"
    text = f"{head}## 転入\n### 第十条の二（遅れた届出）\n一\n\n二\n### 委任状\n三\n"
    (note,) = read_octets("memo.md", text.encode())
    assert (note.title, note.kind, str(note.starts)) == ("町の覚書", Kind.DECISION, "2025-04-01")
    first, second = note.articles
    assert (first.num, first.caption, first.path) == ("10_2", "遅れた届出", ("転入",))
    assert [part.text for part in first.paragraphs] == ["一", "二"]
    assert (second.num, second.label, second.caption) == ("項1", "第1項目", "委任状")


def entries(text: str) -> list[tuple[str, str, tuple[str, ...], str]]:
    (note,) = read_octets("memo.md", text.encode())
    return [(one.num, one.caption, one.path, one.text) for one in note.articles]


def test_text_below_the_title_of_a_note_is_an_entry() -> None:
    assert entries("# 覚え\n\n朝は混む。\n") == [("0", "", (), "朝は混む。")]
    assert entries("朝は混む。\n# 覚え\n夜も。\n## 印鑑\n三十日\n") == [
        ("0", "", (), "朝は混む。\n夜も。"),
        ("項1", "印鑑", (), "三十日"),
    ]


def test_a_further_heading_of_the_first_depth_heads_entries() -> None:
    text = "# 覚え\n## 甲\n一\n# 乙\n二\n## 丙\n三\n# 丁\n## 戊\n四\n"
    assert entries(text) == [
        ("項1", "甲", (), "一"),
        ("項2", "乙", (), "二"),
        ("項3", "丙", ("乙",), "三"),
        ("項4", "戊", ("丁",), "四"),
    ]
    assert entries("序\n## 甲\n一\n# 覚え\n二\n") == [
        ("0", "", (), "序"),
        ("項1", "甲", (), "一"),
        ("項2", "覚え", (), "二"),
    ]


def test_headings_without_a_number_never_take_that_of_an_article() -> None:
    assert entries("# 要綱\n## はじめに\n甲\n## 第1条（目的）\n乙\n") == [
        ("項1", "はじめに", (), "甲"),
        ("1", "目的", (), "乙"),
    ]
    with pytest.raises(SourceError, match="two texts for one article"):
        entries("# 要綱\n## 第1条\n甲\n## 第一条\n乙\n")


def test_a_note_may_say_what_it_is_between_dashes() -> None:
    text = "---\ntitle: 転入の扱い\nkind: circular\nauthor: 係\ndate: '2025-04-01'\n---\n本文。\n"
    (note,) = read_octets("memo.md", text.encode())
    assert (note.title, note.kind, str(note.starts)) == ("転入の扱い", Kind.CIRCULAR, "2025-04-01")
    assert note.articles[0].text == "本文。"
    ruled = "---\n一つ目。\n---\n二つ目。\n"
    assert entries(ruled)[0][3] == ruled.strip()
    assert entries("# 題\nnote: 残す\n")[0][3] == "note: 残す"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_questions_are_read_in_the_encodings_of_offices(encoding: str) -> None:
    text = '質問,回答,chapter\r\n"いつ, 出す？","十四日以内",転入\r\n,空,\r\n'
    (found,) = read_octets("よくある質問.csv", text.encode(encoding))
    assert found.kind is Kind.QUESTIONS
    assert [(one.caption, one.text) for one in found.articles] == [("いつ, 出す？", "十四日以内")]


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("a.md", b"# only a title"),
        ("a.md", "# 題\nkind: rumour\n## 節\n文".encode()),
        ("a.md", "# 題\ndate: 令和八年\n## 節\n文".encode()),
        ("a.csv", "質問,回答,発行者\n甲,乙,住民課\n丙,丁,税務課\n".encode()),
        ("a.csv", b"a,b\n1,2\n"),
        ("a.csv", b""),
        ("a.csv", b"\x81\xff\xff"),
        ("a.exe", b""),
    ],
)
def test_what_an_office_file_lacks_is_said(name: str, octets: bytes) -> None:
    with pytest.raises(SourceError, match=name):
        read_octets(name, octets)


def test_a_folder_gives_its_known_files_only(tmp_path: Path) -> None:
    for name in ("b.md", "a.csv", "README.md", "x.bin"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [path.name for path in files_below([tmp_path])] == ["a.csv", "b.md"]
    with pytest.raises(SourceError, match="no such file"):
        files_below([tmp_path / "none"])
