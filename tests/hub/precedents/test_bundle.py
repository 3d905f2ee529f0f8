"""Bundles: only what the publisher signed is taken, never an older statement."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
)

from hub.precedents.bundle import MANIFEST, SIGNATURE, open_bundle, read_key
from hub.precedents.bundle_making import make_bundle, read_private_key
from hub.precedents.errors import BundleError, SourceError

ROW = {"law": "戸籍法", "num": "1", "paragraphs": ["甲"], "snapshot": "2013-12"}
KEY = ed25519.Ed25519PrivateKey.generate()


def written(folder: Path, **changes: object) -> Path:
    """A bundle in a folder, signed by KEY."""
    folder.mkdir(exist_ok=True)
    octets = json.dumps(ROW).encode()
    (folder / "laws.jsonl").write_bytes(octets)
    digest = hashlib.sha256(octets).hexdigest()
    manifest: dict[str, Any] = {"form": "madoguchi-precedents/1", "name": "mirror", "version": 3}
    manifest |= {"complete": True}
    manifest |= {"files": [{"path": "laws.jsonl", "sha256": digest, "size": len(octets)}]} | changes
    text = json.dumps(manifest).encode()
    (folder / MANIFEST).write_bytes(text)
    (folder / SIGNATURE).write_bytes(base64.b64encode(KEY.sign(text)))
    return folder


def test_a_signed_bundle_is_read_from_folder_and_zip(tmp_path: Path) -> None:
    folder = written(tmp_path / "bundle")
    packed = tmp_path / "bundle.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    for source in (folder, packed):
        bundle = open_bundle(source, KEY.public_key())
        assert (bundle.mark.name, bundle.mark.version, bundle.mark.complete) == ("mirror", 3, True)
        assert [one.title for one in bundle.revisions()] == ["戸籍法"]


@pytest.mark.parametrize("form", ["der", "raw"])
def test_the_office_s_own_kind_of_key_signs_too(tmp_path: Path, form: str) -> None:
    folder = written(tmp_path / "bundle")
    private = ec.generate_private_key(ec.SECP256R1())
    signature = private.sign((folder / MANIFEST).read_bytes(), ec.ECDSA(SHA256()))
    if form == "raw":
        signature = b"".join(part.to_bytes(32, "big") for part in decode_dss_signature(signature))
    (folder / SIGNATURE).write_bytes(base64.b64encode(signature))
    pem = tmp_path / "key.pem"
    pem.write_bytes(
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    assert list(open_bundle(folder, read_key(pem)).revisions())


def test_another_key_or_another_manifest_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path / "bundle")
    with pytest.raises(BundleError, match="signature"):
        open_bundle(folder, ed25519.Ed25519PrivateKey.generate().public_key())
    (folder / MANIFEST).write_bytes((folder / MANIFEST).read_bytes().replace(b"3", b"4"))
    with pytest.raises(BundleError, match="signature"):
        open_bundle(folder, KEY.public_key())
    (folder / SIGNATURE).unlink()
    with pytest.raises(BundleError):
        open_bundle(folder, KEY.public_key())


@pytest.mark.parametrize("octets", [b"{}", b"", json.dumps(ROW | {"num": "2"}).encode()])
def test_a_file_that_was_not_signed_is_refused(tmp_path: Path, octets: bytes) -> None:
    folder = written(tmp_path / "bundle")
    (folder / "laws.jsonl").write_bytes(octets)
    with pytest.raises(BundleError, match=r"laws\.jsonl"):
        list(open_bundle(folder, KEY.public_key()).revisions())


@pytest.mark.parametrize("name", [MANIFEST, "laws.jsonl"])
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_refused_as_other_damage_is(
    tmp_path: Path, name: str, method: int
) -> None:
    folder, packed = written(tmp_path / "bundle"), tmp_path / "bundle.zip"
    with zipfile.ZipFile(packed, "w", method) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
        member = archive.getinfo(name)
    octets = bytearray(packed.read_bytes())
    start = member.header_offset + 30 + len(name)
    octets[start : start + member.compress_size] = b"\xff" * member.compress_size
    packed.write_bytes(octets)
    with pytest.raises(BundleError, match=rf"{name} cannot be read.*nothing was taken") as refused:
        list(open_bundle(packed, KEY.public_key()).revisions())
    assert refused.value.exit_code == 5


def test_two_texts_of_one_name_in_a_bundle_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "laws"
    for section in ("a", "b"):
        (folder / section).mkdir(parents=True)
        (folder / section / "memo.md").write_text(f"# 覚え\n\n{section}", encoding="utf-8")
    make_bundle(folder, KEY, "mirror", 1, complete=False)
    with pytest.raises(SourceError, match=r"b/memo\.md.*a/memo\.md.*rename"):
        list(open_bundle(folder, KEY.public_key()).revisions())


FILE = {"path": "laws.jsonl", "sha256": "0" * 64, "size": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"form": "other/1"},
        {"name": "../x"},
        {"version": 0},
        {"version": True},
        {"complete": "yes"},
        {"files": None},
        {"files": [FILE, FILE]},
        *({"files": [FILE | {"path": path}]} for path in ("../a.xml", "/a.xml", "a//b.xml")),
        {"files": [FILE | {"size": -1}]},
        {"files": [FILE | {"sha256": "x"}]},
    ],
)
def test_a_signed_manifest_of_another_form_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(BundleError):
        open_bundle(written(tmp_path / "bundle", **changes), KEY.public_key())


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = written(tmp_path / "bundle")
    (tmp_path / "outside.jsonl").write_bytes((folder / "laws.jsonl").read_bytes())
    (folder / "laws.jsonl").unlink()
    (folder / "laws.jsonl").symlink_to(tmp_path / "outside.jsonl")
    with pytest.raises(BundleError, match="leads out"):
        list(open_bundle(folder, KEY.public_key()).revisions())


def test_a_signed_file_that_is_no_law_is_refused_all_the_same(tmp_path: Path) -> None:
    octets = b"<html/>"
    digest = hashlib.sha256(octets).hexdigest()
    file = {"path": "a.xml", "sha256": digest, "size": len(octets)}
    folder = written(tmp_path / "bundle", files=[file])
    (folder / "a.xml").write_bytes(octets)
    with pytest.raises(SourceError):
        list(open_bundle(folder, KEY.public_key()).revisions())


def test_what_is_no_key_or_no_bundle_is_said(tmp_path: Path) -> None:
    other = tmp_path / "key.pem"
    other.write_text("no key", encoding="utf-8")
    with pytest.raises(BundleError, match="PEM"):
        read_key(other)
    with pytest.raises(BundleError):
        open_bundle(other, KEY.public_key())
    curve = ec.generate_private_key(ec.SECP384R1()).public_key()
    other.write_bytes(curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(BundleError, match="P-256"):
        read_key(other)


@pytest.mark.parametrize("kind", ["ed25519", "p256"])
def test_a_publisher_makes_a_bundle_that_hubs_take(tmp_path: Path, kind: str) -> None:
    key = KEY if kind == "ed25519" else ec.generate_private_key(ec.SECP256R1())
    folder = tmp_path / "laws"
    (folder / "xml").mkdir(parents=True)
    (folder / "laws.jsonl").write_text(json.dumps(ROW), encoding="utf-8")
    (folder / "README.md").write_text("# not a note of an office", encoding="utf-8")
    assert make_bundle(folder, key, "mirror", 4, complete=True) == 1
    bundle = open_bundle(folder, key.public_key())
    assert (bundle.mark.version, [one.title for one in bundle.revisions()]) == (4, ["戸籍法"])
    (folder / "laws.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(BundleError, match="not the file that the publisher signed"):
        list(open_bundle(folder, key.public_key()).revisions())


def test_what_no_hub_would_take_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no such folder"):
        make_bundle(tmp_path / "absent", KEY, "mirror", 1, complete=False)
    with pytest.raises(BundleError, match="no file of a known form"):
        make_bundle(tmp_path, KEY, "mirror", 1, complete=False)
    (tmp_path / "laws.jsonl").write_text(json.dumps(ROW), encoding="utf-8")
    with pytest.raises(BundleError, match="not of the form"):
        make_bundle(tmp_path, KEY, "mirror", 0, complete=False)


def test_a_private_key_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    secret = BestAvailableEncryption(b"a long passphrase")
    path = tmp_path / "key.pem"
    path.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))
    assert read_private_key(path, "a long passphrase").public_key() == KEY.public_key()
    for wrong in (None, "another"):
        with pytest.raises(BundleError, match="no private key"):
            read_private_key(path, wrong)
