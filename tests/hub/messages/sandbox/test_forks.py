"""Forks of one child: none sees another's order, speaks for it, or outlives its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.messages.sandbox.confinement import Confinement, command, confinement
from hub.messages.sandbox.exchange import end, exchange, start

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        confinement() is not Confinement.BUBBLEWRAP, reason="forks need a process namespace"
    ),
]
Ask = Callable[[bytes], bytes]


@pytest.fixture
def ask() -> Iterator[Ask]:
    root = Path(__file__).parents[4]
    line = command(Confinement.BUBBLEWRAP, ("-m", "tests.hub.messages.sandbox.forking_child"))
    line[line.index("--chdir") + 1] = str(root)
    child = start(line)
    asked: list[bytes] = []

    def exchanged(data: bytes) -> bytes:
        asked.append(data)
        return exchange(child, b"%d\n" % len(data) + data, fresh=len(asked) == 1)

    yield exchanged
    end(child)


def test_one_child_answers_many_documents(ask: Ask):
    assert [ask(b"a"), ask(b"b"), ask(b"")] == [b"said a\n", b"said b\n", b"said \n"]


def test_what_a_document_leaves_running_is_ended_before_the_next(ask: Ask):
    before = ask(b"processes")
    assert ask(b"linger") == b"lingered\n"
    assert ask(b"processes") == before


@pytest.mark.parametrize("data", [b"two", b"die"])
def test_a_fork_says_one_line_or_nothing_is_believed(ask: Ask, data: bytes):
    assert ask(data) == b"!\n"
    assert ask(b"next") == b"said next\n"


def test_a_fork_cannot_reach_the_pipe_of_the_next_order(ask: Ask):
    assert ask(b"peek") == b"['PermissionError', 'PermissionError'] closed\n"


def test_forks_are_refused_where_they_could_not_be_ended():
    line = [sys.executable, "-m", "hub.messages.sandbox.child", "--again"]
    done = subprocess.run(line, input=b"", capture_output=True, check=False)
    assert done.returncode == 1
    assert b"namespace" in done.stderr
