"""Records what SQLite asks of the disk, and rebuilds what a power cut may leave of it.

Python's sqlite3 uses the system's library, whose file layer (VFS) is a table of C functions. Its
xOpen is replaced here, so that each file gets copies of xWrite, xTruncate and xSync that note the
call and then do it; the code under test knows nothing of it. A power cut keeps what was synced
before. Of what a file was told after its last sync each 512-byte sector is left in one of the
states it has had. Not recorded: the shared-memory index (rebuilt at every start) and directory
entries (taken as durable).
"""

import ctypes
import random
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
SLOTS = 19  # pointers in sqlite3_io_methods, version 3; its version number fills the first
WRITE, TRUNCATE, SYNC = 3, 4, 5

# SQLite keeps the pointer to the name of an open file: that is passed on, not a copy of the text.
_Open = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)
_Delete = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
_Write = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
)
_Truncate = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)
_Sync = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_alive: list[object] = []  # SQLite may call these as long as a file is open


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
        ("delete", ctypes.c_void_p),
    )


@dataclass(frozen=True)
class Step:
    """One thing that SQLite did to a file; `data` None and `offset` None: a sync."""

    name: str
    offset: int | None = None
    data: bytes | None = None
    deleted: bool = False


@dataclass
class Recorder:
    """Everything done below one folder; `promises` says what was promised at which step."""

    folder: Path
    steps: list[Step] = field(default_factory=list[Step])
    before: dict[str, bytes] = field(default_factory=dict[str, bytes])
    promises: list[tuple[int, object]] = field(default_factory=list[tuple[int, object]])

    def promise(self, what: object) -> None:
        """Somebody was told that `what` is safe: every later power cut must leave it."""
        self.promises.append((len(self.steps), what))

    def promised(self, cut: int) -> list[object]:
        """What had been promised before step `cut`."""
        return [what for place, what in self.promises if place <= cut]

    def images(self, count: int, seed: int) -> Iterator[tuple[int, dict[str, bytes]]]:
        """`count` power cuts at random steps: the step, and the files as the cut leaves them."""
        chance = random.Random(seed)  # noqa: S311 - to be repeated, no secret
        cuts = sorted(chance.choices(range(len(self.steps) + 1), k=count))
        disk = _Disk(dict(self.before))
        done = 0
        for cut in cuts:
            for step in self.steps[done:cut]:
                disk.take(step)
            done = cut
            yield cut, disk.after_power_cut(chance)

    def _note(self, step: Step) -> None:
        if step.name.startswith(str(self.folder)):
            self.steps.append(step)


@dataclass
class _Disk:
    """Durable content of each file, and what was told to it since its last sync."""

    durable: dict[str, bytes]
    pending: dict[str, list[Step]] = field(default_factory=dict[str, list[Step]])

    def take(self, step: Step) -> None:
        if step.deleted:
            self.durable.pop(step.name, None)
            self.pending.pop(step.name, None)
        elif step.offset is None:
            content = bytearray(self.durable.get(step.name, b""))
            for told in self.pending.pop(step.name, []):
                _apply(content, told)
            self.durable[step.name] = bytes(content)
        else:
            self.pending.setdefault(step.name, []).append(step)

    def after_power_cut(self, chance: random.Random) -> dict[str, bytes]:
        found = dict(self.durable)
        for name, told in self.pending.items():
            content = bytearray(found.get(name, b""))
            keep = chance.choice(
                (_everything, _nothing, _Torn(chance, len(told)), _Torn(chance, 1))
            )
            for step in told:
                _apply(content, step, keep)
            found[name] = bytes(content)
        return found


def _everything(_sector: int) -> bool:
    return True


def _nothing(_sector: int) -> bool:
    return False


class _Torn:
    """Each sector keeps the first few of its versions, how many is chance."""

    def __init__(self, chance: random.Random, most: int) -> None:
        self._chance = chance
        self._most = most
        self._left: dict[int, int] = {}

    def __call__(self, sector: int) -> bool:
        left = self._left.setdefault(sector, self._chance.randint(0, self._most))
        self._left[sector] = left - 1
        return left > 0


def _apply(content: bytearray, step: Step, keep: Callable[[int], bool] = _everything) -> None:
    assert step.offset is not None
    if step.data is None:
        if keep(-1):
            del content[step.offset :]
        return
    position, end = step.offset, step.offset + len(step.data)
    while position < end:
        stop = min(end, (position // SECTOR + 1) * SECTOR)
        if keep(position // SECTOR):
            content.extend(bytes(max(0, stop - len(content))))
            content[position:stop] = step.data[position - step.offset : stop - step.offset]
        position = stop


def system_library() -> ctypes.CDLL | None:
    """The library that Python's sqlite3 uses, or None when it is built into Python."""
    assert sqlite3.sqlite_version
    for line in Path("/proc/self/maps").read_text().splitlines():
        path = line.rpartition(" ")[2]
        if Path(path).name.startswith("libsqlite3.so"):
            return ctypes.CDLL(path)
    return None


@contextmanager
def recording(library: ctypes.CDLL, folder: Path) -> Generator[Recorder]:
    """Record whatever SQLite does below `folder` with files that are opened inside this block."""
    recorder = Recorder(folder)
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    vfs = library.sqlite3_vfs_find(None).contents
    opened, deleted = vfs.open, vfs.delete
    replaced = _Replaced(recorder, _Open(opened), _Delete(deleted))
    _alive.append(replaced)
    vfs.open = ctypes.cast(replaced.open, ctypes.c_void_p).value
    vfs.delete = ctypes.cast(replaced.delete, ctypes.c_void_p).value
    try:
        yield recorder
    finally:
        vfs.open, vfs.delete = opened, deleted


class _Replaced:
    """Our functions in the place of SQLite's; each notes the call and makes it."""

    def __init__(
        self, recorder: Recorder, opened: Callable[..., int], deleted: Callable[..., int]
    ) -> None:
        self._recorder = recorder
        self._names: dict[int, str] = {}
        self._tables: dict[int, ctypes.Array[ctypes.c_void_p]] = {}

        def on_open(vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
            path = Path(ctypes.string_at(name).decode()) if name else None
            if path is not None and str(path).startswith(str(recorder.folder)):
                content = path.read_bytes() if path.exists() else b""
                recorder.before.setdefault(str(path), content)
            code = opened(vfs, name, file, flags, out)
            methods = ctypes.c_void_p.from_address(file)
            if code == 0 and methods.value and path is not None:
                self._names[file] = str(path)
                methods.value = ctypes.addressof(self._table(methods.value))
            return code

        def on_delete(vfs: int, name: bytes, sync: int) -> int:
            recorder._note(Step(name.decode(), deleted=True))
            return deleted(vfs, name, sync)

        self.open, self.delete = _Open(on_open), _Delete(on_delete)

    def _table(self, address: int) -> "ctypes.Array[ctypes.c_void_p]":
        """A copy of the methods at `address` with three of them replaced."""
        if address not in self._tables:
            table = (ctypes.c_void_p * SLOTS)()
            ctypes.memmove(table, address, ctypes.sizeof(table))
            ours = {
                WRITE: _Write(self._writer(_Write(table[WRITE]))),
                TRUNCATE: _Truncate(self._truncater(_Truncate(table[TRUNCATE]))),
                SYNC: _Sync(self._syncer(_Sync(table[SYNC]))),
            }
            for slot, function in ours.items():
                table[slot] = ctypes.cast(function, ctypes.c_void_p).value
            _alive.append((table, ours))
            self._tables[address] = table
        return self._tables[address]

    def _writer(self, real: Callable[..., int]) -> Callable[..., int]:
        def write(file: int, data: int, size: int, offset: int) -> int:
            self._note(file, offset, ctypes.string_at(data, size))
            return real(file, data, size, offset)

        return write

    def _truncater(self, real: Callable[..., int]) -> Callable[..., int]:
        def truncate(file: int, size: int) -> int:
            self._note(file, size, None)
            return real(file, size)

        return truncate

    def _syncer(self, real: Callable[..., int]) -> Callable[..., int]:
        def sync(file: int, flags: int) -> int:
            code = real(file, flags)
            self._note(file, None, None)
            return code

        return sync

    def _note(self, file: int, offset: int | None, data: bytes | None) -> None:
        self._recorder._note(Step(self._names[file], offset, data))
