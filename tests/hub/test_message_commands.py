"""`messages make|check|show|import` as a technician types them."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from hub.command_line import main
from hub.messages.message.to_xml import tree
from tests.hub.counter_unit import Town
from tests.hub.messages.message.message_samples import PDF, full
from tests.hub.messages.message.test_fields_file import encoded

pytestmark = pytest.mark.system  # every check starts a child

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    Town(folder / "trust")
    path = folder / "hub.toml"
    path.write_text('[office]\ncode = "132241"\nname = "多摩市"\nenvironment = "demo"\n', "utf-8")
    words = ("--recovery-private", str(folder / "recovery.key"))
    assert main(["init", *words, "--config", str(path)]) == 0
    return path


@pytest.fixture
def message(config: Path, tmp_path: Path, capsys: Capture) -> Path:
    (tmp_path / "fields.json").write_bytes(encoded())
    (tmp_path / "notice.pdf").write_bytes(PDF)
    out = tmp_path / "message.xml"
    words = ("--fields", str(tmp_path / "fields.json"), "--pdf", str(tmp_path / "notice.pdf"))
    assert run(config, "make", *words, "--out", str(out)) == 0
    capsys.readouterr()
    return out


def run(config: Path, *words: str) -> int:
    return main(["messages", *words, "--config", str(config)])


def said(capsys: Capture) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)


def test_a_message_is_made_checked_and_shown(
    config: Path, message: Path, tmp_path: Path, capsys: Capture
):
    assert message.stat().st_mode & 0o077 == 0
    assert run(config, "check", str(message), "--json") == 0
    found = said(capsys)
    assert found["valid"]
    assert found["message"]["recipient"]["atena_no"] == "000000123456789"
    assert found["message"]["main"]["files"][0]["size"] == len(PDF)
    assert run(config, "show", str(message)) == 0
    assert "固定資産税" in capsys.readouterr().out
    assert run(config, "show", str(message), "--html", "--json", "--language", "en") == 0
    assert said(capsys)["text"].startswith('<!DOCTYPE html>\n<html lang="en">')
    assert run(config, "show", str(message), "--pdf", "--json") == 0
    assert base64.b64decode(said(capsys)["base64"]).startswith(b"%PDF-")
    out = tmp_path / "message.pdf"
    assert run(config, "show", str(message), "--pdf", "--large", "--out", str(out)) == 0
    assert out.read_bytes().startswith(b"%PDF-")


def test_a_changed_message_ends_with_five(config: Path, message: Path, capsys: Capture):
    message.write_bytes(message.read_bytes().replace(b">12000<", b">1<"))
    assert run(config, "check", str(message), "--json") == 5
    found = said(capsys)
    assert not found["valid"]
    assert found["problems"][0]["reason"] == "signature"
    assert {"line", "detail", "ja", "en"} < found["problems"][0].keys()
    assert run(config, "show", str(message), "--text") == 5
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "署名が内容と合いません / the signature does not fit the content" in captured.err


def test_others_check_with_the_certificates_that_the_office_gives_out(
    config: Path, message: Path, tmp_path: Path, capsys: Capture
):
    pem = tmp_path / "messages.pem"
    assert run(config, "certificates", "--out", str(pem)) == 0
    words = ("messages", "check", str(message), "--certificate", str(pem))
    assert main([*words, "--config", str(tmp_path / "none.toml")]) == 0
    assert main(["keys", "rotate", "--purpose", "message", "--config", str(config)]) == 0
    assert run(config, "check", str(message)) == 0
    assert capsys.readouterr().out.count("valid, signed at") == 2


def test_a_core_systems_message_is_taken_or_refused_by_line(
    config: Path, tmp_path: Path, capsys: Capture
):
    source, out = tmp_path / "system.xml", tmp_path / "out.xml"
    pretty = etree.tostring(tree(full()), pretty_print=True)
    source.write_bytes(pretty)
    assert run(config, "import", str(source), "--out", str(out), "--json") == 0
    assert said(capsys)["message_id"] == full().message_id
    assert run(config, "check", str(out)) == 0
    capsys.readouterr()
    source.write_bytes(pretty.replace(b"<Yen>12000", b"<Yen>1.5"))
    line = pretty[: pretty.index(b"<Yen>")].count(b"\n") + 1
    out.unlink()
    assert run(config, "import", str(source), "--out", str(out)) == 2
    assert f"{line}: スキーマ" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("check", "none.xml"), "cannot be read"),
        (("make", "--fields", "none.json", "--out", "x"), "cannot be read"),
        (("certificates", "--out", "no/such/folder.pem"), "cannot be written"),
        (("check", "hub.toml", "--certificate", "hub.toml"), "holds no certificate"),
    ],
)
def test_usage_ends_with_two(
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    error: str,
    capsys: Capture,
):
    monkeypatch.chdir(config.parent)
    assert run(config, *words) == 2
    assert error in capsys.readouterr().err
