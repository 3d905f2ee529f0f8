"""Tools that are not ours agree: xmllint with the schema, xmlsec1 with the signature."""

import subprocess
from pathlib import Path

import pytest

from hub.keys.message_key import to_pem
from hub.messages.message.making import make
from hub.messages.message.schema import FOLDER
from tests.hub.messages.message.message_samples import NOW, full, key

pytestmark = pytest.mark.system  # needs the programs of Debian


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    (tmp_path / "message.xml").write_bytes(make(full(), key(), NOW))
    (tmp_path / "message.crt").write_bytes(to_pem(key().certificate))
    return tmp_path / "message.xml"


def xmllint(path: Path) -> int:
    line = ["xmllint", "--nonet", "--noout", "--schema", str(FOLDER / "message.xsd"), str(path)]
    return subprocess.run(line, capture_output=True, check=False).returncode


def xmlsec1(path: Path) -> int:
    names = [word for name in ("SignedProperties", "KeyInfo") for word in ("--id-attr:Id", name)]
    pinned = ["--trusted-pem", str(path.with_suffix(".crt")), "--verification-time"]
    line = ["xmlsec1", "--verify", *pinned, "2026-12-01 00:00:00", *names, str(path)]
    return subprocess.run(line, capture_output=True, check=False).returncode


def test_others_find_a_message_valid(signed: Path):
    assert xmllint(signed) == 0
    assert xmlsec1(signed) == 0


def test_others_find_what_was_changed(signed: Path):
    data = signed.read_bytes()
    signed.write_bytes(data.replace(b"<Yen>12000", b"<Yen>12001"))
    assert xmllint(signed) == 0
    assert xmlsec1(signed) != 0
    signed.write_bytes(data.replace(b"<Yen>12000", b"<Yen>0"))
    assert xmllint(signed) != 0
