"""`channels list` and `channels check`, and channels out of the settings of an office."""

import json
from pathlib import Path

import pytest

from hub.command_line import main
from hub.errors import ChannelSettingsError, SettingsError
from hub.messages.channels.channel import TemporaryError
from hub.messages.channels.letters.window import load_window
from hub.messages.channels.secrets import read_secret
from hub.messages.delivery.tariff import Tariff
from hub.settings import load
from tests.hub.conftest import Desk

CONFIGURATION = """\
[office]
code = "131016"
name = "見本市"
environment = "demo"
[channels.mynaportal]
url = "http://127.0.0.1:9"
token_file = "token"
check_address = "office"
timeout_seconds = 2
[channels.letter]
folder = "print"
"""


@pytest.fixture
def configuration(desk: Desk) -> Path:
    path = desk.office.settings.state.folder.parent / "hub.toml"
    path.write_text(CONFIGURATION, encoding="utf-8")
    (path.parent / "print").mkdir()
    (path.parent / "token").write_text("secret token\n", encoding="ascii")
    return path


def test_channels_are_listed(configuration: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["channels", "list", "--json", "--config", str(configuration)]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["state"], row["waiting"]) for row in rows] == [
        ("mynaportal", "open", 0),
        ("letter", "open", 0),
    ]


def test_a_check_says_why_not(configuration: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["channels", "check", "mynaportal", "--json", "--config", str(configuration)]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["ok"] is False
    assert json.loads(said.out)["reason"] == "unreachable_ConnectionRefusedError"
    assert "secret token" not in said.out + said.err


def test_a_check_of_the_printer_writes_into_its_folder(
    configuration: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["channels", "check", "letter", "--config", str(configuration)]) == 0
    assert "ok" in capsys.readouterr().out
    assert (configuration.parent / "print" / "check" / "check.txt").is_file()


def test_an_unknown_channel_names_those_there_are(
    configuration: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["channels", "check", "fax", "--config", str(configuration)]) == 2
    assert "mynaportal, letter" in capsys.readouterr().err


def test_a_misspelt_channel_is_named(tmp_path: Path):
    path = tmp_path / "hub.toml"
    for text in ("[channels.emial]\nhost = 'x'\n", "[channels.email]\nhots = 'x'\n"):
        path.write_text('[office]\ncode = "131016"\n' + text, encoding="utf-8")
        with pytest.raises(SettingsError, match=r"channels\.e.*did you mean channels\.email"):
            load(path)
    path.write_text('[office]\ncode = "131016"\n[channels]\nemail = 1\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"written \[channels\.email\]"):
        load(path)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\n"])
def test_a_secret_that_cannot_be_used_is_temporary(tmp_path: Path, content: bytes):
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(TemporaryError):
        read_secret(tmp_path / "secret")
    with pytest.raises(TemporaryError):
        read_secret(None)
    with pytest.raises(TemporaryError):
        read_secret(tmp_path)


def test_the_block_lies_within_what_is_seen():
    window = load_window("naga3")
    assert window.seen.left <= window.block.left < window.block.right <= window.seen.right
    assert window.seen.top <= window.block.top < window.block.bottom <= window.seen.bottom
    with pytest.raises(ChannelSettingsError):
        load_window("kaku2")


def test_the_tariff_of_the_day_counts(tmp_path: Path):
    tariff = Tariff.load()
    day_us = 24 * 3600 * 1_000_000
    change = 1_727_708_400 * 1_000_000  # 2024-10-01 in Japan
    assert tariff.cost(2, change - 1).postage_yen == 84
    assert tariff.cost(2, change).postage_yen == 110
    assert tariff.cost(10, change - day_us).postage_yen == 94
    (tmp_path / "t.toml").write_text("tariff = 1", encoding="utf-8")
    with pytest.raises(ChannelSettingsError):
        Tariff.load(tmp_path / "t.toml")
