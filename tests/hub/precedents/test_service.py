"""The collection in a running hub: encoding behind, imports beside, searches that go on."""

from __future__ import annotations

import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from hub.precedents.collection import take, undo
from hub.precedents.encoders import installed
from hub.precedents.errors import BusyError, QuestionError, SourceError
from hub.precedents.question import Question
from hub.precedents.service import importing as importing_module
from hub.precedents.service.asking import SearchProcess, Staged
from hub.precedents.service.encoding import Encoding
from hub.precedents.service.importing import Importing, Job, Order
from hub.precedents.service.offers import offered, offers, publishers, save_upload
from hub.precedents.sources.files import read_files
from hub.precedents.store import Store, edition
from hub.settings import Precedents
from tests.hub.precedents.small_town import TODAY, TOWN, article, revision

CATS = revision(
    [article("1", "猫の届出", "猫の所有者は、町長に猫の数を届け出る。")],
    law_id="x-c",
    title="猫条例",
)


def last(search: SearchProcess, text: str) -> Staged:
    return list(search.ask(Question(text, TODAY)))[-1]


def nums(found: Staged) -> list[tuple[str, str]]:
    return [(one["law_id"], one["num"]) for one in found.result["answers"]]


@pytest.mark.system  # starts processes with real encoders
def test_what_is_imported_is_encoded_behind_and_asked_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite3"
    told = threading.Event()
    encoding = Encoding(path, None, told.set)
    search = SearchProcess(path)
    encoding.start()
    try:
        with Store(path, create=True) as store:
            take(store, [TOWN], TODAY)
        assert nums(last(search, "犬の登録"))[0] == ("x-town", "3")
        encoding.wake()
        began = time.monotonic()
        while last(search, "犬の登録").stage == "words":
            assert time.monotonic() - began < 60
            assert encoding.state.problem == ""
            time.sleep(0.2)
        assert nums(last(search, "犬を飼い始めた"))[0] == ("x-town", "3")
        assert told.is_set()
        assert search.ready is not None
        assert search.ready.encoders == tuple(one.name for one in installed())
    finally:
        encoding.stop()
        search.stop()


@pytest.mark.system  # starts the search process
def test_a_search_during_imports_is_right_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite3"
    search = SearchProcess(path)
    stopping = threading.Event()
    with Store(path, create=True) as store:
        take(store, [TOWN], TODAY)

    def change() -> None:
        with Store(path) as other:
            while not stopping.is_set():
                take(other, [CATS], TODAY)
                undo(other, TODAY)
                stopping.wait(0.05)

    changing = threading.Thread(target=change)
    changing.start()
    try:
        for _ in range(60):
            found = nums(last(search, "猫の数の届出、犬の登録"))
            assert ("x-town", "3") in found
            assert len(set(found)) == len(found)
            assert set(found) <= {("x-c", "1"), *(("x-town", one.num) for one in TOWN.articles)}
    finally:
        stopping.set()
        changing.join()
        search.stop()


@pytest.mark.system  # starts the search process
def test_an_error_of_the_search_comes_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite3"
    with Store(path, create=True) as store:
        take(store, [TOWN], TODAY)
    search = SearchProcess(path)
    try:
        with pytest.raises(QuestionError):
            list(search.ask(Question("犬", TODAY, laws=("猫法",))))
        with pytest.raises(QuestionError):
            list(search.ask(Question(" ", TODAY)))
    finally:
        search.stop()


@pytest.mark.system  # starts the import command
def test_one_import_at_a_time(tmp_path: Path) -> None:
    done: list[Job] = []
    importing = Importing(tmp_path / "p.sqlite3", lambda: None, done.append)
    importing.begin(Order("sample", "op"))
    with pytest.raises(BusyError):
        importing.begin(Order("undo", "op"))
    importing.wait()
    importing.begin(Order("import", "op", (tmp_path / "absent.xml",)))
    importing.wait()
    assert [(job.running, job.exit_code) for job in done] == [(False, 0), (False, 2)]
    assert done[0].summary["new"] == 96
    assert "there is no such file" in done[1].problem
    importing.stop()


@pytest.mark.system  # starts the import command
def test_an_import_that_takes_too_much_memory_ends_and_shows_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Job] = []
    store = tmp_path / "p.sqlite3"
    importing = Importing(store, lambda: None, done.append)
    monkeypatch.setattr(importing_module, "MEMORY", 64 << 20)
    importing.begin(Order("sample", "op"))
    importing.wait()
    assert (done[0].problem, done[0].summary) == (importing_module.CUT_OFF, {})
    monkeypatch.undo()
    importing.begin(Order("sample", "op"))
    importing.wait()
    assert (done[1].problem, done[1].summary["new"]) == ("", 96)
    importing.stop()


def test_an_import_that_cannot_be_started_blocks_no_later_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Job] = []
    cleared = threading.Event()
    importing = Importing(tmp_path / "p.sqlite3", lambda: None, done.append)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "absent"))
    for _ in range(2):
        importing.begin(Order("sample", "op"), cleared.set)
        importing.wait()
    assert [(job.running, job.exit_code) for job in done] == [(False, 1)] * 2
    assert "import again" in done[0].problem
    assert cleared.is_set()


def test_an_import_that_begins_while_the_hub_stops_ends_at_once(tmp_path: Path) -> None:
    done: list[Job] = []
    importing = Importing(tmp_path / "p.sqlite3", lambda: None, done.append)
    importing.stop()
    importing.begin(Order("sample", "op"))
    importing.wait()
    assert [job.exit_code for job in done] == [-9]
    assert not (tmp_path / "p.sqlite3").exists()


@pytest.mark.parametrize("said", ['{"encoder": "x", "do', None])
def test_encoding_outlives_a_child_that_breaks_off_or_cannot_start(
    tmp_path: Path, said: str | None
) -> None:
    path = tmp_path / "p.sqlite3"
    with Store(path, create=True) as store:
        take(store, [TOWN], TODAY)
    encoding = Encoding(path, None, lambda: None)
    broken = [sys.executable, "-c", f"print({said!r}); raise SystemExit(3)"]
    encoding._command = [str(tmp_path / "absent")] if said is None else broken
    assert not encoding._look()
    assert "process" in encoding.state.problem
    assert not encoding.state.running


def test_an_undo_and_another_import_make_another_edition(tmp_path: Path) -> None:
    with Store(tmp_path / "p.sqlite3", create=True) as store:
        seen: list[str] = []
        for one in (TOWN, CATS):
            take(store, [one], TODAY)
            with store.reading() as connection:
                seen.append(edition(connection))
            undo(store, TODAY)
        assert len(set(seen)) == 2
        assert {one.split("/")[0] for one in seen} == {"1"}


def test_only_what_lies_in_the_folder_is_offered(tmp_path: Path) -> None:
    folder = tmp_path / "laws"
    (folder / "egov").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("# x\n\n## y\n\nz", encoding="utf-8")
    for name in ("egov/a.xml", "b.jsonl.gz", "c.exe", ".d.md", "README.md", "e.zip"):
        (folder / name).write_bytes(b"")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    settings = Precedents(folder=folder)
    assert [one.path for one in offers(settings)] == ["b.jsonl.gz", "e.zip", "egov", "egov/a.xml"]
    assert offered(settings, "egov") == folder / "egov"
    for wrong in ("../secret.md", "link.md", "", "/etc/passwd"):
        with pytest.raises(SourceError):
            offered(settings, wrong)
    assert offers(Precedents()) == ()
    assert publishers(Precedents()) == {}


def test_an_upload_gets_a_safe_name(tmp_path: Path) -> None:
    with (tmp_path / "src").open("wb+") as content:
        kept = save_upload(tmp_path, "..\\..\\犬;の 覚え.md", content)
        assert kept == tmp_path / "犬_の 覚え.md"
        with pytest.raises(SourceError, match="no known form"):
            save_upload(tmp_path, "x.exe", content)


def test_a_zip_is_read_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "laws.zip"
    row = '{"law": "犬条例", "num": "1", "text": "登録", "snapshot": "2026-01"}'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/b/laws.jsonl", row)
        archive.writestr("SOURCE.md", "# about")
        archive.writestr("x.exe", b"MZ")
    heard: list[tuple[str, int, int]] = []
    found = list(read_files([path], lambda name, done, whole: heard.append((name, done, whole))))
    assert [one.title for one in found] == ["犬条例"]
    assert heard == [("reading", 1, 1)]
    path.write_bytes(b"PK no zip")
    with pytest.raises(SourceError, match="no zip that can be read"):
        list(read_files([path]))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.exe", b"MZ")
    with pytest.raises(SourceError, match="holds no file to import"):
        list(read_files([path]))
