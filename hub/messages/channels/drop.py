"""Signed files for a gateway, in a folder or by SFTP: content first, then the manifest by rename.

A gateway takes a message when its manifest is there, and takes each key once (docs/channels.md).
"""

import base64
import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from hub.clock import Clock, iso
from hub.keys.message_key import MessageKey
from hub.messages.channels.channel import (
    Assurance,
    Handed,
    Parcel,
    PermanentError,
    Receipt,
    TemporaryError,
    Traits,
    UnknownOutcomeError,
)
from hub.messages.channels.configuration import Drop

MANIFEST: Final = ".manifest.json"


class DropChannel:
    """Leaves each message as `KEY.xml` with `KEY.manifest.json`, signed by the message key."""

    name = "drop"
    traits = Traits(Assurance.ASSURED, keeps_keys=True, rings=False)

    def __init__(self, settings: Drop, signer: Callable[[], MessageKey], clock: Clock) -> None:
        self._settings, self._signer, self._clock = settings, signer, clock

    def send(self, parcel: Parcel) -> Handed:
        """Leave the files; handed over when the manifest stands under its name."""
        about = {
            "key": parcel.key,
            "message_id": parcel.message_id,
            "purpose": parcel.purpose.value,
            "issuer": parcel.issuer,
            "recipient": parcel.address,
            "legal": parcel.legal,
            "sha256": hashlib.sha256(parcel.content).hexdigest(),
            "bytes": len(parcel.content),
        }
        self._leave(parcel.key, parcel.content, about)
        return Handed(parcel.key)

    def receipts(self, cursor: str) -> tuple[Sequence[Receipt], str]:
        """None: a gateway reports nothing."""
        return (), cursor

    def check(self) -> str:
        """An empty message of the purpose `check`, which a gateway throws away."""
        key = f"check-{self._clock()}"
        self._leave(key, b"", {"key": key, "purpose": "check", "bytes": 0})
        return key

    def _leave(self, key: str, content: bytes, about: Mapping[str, object]) -> None:
        signed = json.dumps({**about, "at": iso(self._clock())}, ensure_ascii=False)
        signer = self._signer()
        manifest = {
            "signed": signed,
            "signature": base64.b64encode(signer.key.sign(signed.encode())).decode(),
            "kid": signer.key.kid.hex(),
        }
        files = ((f"{key}.xml", content), (key + MANIFEST, json.dumps(manifest).encode()))
        if self._settings.folder is not None:
            _put(self._settings.folder, files)
        else:
            self._upload(files)

    def _upload(self, files: Sequence[tuple[str, bytes]]) -> None:
        with tempfile.TemporaryDirectory(prefix="drop-") as folder:
            for name, content in files:
                (Path(folder) / name).write_bytes(content)
            commands = [f"cd {_quoted(self._settings.sftp_folder)}"]
            for name, _ in files:
                commands += [f"put -f {_quoted(name)} .{name}.part", f"rename .{name}.part {name}"]
            done = self._sftp(commands, Path(folder))
        if done.returncode == 0:
            return
        if f"rename .{files[-1][0]}.part" in done.stdout:
            raise UnknownOutcomeError("sftp_broke_off")
        reason = "sftp_unreachable" if done.returncode == 255 else "sftp_refused"
        raise TemporaryError(reason)

    def _sftp(self, commands: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
        settings = self._settings
        options = ["BatchMode=yes", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes"]
        if settings.sftp_known_hosts is not None:
            options.append(f"UserKnownHostsFile={settings.sftp_known_hosts}")
        arguments = ["sftp", "-q", "-b", "-", "-P", str(settings.sftp_port)]
        if settings.sftp_key_file is not None:
            arguments += ["-i", str(settings.sftp_key_file)]
        for option in options:
            arguments += ["-o", option]
        target = f"{settings.sftp_user}@{settings.sftp_host}"
        try:
            return subprocess.run(
                [*arguments, "--", target],
                cwd=folder,
                input="\n".join(commands) + "\n",
                capture_output=True,
                text=True,
                timeout=settings.timeout_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise UnknownOutcomeError("sftp_too_slow") from error
        except OSError as error:
            raise TemporaryError("sftp_not_installed") from error


def _put(folder: Path, files: Sequence[tuple[str, bytes]]) -> None:
    if not folder.is_dir():
        raise TemporaryError("folder_missing")
    try:
        for name, content in files:
            put_file(folder / name, content)
    except OSError as error:
        raise TemporaryError(f"folder_unwritable_{error.errno}") from error


def put_file(path: Path, content: bytes) -> None:
    """`content` at `path`, whole or not at all, and on the disk itself. Others may read it."""
    new = path.with_name(f".{path.name}.part")
    with new.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _quoted(path: str) -> str:
    if any(letter in path for letter in '"\n\\'):
        raise PermanentError("sftp_folder_name")
    return f'"{path}"'
