"""Children that can be killed: hostile files end in a code, soon, and touch nothing."""

import json
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from hub.messages.documents.result import ReadError
from hub.messages.sandbox import exchange as exchanging
from hub.messages.sandbox import pool as pools
from hub.messages.sandbox.confinement import Confinement, command, confinement, environment
from hub.messages.sandbox.exchange import end, start
from hub.messages.sandbox.pool import PictureError, Pool
from hub.messages.sandbox.wire import GarbledError, Order, decode_part, decode_picture
from tests.hub.messages.samples import HOSTILE, NOTICES, expected_lines, in_process, squashed

pytestmark = pytest.mark.system

HARMLESS = {"js-openaction.pdf", "remote-goto-uri.pdf", "xfa-xxe.pdf"}
"""Their text is read, and that they would act is said."""
INERT = {"xmp-billion-laughs.pdf", "image-bomb.pdf"}
"""What is hostile in them is never looked at."""


@pytest.fixture(scope="module")
def pool():
    with Pool(2) as found:
        yield found


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_a_hostile_file_ends_in_a_code_within_ten_seconds(pool: Pool, path: Path) -> None:
    started = time.monotonic()
    reading = pool.read(path.read_bytes())
    assert time.monotonic() - started < 10
    if path.name in HARMLESS:
        assert {w.code.value for w in reading.warnings} == {"actions"}
    elif path.name not in INERT:
        assert reading.error is not None
        assert reading.pages == ()


def test_the_pool_reads_on_after_hostile_files(pool: Pool) -> None:
    bomb = next(path for path in HOSTILE if path.name.startswith("flate-bomb"))
    good = (NOTICES / "lo-01-table.pdf").read_bytes()
    threads = [threading.Thread(target=pool.read, args=(bomb.read_bytes(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    reading = pool.read(good)
    for thread in threads:
        thread.join()
    found = [squashed(line.text) for line in reading.pages[0].lines]
    assert found == expected_lines("lo-01-table")


def test_what_a_child_says_is_what_was_read(pool: Pool) -> None:
    data = (NOTICES / "bat-01-mail-merge.pdf").read_bytes()
    seen: list[tuple[int, int]] = []
    there = pool.read(data, progress=lambda done, count: seen.append((done, count)))
    here = in_process(data)
    assert [p.text for p in there.pages] == [p.text for p in here.pages]
    assert seen[-1] == (16, 16)


def test_stretches_make_one_document(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (NOTICES / "lo-04-multipage.pdf").read_bytes()
    whole = pool.read(data)
    monkeypatch.setattr(pools, "STRETCH", 1)
    assert pool.read(data) == whole


def test_a_child_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "SECONDS", 0.5)
    deep = next(path for path in HOSTILE if path.name.startswith("deep-array"))
    with Pool(1) as small:
        assert small.read(deep.read_bytes()).error is ReadError.TIME_LIMIT


def test_a_page_is_drawn_as_a_picture(pool: Pool) -> None:
    data = (NOTICES / "lo-01-table.pdf").read_bytes()
    assert pool.picture(data, 0, 50).startswith(b"\x89PNG")
    with pytest.raises(PictureError):
        pool.picture(data, 9)


INSIDE = """
import json, socket, sys
def tried(work):
    try:
        work()
    except OSError as error:
        return type(error).__name__
    return "done"
def connect():
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2).close()
write, look = (lambda: open(sys.argv[2], "w")), (lambda: open(sys.argv[3]))
print(json.dumps([tried(connect), tried(write), tried(look)]))
"""


def inside(kind: Confinement, port: int, folder: Path, secret: Path) -> list[str]:
    line = command(kind)
    line = [*line[: line.index("-m")], "-c", INSIDE, str(port), str(folder / "x"), str(secret)]
    done = subprocess.run(line, capture_output=True, env=environment(), check=True, timeout=30)
    return json.loads(done.stdout)


def test_a_child_reaches_no_socket_and_no_file(tmp_path: Path) -> None:
    if confinement() is Confinement.LIMITS:
        pytest.skip("bubblewrap does not work here; the operator page says so")
    secret = tmp_path / "secret"
    secret.write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        control = inside(Confinement.LIMITS, port, tmp_path, secret)
        assert control == ["done", "done", "done"]
        assert "done" not in inside(Confinement.BUBBLEWRAP, port, tmp_path, secret)


def test_limits_alone_read_too() -> None:
    with Pool(1, kind=Confinement.LIMITS) as alone:
        assert alone.read((NOTICES / "lo-03-vertical.pdf").read_bytes()).error is None
        bomb = next(path for path in HOSTILE if path.name.startswith("flate-bomb"))
        assert alone.read(bomb.read_bytes()).error is not None


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"pages":[1]}', b"\xff", b"[" * 100_000])
def test_an_answer_out_of_form_counts_as_a_crash(answer: bytes) -> None:
    for decode in (decode_part, decode_picture):
        with pytest.raises(GarbledError):
            decode(answer)


def test_an_order_comes_back_as_it_went() -> None:
    order = Order(3, "秘密", 0, 40)
    assert Order.decode(order.encode()) == order


def left_in(group: int) -> list[str]:
    """Processes of a group that are not over."""
    left: list[str] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, of = stat.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        left += [stat.parent.name] if int(of) == group and state not in "ZX" else []
    return left


def test_a_child_ended_while_it_starts_leaves_nobody_waiting_for_it() -> None:
    """Killing bubblewrap alone leaves its own child behind in one of three such starts."""
    for step in range(40):
        child = start(command(confinement()))
        time.sleep(step * 0.0005)
        end(child)
        until = time.monotonic() + 2
        while left_in(child.pid) and time.monotonic() < until:
            time.sleep(0.01)
        assert not left_in(child.pid)
