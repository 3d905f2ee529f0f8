"""Files and folders to import: opened within bounds, read by the form that their name says."""

import logging
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from hub.precedents.article import Revision
from hub.precedents.errors import SourceError
from hub.precedents.sources.json_lines import read_rows
from hub.precedents.sources.law_xml import read_law
from hub.precedents.sources.markdown import read_markdown
from hub.precedents.sources.office_text import is_office_id
from hub.precedents.sources.questions import read_questions

LARGEST: Final = 256 * 1024 * 1024
LARGEST_ZIP: Final = 4 * 1024 * 1024 * 1024  # unpacked; all laws of e-Gov are about half of it
MOST_IN_ZIP: Final = 100_000
READING: Final = "reading"
SAMPLE: Final = Path(__file__).parent.parent / "collection_sample" / "handbook.jsonl"
ABOUT: Final = frozenset({"README.md", "SOURCE.md", "LICENSE.md", "NOTICE.md"})  # no office's notes
DAMAGED: Final = (
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)  # what reading a zip raises that was cut off or changed on the way
Progress = Callable[[str, int, int], None]
Reader = Callable[[str, bytes], list[Revision]]
READERS: Final[dict[str, Reader]] = {
    ".xml": lambda name, octets: [read_law(name, octets)],
    ".jsonl": lambda name, octets: read_rows(name, octets.splitlines()),
    ".md": lambda name, octets: [read_markdown(name, octets)],
    ".csv": lambda name, octets: [read_questions(name, octets)],
}

logger = logging.getLogger(__name__)


def suffix_of(path: Path) -> str:
    """The suffix that tells the form: that before `.gz`, where there is one."""
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


def suffixes() -> str:
    """The known forms, for a sentence."""
    return f"{', '.join(READERS)}, also with .gz or in a .zip"


def files_below(paths: Iterable[Path]) -> list[Path]:
    """Every file of a known form: those named, and those in the folders named, sorted."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
            found += [one for one in below if is_known(one)]
        elif path.is_file():
            found.append(path)
        else:
            raise SourceError(f"{path}: there is no such file or folder")
    if not found:
        raise SourceError(f"no file to import; known forms: {suffixes()}")
    return found


def is_known(path: Path) -> bool:
    """Whether a file in a folder is of a known form, by its name."""
    return (suffix_of(path) in READERS or is_zip(path)) and path.name not in ABOUT


def is_zip(path: Path) -> bool:
    """Whether a file is a zip by its name."""
    return path.suffix.lower() == ".zip"


def read_files(paths: Iterable[Path], progress: Progress | None = None) -> Iterator[Revision]:
    """The revisions in the files, in order; SourceError names the file that is not in order.

    `progress` is told READING, how many files are read, and how many there are.
    """
    return told_apart(_read_all(files_below(paths), progress))


def _read_all(
    files: Sequence[Path], progress: Progress | None
) -> Iterator[tuple[str, list[Revision]]]:
    """Each file, as a sentence may name it, with its revisions."""
    for place, path in enumerate(files, 1):
        if is_zip(path):
            for inside, name, octets in _unzipped(path):
                yield f"{path.name}/{inside}", read_octets(name, unpacked(name, octets))
        else:
            yield str(path), read_octets(path.name, octets_of(path))
        if progress is not None:
            progress(READING, place, len(files))


def told_apart(found: Iterable[tuple[str, list[Revision]]]) -> Iterator[Revision]:
    """The revisions of one import's files; SourceError where two files give one office text.

    The log says which law files name no day, since they count from the day of the import.
    """
    givers: dict[tuple[str, str], tuple[str, bytes]] = {}
    undated: list[str] = []
    for where, revisions in found:
        for one in revisions:
            if is_office_id(one.law_id):
                giver, digest = givers.setdefault((one.law_id, one.name), (where, one.digest))
                if digest != one.digest:
                    raise SourceError(
                        f"{where}: is called {one.title} as {giver} is, with another text;"
                        " rename one of them, or say in each who issues it or of which day it is"
                    )
            elif one.starts is None and one.snapshot and suffix_of(Path(where)) == ".xml":
                undated.append(where)
        yield from revisions
    if undated:
        logger.warning(
            "%d law files name no day and count from today, %s first; e-Gov's own file names do",
            len(undated),
            undated[0],
        )


def _unzipped(path: Path) -> Iterator[tuple[str, str, bytes]]:
    """A zip's files of known forms, together at most LARGEST_ZIP bytes: path, name, content."""
    left = LARGEST_ZIP
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                one for one in archive.infolist() if suffix_of(Path(one.filename)) in READERS
            ]
            for member in members[: MOST_IN_ZIP + 1]:
                name = Path(member.filename).name
                with archive.open(member) as stream:
                    octets = stream.read(min(LARGEST, left) + 1)
                left -= len(octets)
                if left < 0 or len(octets) > LARGEST or len(members) > MOST_IN_ZIP:
                    raise SourceError(f"{path.name}: holds more than is taken; split it")
                if name not in ABOUT:
                    yield member.filename, name, octets
    except DAMAGED as error:
        raise SourceError(f"{path.name}: is no zip that can be read: {error}") from error
    if not members:
        raise SourceError(f"{path.name}: holds no file to import; known forms: {suffixes()}")


def read_octets(name: str, octets: bytes) -> list[Revision]:
    """The revisions in one file's content, unpacked."""
    reader = READERS.get(suffix_of(Path(name)))
    if reader is None:
        raise SourceError(f"{name}: is of no known form; known are {suffixes()}")
    try:
        return reader(name, octets)
    except SourceError as error:
        raise error if name in str(error) else SourceError(f"{name}: {error}") from error


def octets_of(path: Path) -> bytes:
    """A file's content, unpacked where its name ends in .gz; SourceError past LARGEST."""
    try:
        with path.open("rb") as stream:
            octets = stream.read(LARGEST + 1)
    except OSError as error:
        raise SourceError(f"{path.name}: cannot be read: {error.strerror}") from error
    if len(octets) > LARGEST:
        raise SourceError(f"{path.name}: is larger than {LARGEST} bytes")
    return unpacked(path.name, octets)


def unpacked(name: str, octets: bytes) -> bytes:
    """The content of a gzip file, bounded; other content as it is."""
    if not name.lower().endswith(".gz"):
        return octets
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = unpacker.decompress(octets, LARGEST + 1)
    except zlib.error as error:
        raise SourceError(f"{name}: is no gzip file: {error}") from error
    if len(content) > LARGEST or not unpacker.eof:
        raise SourceError(f"{name}: is cut off, or larger than {LARGEST} bytes unpacked")
    return content
