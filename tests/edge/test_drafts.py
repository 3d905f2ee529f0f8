"""Drafts: open only with the key and under the name they had."""

from pathlib import Path

import pytest

from edge.drafts import DraftStore
from edge.errors import DraftError

KEY = bytes(range(32))
OTHER = bytes(32)


def test_a_draft_survives_the_process_and_is_noise_on_the_disk(tmp_path: Path) -> None:
    DraftStore(tmp_path, KEY).put("session", "氏名 渡邉".encode())
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "渡邉".encode() not in on_disk
    assert DraftStore(tmp_path, KEY).get("session") == "氏名 渡邉".encode()
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_another_key_or_another_name_opens_nothing(tmp_path: Path) -> None:
    store = DraftStore(tmp_path, KEY)
    store.put("session", b"content")
    with pytest.raises(DraftError, match="another key"):
        DraftStore(tmp_path, OTHER).get("session")
    (tmp_path / "session.draft").rename(tmp_path / "other.draft")
    with pytest.raises(DraftError):
        store.get("other")


def test_a_changed_byte_is_seen(tmp_path: Path) -> None:
    store = DraftStore(tmp_path, KEY)
    store.put("session", b"content")
    path = tmp_path / "session.draft"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(DraftError):
        store.get("session")


def test_absent_replaced_removed_and_listed(tmp_path: Path) -> None:
    store = DraftStore(tmp_path, KEY)
    assert store.get("session") is None
    store.put("session", b"one")
    store.put("session", b"two")
    store.put("returned-1", b"three")
    assert store.get("session") == b"two"
    assert store.names() == ("returned-1", "session")
    store.remove("session")
    store.remove("session")
    assert store.names() == ("returned-1",)


def test_drafts_of_an_earlier_start_of_the_machine_are_dropped(tmp_path: Path) -> None:
    DraftStore(tmp_path, OTHER).put("old", b"x")
    store = DraftStore(tmp_path, KEY)
    store.put("new", b"y")
    assert store.drop_unreadable() == 1
    assert store.names() == ("new",)


def test_a_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(DraftError):
        DraftStore(tmp_path, KEY).put("../evil", b"x")


def test_a_log_grows_over_restarts_and_loses_only_a_torn_tail(tmp_path: Path) -> None:
    log = DraftStore(tmp_path, KEY).log("ink")
    log.append(b"one")
    log.append(b"two")
    log.sync()
    log.close()
    path = tmp_path / "ink.log"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:9])
    again = DraftStore(tmp_path, KEY).log("ink")
    assert list(again.records()) == [b"one", b"two"]
    again.append(b"three")
    assert list(again.records()) == [b"one", b"two", b"three"]
    again.close()
    assert b"one" not in path.read_bytes()


def test_records_of_a_log_cannot_be_reordered_or_taken_from_another(tmp_path: Path) -> None:
    store = DraftStore(tmp_path, KEY)
    log = store.log("ink")
    log.append(b"same length 1")
    log.append(b"same length 2")
    data = (tmp_path / "ink.log").read_bytes()
    half = len(data) // 2
    (tmp_path / "ink.log").write_bytes(data[half:] + data[:half])
    assert list(log.records()) == []
    (tmp_path / "other.log").write_bytes(data)
    other = store.log("other")
    assert list(other.records()) == []
    other.close()
    store.remove_log("ink")
    log.close()
    assert not (tmp_path / "ink.log").exists()
