"""Files and folders to import: opened within bounds, read by the form that their name says."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from hub.precedents.article import Revision
from hub.precedents.errors import SourceError
from hub.precedents.sources.json_lines import read_rows
from hub.precedents.sources.law_xml import read_law
from hub.precedents.sources.office_files import read_markdown, read_questions

LARGEST: Final = 256 * 1024 * 1024
ABOUT: Final = frozenset({"README.md", "SOURCE.md", "LICENSE.md", "NOTICE.md"})  # no office's notes
Reader = Callable[[str, bytes], list[Revision]]
READERS: Final[dict[str, Reader]] = {
    ".xml": lambda name, octets: [read_law(name, octets)],
    ".jsonl": lambda name, octets: read_rows(name, octets.splitlines()),
    ".md": lambda name, octets: [read_markdown(name, octets)],
    ".csv": lambda name, octets: [read_questions(name, octets)],
}


def suffix_of(path: Path) -> str:
    """The suffix that tells the form: that before `.gz`, where there is one."""
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


def files_below(paths: Iterable[Path]) -> list[Path]:
    """Every file of a known form: those named, and those in the folders named, sorted."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
            found += [one for one in below if suffix_of(one) in READERS and one.name not in ABOUT]
        elif path.is_file():
            found.append(path)
        else:
            raise SourceError(f"{path}: there is no such file or folder")
    if not found:
        raise SourceError(f"no file to import; known forms: {', '.join(READERS)}, also with .gz")
    return found


def read_files(paths: Iterable[Path]) -> Iterator[Revision]:
    """The revisions in the files, in order; SourceError names the file that is not in order."""
    for path in files_below(paths):
        yield from read_octets(path.name, octets_of(path))


def read_octets(name: str, octets: bytes) -> list[Revision]:
    """The revisions in one file's content, unpacked."""
    reader = READERS.get(suffix_of(Path(name)))
    if reader is None:
        raise SourceError(f"{name}: is of no known form; known are {', '.join(READERS)}")
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
