"""The command line: results on stdout, words on stderr, secrets through descriptors."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hub.command_line import AREAS, main, parser
from tests.hub.counter_unit import Town

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part


@pytest.fixture
def config(tmp_path: Path) -> Path:
    Town(tmp_path / "trust")
    path = tmp_path / "hub.toml"
    path.write_text(
        '[office]\ncode = "131016"\nname = "千代田区"\nenvironment = "demo"\n'
        "[web]\nsecure_cookies = false\n",
        encoding="utf-8",
    )
    return path


def descriptor(text: str) -> int:
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return reading


def found_in_database(folder: Path, *words: str) -> list[str]:
    connection = sqlite3.connect(folder / "state" / "hub.sqlite3")
    text = "\n".join(connection.iterdump())
    connection.close()
    return [word for word in words if word in text]


def test_an_office_from_nothing(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    def run(*words: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        assert main([*words, "--config", str(config), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    made = run("init", "--recovery-private", str(tmp_path / "recovery.key"))
    assert "PUBLIC KEY" in Path(made["office_anchor"]).read_text()
    assert "PRIVATE KEY" in (tmp_path / "recovery.key").read_text()
    password, pin = descriptor("correct horse battery\n"), descriptor("314159")
    words = ("--login", "sato", "--staff-id", "s001", "--name", "佐藤", "--role", "clerk")
    run("account", "add", *words, "--password-fd", str(password), "--pin-fd", str(pin))
    os.close(password)
    os.close(pin)
    (account,) = run("account", "list")
    assert (account["staff_id"], account["roles"]) == ("s001", ["clerk"])
    assert run("account", "disable", "--login", "sato")["disabled"]
    assert not found_in_database(tmp_path, "correct horse battery", "314159")
    before = run("keys", "show")
    rotated = run("keys", "rotate", "--purpose", "receipt")
    assert rotated[0]["kid"] not in str(before)
    assert rotated[0]["kid"] in str(run("keys", "show"))
    assert run("register", "list") == []
    assert run("register", "rebuild") == {"entries": 0}
    assert run("quarantine", "list") == []
    assert run("log", "verify")["ok"]
    secret = descriptor("a long enough passphrase")
    run("backup", "--to", str(tmp_path / "b.bin"), "--passphrase-fd", str(secret))
    os.close(secret)
    assert "crlfile" in run("broker", "config")["mosquitto.conf"]


def test_a_second_init_changes_nothing(config: Path, tmp_path: Path):
    words = ["init", "--config", str(config), "--recovery-private", str(tmp_path / "r.key")]
    assert main(words) == 0
    assert main(words) == 2


def test_verify_says_by_its_exit_code_that_the_log_is_not_in_order(config: Path, tmp_path: Path):
    main(["init", "--config", str(config), "--recovery-private", str(tmp_path / "r.key")])
    connection = sqlite3.connect(tmp_path / "state" / "hub.sqlite3")
    connection.execute("UPDATE log_entry SET payload = x'a0'")
    connection.commit()
    connection.close()
    assert main(["log", "verify", "--config", str(config)]) == 5


def test_production_does_not_write_an_open_recovery_key(config: Path, tmp_path: Path):
    config.write_text('[office]\ncode = "131016"\n')
    words = ["init", "--config", str(config), "--recovery-private", str(tmp_path / "r.key")]
    assert main(words) == 2
    assert not (tmp_path / "r.key").exists()


def test_every_command_belongs_to_the_area_that_adds_it() -> None:
    for area, commands in AREAS.items():
        for command in commands:
            with pytest.raises(SystemExit) as ended:
                parser(command).parse_args([command, "--help"])
            assert ended.value.code == 0, f"{area} adds no {command}"
    listed = parser().format_help()
    assert all(command in listed for commands in AREAS.values() for command in commands)
    with pytest.raises(SystemExit):
        parser("precedents").parse_args(["serve"])


def test_a_search_loads_no_library_of_the_office(tmp_path: Path) -> None:
    asked = f"""
import sys
from hub.command_line import AREAS, main, parser
sys.exit(main(["precedents", "search", "--store", {str(tmp_path / "none")!r}, "転入"])
         + 10 * ("sqlalchemy" in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", asked], check=False, stderr=subprocess.PIPE)
    assert done.returncode == 2, done.stderr.decode()
    assert "no collection yet" in done.stderr.decode()
