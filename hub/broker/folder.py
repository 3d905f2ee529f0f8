"""The folder mosquitto reads: generated texts and copies of the certificates, owned by its user."""

import grp
import hashlib
import os
import pwd
import shutil
from pathlib import Path

from hub.broker.configuration import access_list, configuration
from hub.errors import BrokerError
from hub.settings import Settings

CERTIFICATES = ("chain.pem", "broker.crt", "broker.key", "crl.pem")


def broker_folder(settings: Settings) -> Path:
    """Where the broker's files lie.

    Below the state folder, or, when the hub runs as root and the broker does not, in /run: the
    broker's user must be able to reach it without a way into the hub's state.
    """
    state = settings.state.folder.absolute()
    if os.geteuid() != 0:
        return state / "broker"
    mark = hashlib.sha256(str(state).encode()).hexdigest()[:12]
    return Path("/run") / f"madoguchi-broker-{mark}"


def prepare(settings: Settings) -> Path:
    """Write everything afresh, readable by the broker's user only; returns the configuration file.

    Raises BrokerError naming the certificate that is missing.
    """
    folder = broker_folder(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in CERTIFICATES:
        _copy(settings.trust.folder / name, folder / name)
    _write(folder / "acl", access_list(settings))
    _write(folder / "mosquitto.conf", configuration(settings, folder))
    _hand_over(settings, folder)
    return folder / "mosquitto.conf"


def remove(settings: Settings) -> None:
    """Take the folder away when it lies outside the state folder."""
    folder = broker_folder(settings)
    if folder.parent == Path("/run"):
        shutil.rmtree(folder, ignore_errors=True)


def replace_revocation_list(settings: Settings) -> bool:
    """Copy a newer crl.pem to the broker; returns whether it differs from the one there."""
    source, target = settings.trust.folder / "crl.pem", broker_folder(settings) / "crl.pem"
    if not target.exists() or source.read_bytes() == target.read_bytes():
        return False
    _copy(source, target)
    _hand_over(settings, target.parent)
    return True


def broker_user(settings: Settings) -> tuple[int, int] | None:
    """(uid, gid) that the broker is to run as, or None when the hub is not root itself."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(settings.broker.user)
    except KeyError:
        raise BrokerError(
            f"there is no user {settings.broker.user!r} for the broker; install mosquitto or set "
            "broker.user (it must not run as root)"
        ) from None
    return entry.pw_uid, grp.getgrgid(entry.pw_gid).gr_gid


def _copy(source: Path, target: Path) -> None:
    try:
        content = source.read_bytes()
    except OSError as error:
        raise BrokerError(
            f"{source}: cannot be read ({error.strerror}); docs/hub-interface.md says where it "
            "comes from"
        ) from error
    _write(target, content)


def _write(target: Path, content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    new = target.with_name(f".{target.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
    new.replace(target)


def _hand_over(settings: Settings, folder: Path) -> None:
    user = broker_user(settings)
    if user is None:
        return
    os.chown(folder, *user)
    for path in folder.iterdir():
        os.chown(path, *user)
