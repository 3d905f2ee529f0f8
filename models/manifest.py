"""The list of artefact files with their SHA-256: nothing is loaded that is not the named file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.sha256 import sha256_hex
from models.errors import ArtefactError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 2
NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """Checked list of one artefact folder; `settings` are the figures that go with the files."""

    folder: Path
    files: dict[str, str]
    settings: dict[str, Any]

    def read(self, name: str) -> bytes:
        """Bytes of a listed file; ArtefactError naming file and hash when they are others."""
        expected = self.files.get(name)
        if expected is None:
            raise ArtefactError(f"{self.folder / NAME} does not list {name}: install the artefacts")
        try:
            data = (self.folder / name).read_bytes()
        except OSError as error:
            raise ArtefactError(
                f"{self.folder / name} cannot be read ({error.strerror}): install it again"
            ) from error
        found = sha256_hex(data)
        if found != expected:
            raise ArtefactError(
                f"{self.folder / name} has SHA-256 {found}, the manifest says {expected}: "
                "damaged or foreign file, install the artefacts again"
            )
        return data


def load(folder: Path) -> Manifest:
    """Manifest of an artefact folder; ArtefactError when it is missing or of another format."""
    path = folder / NAME
    try:
        table = json.loads(path.read_bytes())
        if table["format"] != FORMAT:
            raise ArtefactError(f"{path} has format {table['format']}, this program reads {FORMAT}")
        return Manifest(folder, dict(table["files"]), dict(table["settings"]))
    except OSError as error:
        raise ArtefactError(
            f"{path} cannot be read ({error.strerror}): install the artefacts again"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ArtefactError(f"{path} is not a manifest of artefacts ({error!r})") from error


def write(folder: Path, names: list[str], settings: dict[str, Any]) -> None:
    """Write the manifest of `names` as they lie in `folder`."""
    files = {name: sha256_hex((folder / name).read_bytes()) for name in names}
    table = {"format": FORMAT, "files": files, "settings": settings}
    text = json.dumps(table, indent=2, ensure_ascii=False, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")
