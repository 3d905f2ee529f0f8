"""What a backup holds, and how a restored hub begins a new epoch that its units hear of."""

import shutil
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from hub.alarms import AlarmKind, raise_alarm
from hub.backup import archive
from hub.errors import BackupError, StateError
from hub.keys.files import sync
from hub.log.entry import EntryKind
from hub.office import Office
from hub.settings import Folders, Settings

DATABASE: Final = "hub.sqlite3"
KEYS: Final = "keys"


def back_up(office: Office, target: Path, passphrase: str, actor: str) -> int:
    """Write the database and the key ring, as of one moment, to the new file `target`.

    The backup itself is an entry of the log. Returns the size in bytes. The hub may be running.
    """
    if target.exists():
        raise BackupError(f"{target}: exists already; a backup never replaces another")
    state = office.settings.state.folder
    with office.journal.appending() as append:
        append.office(EntryKind.BACKUP, actor, {"action": "backup"})
    with tempfile.TemporaryDirectory(dir=state, prefix=".backup-") as folder:
        copy, bundle = Path(folder) / DATABASE, Path(folder) / "bundle.tar"
        office.database.backup_to(copy)
        with tarfile.open(bundle, "w") as tar:
            tar.add(copy, DATABASE)
            tar.add(state / KEYS, KEYS)
        try:
            archive.encrypt(bundle, target, passphrase)
        except OSError as error:
            raise BackupError(f"{target}: cannot be written ({error.strerror})") from error
    return target.stat().st_size


def restore(settings: Settings, source: Path, passphrase: str, actor: str) -> int:
    """Put a backup into an empty state folder and open a new epoch; returns its number.

    StateError when there is a hub already. Units that hold receipts of events that the backup
    does not have learn of the new epoch by the checkpoint, ask, and send them again.
    """
    state = settings.state.folder
    if (state / DATABASE).exists() or (state / KEYS).exists():
        raise StateError(f"{state}: there is a hub here; restore into an empty state folder")
    if settings.database.url:
        raise StateError("restore PostgreSQL with its own tools; this restores SQLite only")
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=state, prefix=".restore-") as folder:
        bundle, unpacked = Path(folder) / "bundle.tar", Path(folder) / "content"
        archive.decrypt(source, bundle, passphrase)
        _unpack(bundle, unpacked)
        (unpacked / KEYS).chmod(0o700)
        (unpacked / DATABASE).chmod(0o600)
        epoch = _begin_anew(replace(settings, state=Folders(unpacked)), actor)
        for path in (*(unpacked / KEYS).iterdir(), unpacked / KEYS, unpacked / DATABASE):
            sync(path)
        # The database last: without it there is no hub, and with it the new epoch has begun.
        (unpacked / KEYS).rename(state / KEYS)
        (unpacked / DATABASE).rename(state / DATABASE)
        sync(state)
    return epoch


def _unpack(bundle: Path, folder: Path) -> None:
    """Write out what `back_up` packs, the database and the files of the key ring, and no more.

    By hand, because extraction filters came to Python 3.11 only after Debian 12 froze it.
    """
    (folder / KEYS).mkdir(parents=True, mode=0o700)
    with tarfile.open(bundle) as tar:
        for member in tar:
            place = PurePosixPath(member.name)
            if member.isdir() and str(place) == KEYS:
                continue
            content = tar.extractfile(member) if member.isreg() else None
            if content is None or not (str(place) == DATABASE or str(place.parent) == KEYS):
                raise BackupError(f"{member.name}: a backup of a hub holds no such thing")
            with content, (folder / place).open("xb") as target:
                shutil.copyfileobj(content, target)
            (folder / place).chmod(0o600)


def _begin_anew(unpacked: Settings, actor: str) -> int:
    """Open the next epoch of an office that does not lie at its place yet; returns its number.

    Before it can be served: what went on in the old epoch would be another log under its name.
    """
    office = Office.open(unpacked)
    try:
        epoch = office.journal.open_epoch("restore", actor)
        with office.database.writing() as session:
            raise_alarm(session, AlarmKind.RESTORED, "", office.clock())
    finally:
        office.close()
    if (unpacked.state.folder / f"{DATABASE}-wal").exists():
        raise BackupError("the restored database did not take in its own journal; try again")
    return epoch
