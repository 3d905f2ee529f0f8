"""The supervisor's parts: backoff, lifeline, sd_notify."""

import os
import socket
import threading
from pathlib import Path

import pytest

from edge.lifeline import DRAFT_KEY_BYTES, Lifeline
from edge.processes import PROCESSES
from edge.service_notice import notify
from edge.supervisor import Backoff


def test_a_process_that_keeps_dying_is_started_ever_more_slowly() -> None:
    backoff = Backoff(first=0.2, ceiling=5.0, forgiven_after=60.0)
    waits, wait = [], 0.0
    for _ in range(8):
        wait = backoff.after(wait, lived=1.0)
        waits.append(wait)
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]
    assert backoff.after(wait, lived=61.0) == 0.2


def test_the_process_list_is_readable_and_every_name_is_its_own() -> None:
    assert [process.name for process in PROCESSES] == ["counter"]
    assert all(process.arguments for process in PROCESSES)


def test_the_draft_key_comes_over_the_lifeline_and_its_end_is_noticed() -> None:
    ours, theirs = socket.socketpair()
    lifeline = Lifeline(theirs.detach())
    key = os.urandom(DRAFT_KEY_BYTES)
    ours.sendall(key[:5])
    ours.sendall(key[5:])
    assert lifeline.draft_key() == key
    lifeline.alive()
    lifeline.ready()
    assert ours.recv(8) == b".!"
    gone = threading.Event()
    lifeline.watch(gone.set)
    assert not gone.wait(0.05)
    ours.close()
    assert gone.wait(5)
    lifeline.alive()
    lifeline._socket.close()


def test_a_supervisor_that_ends_before_the_key_is_an_error() -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    lifeline = Lifeline(theirs.detach())
    with pytest.raises(EOFError):
        lifeline.draft_key()
    lifeline._socket.close()


def test_systemd_is_told_where_it_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify("READY=1")
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(address)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        assert notify("READY=1")
        assert receiver.recv(64) == b"READY=1"
