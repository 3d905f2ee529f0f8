"""The commands, without an office: import, search, undo, status; results on stdout."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Protocol

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hub.command_line import main

ROWS = [
    {"law": "犬条例", "num": "1", "caption": "犬の登録", "text": "犬の所有者は登録を申請する。"},
    {"law": "犬条例", "num": "2", "caption": "手数料", "text": "前条の登録には手数料を納める。"},
]


class Command(Protocol):
    """Runs one command and returns the JSON lines that it printed."""

    def __call__(self, *words: str, code: int = 0) -> list[Any]: ...


class _Stdin:
    def __init__(self, text: bytes) -> None:
        self.buffer = io.BytesIO(text)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*words: str, code: int = 0) -> list[Any]:
        store = ("--store", str(tmp_path / "p.sqlite3"), "--json")
        assert main(["precedents", words[0], *store, *words[1:]]) == code
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return command


@pytest.fixture
def laws(tmp_path: Path) -> str:
    path = tmp_path / "laws.jsonl"
    rows = [json.dumps(row | {"snapshot": "2025-04"}, ensure_ascii=False) for row in ROWS]
    path.write_text("\n".join(rows), encoding="utf-8")
    return str(path)


def test_a_person_is_told_of_citations_without_an_answer(
    run: Command, laws: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", laws, "--unsigned", "--no-encode")
    store = ("--store", str(tmp_path / "p.sqlite3"), "--no-rerank", "--top", "1")
    assert main(["precedents", "search", *store, "犬条例1条、2条、99条"]) == 0
    found = capsys.readouterr().out
    assert "Not in the collection: 犬条例第九十九条" in found
    assert "Not shown here: 犬条例第二条" in found


def test_import_search_and_undo(run: Command, laws: str) -> None:
    (done,) = run("import", laws, "--unsigned", "--no-encode")
    assert (done["generation"], done["new"], done["articles"]) == (1, 2, 2)
    (found,) = run("search", "犬条例2条", "--top", "1", "--no-rerank")
    assert [one["num"] for one in found["answers"]] == ["2"]
    assert found["answers"][0]["neighbours"][0]["num"] == "1"
    (status,) = run("status")
    assert (status["laws"], status["entries"]) == (1, 2)
    (back,) = run("undo")
    assert (back["generation"], back["repealed"]) == (0, 2)


def test_an_import_and_an_undo_say_that_they_index(
    laws: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(Path(laws).parent / "p.sqlite3")
    for words in (["import", laws, "--unsigned", "--no-encode"], ["undo"]):
        assert main(["precedents", *words, "--store", path]) == 0
        assert "indexing…" in capsys.readouterr().err


def test_questions_on_stdin_are_answered_a_line_each(
    run: Command, laws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", laws, "--unsigned", "--no-encode")
    lines = ["犬条例1条", "", "犬" * 50_000, "犬条例99条"]
    monkeypatch.setattr("sys.stdin", _Stdin("\n".join(lines).encode() + b"\n\xff\xfe\n"))
    first, long, none, _garbled = run("search", "--stdin")
    assert first["answers"][0]["num"] == "1"
    assert long["error"] == "precedents_question"
    assert none["nothing_close"]
    assert none["answers"] == []


def test_plain_files_need_the_word_for_it(run: Command, laws: str, tmp_path: Path) -> None:
    run("import", laws, code=2)
    run("import", laws, "--bundle-key", str(tmp_path / "none.pem"), code=5)
    run("search", "犬", code=2)
    run("import", laws, "--unsigned", "--no-encode")
    run("search", "犬", "--law", "猫条例", code=2)
    run("search", code=2)
    run("search", "犬", "--top", "0", code=2)


def test_the_sample_is_imported_by_its_name(run: Command) -> None:
    found = run("import", "--sample", "--no-encode")[0]
    assert (found["new"], found["encoded"]) == (96, {})
    assert run("search", "転入届", "--no-rerank")[0]["answers"][0]["sample"] is True
    run("import", "--sample", "x.md", code=2)
    run("import", "--unsigned", code=2)


def test_a_publisher_signs_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, key = tmp_path / "laws", tmp_path / "key.pem"
    folder.mkdir()
    (folder / "a.md").write_text("# 覚え\n\n## 登録\n\n三十日", encoding="utf-8")
    private = ed25519.Ed25519PrivateKey.generate()
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    words = ["precedents", "bundle", "make", str(folder), "--key", str(key), "--name", "m"]
    assert main([*words, "--version", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"name": "m", "version": 1, "files": 1}
    assert main([*words, "--version", "0"]) == 5
