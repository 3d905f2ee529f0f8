"""What an operator may import from a page: files below one folder, uploads, known publishers."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from hub.precedents.errors import SourceError
from hub.precedents.sources.files import is_known, suffixes
from hub.settings import Precedents

LARGEST_UPLOAD: Final = 64 * 1024 * 1024
MOST: Final = 300
DEEPEST: Final = 3
_UNSAFE: Final = re.compile(r"[^\w.\-（）() 　]")
BUNDLE: Final = "bundle.json"


@dataclass(frozen=True)
class Offer:
    """Something to import: its path below the folder, and whether it is a folder or a bundle."""

    path: str
    folder: bool
    bundle: bool


def offers(settings: Precedents) -> tuple[Offer, ...]:
    """The folders and files of known forms below the folder that is set, at most MOST."""
    root = settings.folder
    if root is None or not root.is_dir():
        return ()
    found: list[Offer] = []
    for path in sorted(root.rglob("*")):
        below = path.relative_to(root)
        hidden = any(part.startswith(".") for part in below.parts)
        if hidden or path.is_symlink() or len(below.parts) > DEEPEST:
            continue
        if path.is_dir():
            found.append(Offer(str(below), folder=True, bundle=(path / BUNDLE).is_file()))
        elif is_known(path):
            found.append(Offer(str(below), folder=False, bundle=False))
        if len(found) == MOST:
            break
    return tuple(found)


def offered(settings: Precedents, chosen: str) -> Path:
    """The path of an offer; SourceError for what is not offered."""
    if settings.folder is None or chosen not in {one.path for one in offers(settings)}:
        raise SourceError("what was chosen is not in the folder any more; load the page again")
    return settings.folder / chosen


def publishers(settings: Precedents) -> dict[str, Path]:
    """The public keys of publishers, by the name of their file."""
    if settings.publishers is None or not settings.publishers.is_dir():
        return {}
    return {path.stem: path for path in sorted(settings.publishers.glob("*.pem"))}


def save_upload(folder: Path, name: str, content: BinaryIO) -> Path:
    """Keep an upload under a safe form of its name; SourceError for a form that is not known."""
    safe = _UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).name)[-120:].lstrip(".")
    path = folder / (safe or "file")
    if not is_known(path):
        raise SourceError(f"{safe or name[:50]}: is of no known form; known are {suffixes()}")
    with path.open("wb") as stream:
        shutil.copyfileobj(content, stream)
    return path
