"""Settings: the example shows every key, and a wrong key is answered with the near one."""

import tomllib
from pathlib import Path

import pytest

from edge.errors import SettingsError
from edge.settings import Settings, keys, load

EXAMPLE = Path(__file__).parents[2] / "edge" / "unit.example.toml"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "unit.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load(write(tmp_path, "")) == Settings()


def test_values_are_taken_and_paths_stand_beside_the_file(tmp_path: Path) -> None:
    text = '[unit]\nstate = "state"\n[broker]\naddresses = ["a:1", "b:2"]\nresend_seconds = 2\n'
    settings = load(write(tmp_path, text))
    assert settings.unit.state == tmp_path / "state"
    assert settings.broker.addresses == ("a:1", "b:2")
    assert settings.broker.resend_seconds == 2.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[brokers]\n", "unknown key brokers; did you mean broker?"),
        (
            "[broker]\nadresses = []\n",
            "unknown key broker.adresses; did you mean broker.addresses?",
        ),
        ("broker = 1\n", r"broker must be a table, written \[broker\]"),
        ('[broker]\nwindow = "many"\n', "broker.window must be a int"),
        ("[broker]\nwindow = true\n", "broker.window must be a int"),
        ("[broker]\naddresses = [1]\n", "broker.addresses must be a list of strings"),
        ("[broker\n", "is not TOML"),
    ],
)
def test_a_mistake_is_answered_with_file_key_and_way_out(
    tmp_path: Path, text: str, says: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SettingsError, match=says) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))
    assert caught.value.exit_code == 2


def test_a_missing_file_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="give --config"):
        load(tmp_path / "none.toml")


def test_the_example_shows_every_key_with_its_default() -> None:
    shown = "\n".join(
        line.removeprefix("#: ") for line in EXAMPLE.read_text(encoding="utf-8").splitlines()
    )
    table = tomllib.loads(shown)
    assert tuple(f"{s}.{k}" for s, part in table.items() for k in part) == keys()
    defaults = Settings()
    for section, part in table.items():
        for key, value in part.items():
            default = getattr(getattr(defaults, section), key)
            if default is not None:
                assert (str(default) if isinstance(default, Path) else default) == (
                    tuple(value) if isinstance(value, list) else value
                ), f"{section}.{key}"
