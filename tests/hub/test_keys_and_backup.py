"""Rotation keeps what was sealed readable; a backup comes back in a new epoch."""

import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from hub.backup import archive
from hub.backup.content import back_up, restore
from hub.errors import BackupError, KeyRingError, StateError
from hub.keys.ring import PURPOSES, KeyRing
from hub.log.verify import verify_log
from hub.office import Office
from hub.register.record import listing
from intake.event.checkpoint import verify_checkpoint
from intake.event.keys import PublicKey
from intake.event.keyset import KeyStatus, accept_keyset, read_keyset
from intake.event.receipt import verify_receipt
from intake.office.environment import Environment
from tests.hub.conftest import Desk, demo_settings
from tests.hub.counter_unit import OFFICE, move_in
from tests.hub.test_review import accepted, filed

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part

PASSPHRASE = "a long enough passphrase"


def anchor(desk: Desk) -> PublicKey:
    return desk.office.ring.anchor().public


def test_rotation_makes_a_newer_key_set_that_an_offline_unit_accepts(desk: Desk):
    held = desk.keyset
    event = desk.unit.file(held, move_in())
    for _ in range(3):
        for purpose in PURPOSES:
            desk.office.ring.rotate(purpose, desk.office.clock())
    data = desk.office.publications.key_set()
    newest = accept_keyset(
        data,
        anchor(desk),
        office=OFFICE,
        environment=Environment.DEMO,
        held=held,
        now_us=desk.office.clock(),
    )
    assert newest.version > held.version
    assert sum(key.status is KeyStatus.RETIRED for key in newest.signing_keys) == 6
    (outcome,) = desk.take(event.data)
    assert outcome.journalled
    verify_receipt(outcome.receipt, newest, event.identity)
    assert verify_log(desk.office).ok


def test_an_unchanged_ring_is_not_published_again(desk: Desk):
    assert desk.office.publications.key_set() == desk.office.publications.key_set()


def test_another_process_rotates_and_this_one_notices(desk: Desk):
    before = read_keyset(desk.office.publications.key_set(), anchor(desk))
    folder = desk.office.settings.state.folder / "keys"
    KeyRing.load(folder).rotate("receipt", desk.office.clock())
    desk.office.publications.current()
    after = read_keyset(desk.office.publications.key_set(), anchor(desk))
    assert after.version > before.version


def test_private_keys_are_readable_by_the_hub_only(desk: Desk):
    folder = desk.office.settings.state.folder / "keys"
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    with pytest.raises(KeyRingError):
        KeyRing.create(folder, desk.recovery.public, 1)


def test_a_backup_comes_back_with_a_new_epoch_and_newer_versions(desk: Desk, tmp_path: Path):
    kept = filed(desk)
    accepted(desk, kept)
    before = desk.keyset
    target = tmp_path / "backup.bin"
    back_up(desk.office, target, PASSPHRASE, "test")
    lost = filed(desk, move_in("高橋"))
    content = target.read_bytes()
    assert b"SQLite" not in content
    assert "渡辺".encode() not in content
    elsewhere = replace(demo_settings(tmp_path / "new"), trust=desk.office.settings.trust)
    assert restore(elsewhere, target, PASSPHRASE, "test") == 2
    office = Office.open(elsewhere)
    try:
        office.directory.refresh()
        assert len(listing(office)) == 3
        assert verify_log(office).ok
        after = read_keyset(office.publications.key_set(), anchor(desk))
        assert after.version >= before.version
        newest = verify_checkpoint(office.publications.checkpoint(), after)
        assert newest.epoch == 2
        restored = replace(desk, office=office)
        with office.database.reading() as session:
            assert office.receipts.known(session, office.journal, kept.identity)
            assert office.receipts.known(session, office.journal, lost.identity) is None
        (again,) = restored.take(lost.data)
        assert again.new
        verify_receipt(again.receipt, after, lost.identity)
    finally:
        office.close()


def test_a_backup_is_refused_with_another_passphrase_or_a_changed_byte(desk: Desk, tmp_path: Path):
    target = tmp_path / "backup.bin"
    back_up(desk.office, target, PASSPHRASE, "test")
    with pytest.raises(BackupError):
        archive.decrypt(target, tmp_path / "a", "another passphrase")
    content = bytearray(target.read_bytes())
    content[-30] ^= 1
    (tmp_path / "changed").write_bytes(content)
    with pytest.raises(BackupError):
        archive.decrypt(tmp_path / "changed", tmp_path / "b", PASSPHRASE)
    (tmp_path / "cut").write_bytes(target.read_bytes()[:-100])
    with pytest.raises(BackupError):
        archive.decrypt(tmp_path / "cut", tmp_path / "c", PASSPHRASE)
    with pytest.raises(BackupError):
        back_up(desk.office, target, PASSPHRASE, "test")
    with pytest.raises(StateError):
        restore(desk.office.settings, target, PASSPHRASE, "test")


@pytest.mark.parametrize("size", [0, archive.CHUNK, 2 * archive.CHUNK + 5])
def test_archives_of_any_size_come_back(tmp_path: Path, size: int):
    plain = tmp_path / "plain"
    plain.write_bytes(bytes(range(256)) * (size // 256) + bytes(size % 256))
    archive.encrypt(plain, tmp_path / "sealed", PASSPHRASE)
    archive.decrypt(tmp_path / "sealed", tmp_path / "back", PASSPHRASE)
    assert (tmp_path / "back").read_bytes() == plain.read_bytes()


@pytest.mark.parametrize("name", ["../outside", "keys/../../outside", "other", "keys/deep/er"])
def test_a_backup_with_anything_else_in_it_is_refused(tmp_path: Path, name: str):
    bundle, sealed = tmp_path / "bundle.tar", tmp_path / "sealed"
    with tarfile.open(bundle, "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    archive.encrypt(bundle, sealed, PASSPHRASE)
    settings = demo_settings(tmp_path / "office")
    with pytest.raises(BackupError):
        restore(settings, sealed, PASSPHRASE, "test")
    assert list(settings.state.folder.iterdir()) == []
    assert not list(tmp_path.rglob("outside"))
