"""A damaged, foreign or missing artefact is refused with its name and hash."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from models import manifest
from models.errors import ArtefactError, ModelError
from models.recogniser import ARTEFACTS, Recogniser

FILES = [
    "encoder.tflite",
    "basis.npz",
    "gallery_lead.npy",
    "gallery_rest.npy",
    "kanjivg/prototypes.npz",
    "labels.npz",
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ARTEFACTS, tmp_path / "strokes"))


def test_every_artefact_is_listed_and_is_the_listed_one() -> None:
    listed = manifest.load(ARTEFACTS)
    assert sorted(listed.files) == sorted(FILES)
    for name, digest in listed.files.items():
        assert hashlib.sha256(listed.read(name)).hexdigest() == digest


def test_one_set_stays_below_twelve_megabytes() -> None:
    assert sum((ARTEFACTS / name).stat().st_size for name in FILES) < 12_000_000


@pytest.mark.parametrize("name", FILES)
def test_one_changed_bit_is_refused_with_name_and_hash(copy: Path, name: str) -> None:
    path = copy / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    with pytest.raises(ArtefactError) as refused:
        Recogniser.load(folder=copy)
    assert name in str(refused.value)
    assert hashlib.sha256(data).hexdigest() in str(refused.value)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ArtefactError, match=Path(name).name):
        Recogniser.load(folder=copy)


def test_the_prototypes_are_not_needed(copy: Path) -> None:
    shutil.rmtree(copy / "kanjivg")
    found = Recogniser.load(folder=copy, prototypes=False).recognise([[[0, 0], [100, 2]]])
    assert found.candidates[0].text == "一"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2}', '{"format": 2, "files": 3, "settings": {}}', "\x00\xff"],
)
def test_what_is_no_manifest_is_refused(copy: Path, text: str) -> None:
    (copy / manifest.NAME).write_text(text, encoding="latin-1")
    with pytest.raises(ArtefactError, match="manifest"):
        Recogniser.load(folder=copy)


def test_another_format_is_refused(copy: Path) -> None:
    table = json.loads((copy / manifest.NAME).read_text())
    (copy / manifest.NAME).write_text(json.dumps({**table, "format": 3}))
    with pytest.raises(ArtefactError, match="format 3"):
        Recogniser.load(folder=copy)


def test_settings_of_another_version_are_refused(copy: Path) -> None:
    table = json.loads((copy / manifest.NAME).read_text())
    table["settings"]["fusion"]["unheard_of"] = 1
    (copy / manifest.NAME).write_text(json.dumps(table))
    with pytest.raises(ArtefactError, match="version"):
        Recogniser.load(folder=copy)


def test_a_listed_file_that_is_no_model_is_refused(copy: Path) -> None:
    """Hashes agree, the content is foreign all the same."""
    table = json.loads((copy / manifest.NAME).read_text())
    (copy / "encoder.tflite").write_bytes(b"not a model at all" * 9)
    manifest.write(copy, list(table["files"]), table["settings"])
    with pytest.raises(ModelError, match="encoder with SHA-256"):
        Recogniser.load(folder=copy)


@pytest.mark.parametrize("name", FILES[1:])
def test_a_listed_file_that_is_no_table_is_refused(copy: Path, name: str) -> None:
    table = json.loads((copy / manifest.NAME).read_text())
    (copy / name).write_bytes(b"no table")
    manifest.write(copy, list(table["files"]), table["settings"])
    with pytest.raises(ArtefactError, match=Path(name).name):
        Recogniser.load(folder=copy)


def test_a_file_outside_the_list_cannot_be_read(copy: Path) -> None:
    with pytest.raises(ArtefactError, match="does not list"):
        manifest.load(copy).read("LICENSE")
