"""The command line: exit codes, JSON, and an outbox looked at from outside."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge import unit as units
from edge.command_line import main
from edge.office.kept_words import KeptWords
from edge.outbox import Outbox, RowState
from edge.session.sealing import Filing, file_event
from edge.unit_clock import UnitClock
from intake.event.ids import new_notification_id
from intake.event.manifest import EventKind, PartName, Staff
from tests.edge.a_unit import make_office

CONFIG = '[unit]\nidentity = "identity"\nstate = "state"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A unit that has filed three events: one journalled, one set aside, one waiting."""
    office = make_office(tmp_path)
    unit = units.load(tmp_path / "identity")
    outbox = Outbox(tmp_path / "state" / "outbox")
    for _ in range(3):
        filing = Filing(
            EventKind.FILED,
            new_notification_id(),
            "move_in",
            1,
            None,
            None,
            Staff("sato", "pin"),
            {PartName.NOTIFICATION: b"content"},
        )
        file_event(filing, unit=unit, keyset=office.keyset(), clock=UnitClock(), outbox=outbox)
    first, second, _ = outbox.waiting()
    envelope = outbox.envelope(first)
    assert envelope is not None
    outbox.close(first, RowState.JOURNALLED, office.journal(envelope), 1, None)
    outbox.close(second, RowState.QUARANTINED, office.quarantine(second, "conflict"), 1, "conflict")
    outbox.close_files()
    KeptWords(tmp_path / "state" / "office").put("keys", office.keys())
    path = tmp_path / "unit.toml"
    path.write_text(CONFIG)
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_outbox_is_listed(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "outbox", "list", "--config", str(config), "--json")
    rows = json.loads(out)["rows"]
    assert code == 0
    assert [row["state"] for row in rows] == ["waiting", "quarantined", "journalled"]
    code, out, _ = run(capsys, "outbox", "list", "--config", str(config), "--state", "waiting")
    assert out.split()[0] == "3"
    assert len(out.splitlines()) == 1


def test_a_whole_outbox_verifies(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "outbox", "verify", "--config", str(config), "--json")
    assert code == 0
    assert json.loads(out) == {"ok": True, "rows": 3, "receipts": 2, "problems": []}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE envelope SET bytes = x'00' || bytes WHERE row = 3", "sequence 3"),
        ("UPDATE event SET previous = x'00' WHERE row = 2", "sequence 2: does not follow"),
        (
            "UPDATE event SET receipt = (SELECT receipt FROM event WHERE row = 2) WHERE row = 1",
            "sequence 1: its receipt",
        ),
        ("UPDATE event SET identity = randomblob(32) WHERE row = 3", "sequence 3"),
        ("DELETE FROM event WHERE row = 2", "sequence 3: does not follow"),
    ],
)
def test_a_changed_outbox_is_told_with_exit_code_five(
    config: Path, capsys: pytest.CaptureFixture[str], change: str, says: str
) -> None:
    outbox = config.parent / "state" / "outbox" / "outbox.sqlite3"
    with closing(sqlite3.connect(outbox)) as database, database:
        database.execute(change)
    code, out, _ = run(capsys, "outbox", "verify", "--config", str(config), "--json")
    assert code == 5
    assert any(problem.startswith(says) for problem in json.loads(out)["problems"])


def test_the_status_counts(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "status", "--config", str(config), "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["waiting"], report["journalled"], report["quarantined"]) == (1, 1, 1)
    assert report["alarm"] is None


def test_what_is_wrong_is_said_on_stderr_with_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "status", "--config", str(tmp_path / "none.toml"))
    assert (code, out) == (2, "")
    assert "give --config" in err
    path = tmp_path / "unit.toml"
    path.write_text(CONFIG)
    code, _, err = run(capsys, "outbox", "list", "--config", str(path))
    assert code == 5
    assert "has the unit run yet?" in err
    assert run(capsys)[0] == 2


def test_help_names_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "5 verification failed" in capsys.readouterr().out


def test_devices_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "discover", "--json")
    assert code in (0, 3)
    assert "devices" in json.loads(out)
