"""Memory that goes back: a mapped file's pages leave the process, and nothing written is lost."""

import mmap
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.precedents.allocation import give_back, keep_little, let_go

SIZE = 4 << 20


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A file of four mebibytes, in a folder with a space in its name."""
    path = tmp_path / "a folder" / "weights.bin"
    path.parent.mkdir()
    path.write_bytes(bytes(range(256)) * (SIZE // 256))
    return path


def _resident(path: Path) -> int:
    """KiB of a file that are mapped in this process's memory."""

    def sizes() -> Iterator[int]:
        ours = False
        for line in Path("/proc/self/smaps").read_text("utf-8").splitlines():
            first = line.split(maxsplit=1)[0]
            if not first.endswith(":"):
                ours = line.endswith(str(path))
            elif ours and first == "Rss:":
                yield int(line.split()[1])

    return sum(sizes())


def test_pages_of_a_mapped_file_leave_memory_and_come_back(weights: Path) -> None:
    with weights.open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
    before = bytes(mapped)
    assert _resident(weights) > SIZE // 1024 // 2  # the control: reading it brought it in
    let_go(weights)
    assert _resident(weights) == 0
    assert bytes(mapped) == before
    mapped.close()


def test_what_was_written_to_a_private_mapping_stays(weights: Path) -> None:
    with weights.open("rb") as stream:
        mapped = mmap.mmap(
            stream.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE
        )
    mapped[:5] = b"ours!"
    let_go(weights)
    assert mapped[:5] == b"ours!"
    mapped.close()


def test_another_file_keeps_its_pages(weights: Path, tmp_path: Path) -> None:
    with weights.open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
    bytes(mapped)
    let_go(tmp_path / "weights.bin")
    let_go(Path("weights.bin"))
    assert _resident(weights) > 0
    mapped.close()


def test_the_allocator_takes_its_settings_and_goes_on() -> None:
    keep_little()
    assert sum(bytearray(1 << 20)) == 0
    give_back()
