"""The configuration: every key is shown in the example, and a misspelt one is named."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from hub.command_line import main
from hub.errors import SettingsError
from hub.settings import Settings, keys, load
from intake.office.environment import Environment

EXAMPLE = Path(__file__).parents[2] / "hub" / "hub.example.toml"
MINIMUM = '[office]\ncode = "131016"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "hub.toml"
    path.write_text(text, encoding="utf-8")
    return path


def named(table: dict[str, Any], above: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from named(cast("dict[str, Any]", value), f"{above}{key}.")
        else:
            yield f"{above}{key}"


def test_the_example_shows_every_key_with_its_default():
    text = EXAMPLE.read_text(encoding="utf-8")
    table = tomllib.loads(re.sub(r"(?m)^# (?=\w+ = )", "", text))
    assert set(named(table)) == set(keys())
    loaded, default = load(EXAMPLE), Settings()
    for name in (
        "authority",
        "database",
        "broker",
        "intake",
        "web",
        "review",
        "revocation",
        "channels",
        "delivery",
        "log",
        "channels",
        "delivery",
    ):
        assert getattr(loaded, name) == getattr(default, name)


def test_a_misspelt_key_names_file_key_and_nearest(tmp_path: Path):
    path = written(tmp_path, MINIMUM + "[broker]\nmax_queued_byte = 5\n")
    with pytest.raises(SettingsError, match=r"hub\.toml.*broker\.max_queued_byte.*did you mean "):
        load(path)


@pytest.mark.parametrize(
    "text",
    [
        '[office]\ncode = "13101"\n',
        '[office]\ncode = "131016"\nenvironment = "staging"\n',
        MINIMUM + '[web]\nport = "80"\n',
        MINIMUM + "[web]\nsecure_cookies = false\n",
        MINIMUM + '[web]\ncertificate = "a.pem"\n',
        MINIMUM + "broken",
        "office = 1\n",
        MINIMUM + "[revocation]\nlist_urls = [1]\n",
        MINIMUM + '[revocation]\nlist_urls = "http://crl.test/"\n',
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str):
    with pytest.raises(SettingsError):
        load(written(tmp_path, text))


def test_paths_are_relative_to_the_file(tmp_path: Path):
    settings = load(written(tmp_path, MINIMUM + '[trust]\nfolder = "t"\n'))
    assert settings.trust.folder == tmp_path / "t"
    assert settings.state.folder == tmp_path / "state"
    assert settings.office.environment is Environment.PRODUCTION


def test_a_command_without_an_office_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = written(tmp_path, MINIMUM)
    (tmp_path / "state").mkdir()
    assert main(["account", "list", "--config", str(path)]) == 2
    assert "madoguchi-hub init" in capsys.readouterr().err
