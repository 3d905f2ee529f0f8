"""Keys change twice while a unit is away; a hub is restored, its units give back what it lost."""

import shutil

import pytest

from tests.system.faults.office import RealOffice, RealUnit
from tests.system.faults.processes import until
from tests.system.faults.proof import check_everything, drained, journalled

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
PASSPHRASE = "only for this test"


def keyset_version(unit: RealUnit) -> int:
    """The version of the key set that the unit took last, as it logged it."""
    lines = [line for line in unit.process.log.read_text().splitlines() if "took a key" in line]
    return int(lines[-1].rpartition('"version": ')[2].rstrip("}"))


def test_keys_change_twice_while_the_unit_is_away(office: RealOffice) -> None:
    unit = office.unit()
    office.start()
    unit.start()
    unit.file(1)
    drained(unit)
    before = keyset_version(unit)
    office.broker.kill()
    unit.file(2)  # sealed to the keys of before
    for _ in range(2):
        office.run_hub_command("keys", "rotate")
    unit.process.kill()
    unit.start()
    unit.file(1)
    office.start_broker()
    drained(unit)
    until(lambda: keyset_version(unit) > before, "the newest key set is taken")
    unit.file(1)  # sealed to the newest keys
    drained(unit)
    check_everything(office, unit)
    assert len(journalled(office)) == 5
    assert office.desk().operator()["quarantine"] == []


def test_a_restored_hub_gets_back_what_came_after_the_backup(office: RealOffice) -> None:
    unit, away = office.unit("unit-01"), office.unit("unit-02")
    office.start()
    for one in (unit, away):
        one.start()
        one.file(2)
        drained(one)
    backup = office.folder / "office.backup"
    office.run_hub_command("backup", "--to", str(backup), secret=PASSPHRASE)
    for one in (unit, away):
        one.file(3)
        drained(one)
    away.process.stop()  # hears of the restore only later
    office.hub.kill()
    state = office.settings.state.folder
    shutil.rmtree(state)
    restored = office.run_hub_command("restore", "--from", str(backup), secret=PASSPHRASE)
    assert restored == {"epoch": 2}
    assert len(journalled(office)) == 4, "the control: six receipted events are gone"

    office.start_hub()
    until(lambda: len(journalled(office)) == 7, "the unit offers again", look_s=0.5)
    unit.file(1)
    away.start_program()
    until(lambda: len(journalled(office)) == 11, "so does the one that was away", look_s=0.5)
    drained(unit, away)
    check_everything(office, unit, away)
    for one in (unit, away):
        assert one.alarm() is None, "a new epoch is no fork"
    checkpoints = office.desk().operator()["checkpoints"]
    assert checkpoints[0]["epoch"] == 2
    alarms = {alarm["kind"] for alarm in office.desk().operator()["alarms"]}
    assert "restored" in alarms


def test_a_hub_that_goes_back_without_a_new_epoch_is_caught_by_its_units(
    office: RealOffice,
) -> None:
    """The control of the epoch: the disk of yesterday put back by hand, nobody told."""
    unit = office.unit()
    office.start()
    unit.start()
    unit.file(1)
    drained(unit)
    office.hub.stop()
    state = office.settings.state.folder
    shutil.copytree(state, office.folder / "yesterday")
    office.start_hub()
    unit.file(3)
    drained(unit)
    until(unit.holds_checkpoint, "the unit is a witness")
    office.hub.kill()
    shutil.rmtree(state)
    (office.folder / "yesterday").rename(state)
    office.start_hub()
    unit.file(1)
    until(lambda: unit.alarm() is not None, "the unit raises the alarm", look_s=0.3)
    assert unit.alarm() in ("log_shrank", "log_forked")
