"""Runs mosquitto beside the hub: started again when it ends, gone when the hub is gone."""

import logging
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from hub.broker import folder
from hub.errors import BrokerError
from hub.settings import Settings

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
STOP_SECONDS = 5.0

logger = logging.getLogger(__name__)


def command(settings: Settings, configuration: Path, *, dies_with_parent: bool) -> list[str]:
    """The command line that runs mosquitto, never as root.

    setpriv changes the user before mosquitto starts: a change made by mosquitto itself would
    clear the parent-death signal, and the broker would outlive a killed hub.
    """
    words = ["setpriv"]
    user = folder.broker_user(settings)
    if user is not None:
        words += [f"--reuid={user[0]}", f"--regid={user[1]}", "--clear-groups"]
    if dies_with_parent:
        words += ["--pdeathsig", "TERM"]
    return [*words, "--", settings.broker.program, "-c", str(configuration)]


class BrokerChild:
    """The broker process and the thread that watches it; the thread lives as long as the hub.

    A parent-death signal belongs to the thread that started the process, so that one thread starts
    every process and never ends before `stop`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._watch, name="broker-child", daemon=True)
        self._configuration = folder.prepare(settings)

    def start(self) -> None:
        """Start the broker; it is started again whenever it ends."""
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether a broker process is alive now."""
        return self._process is not None and self._process.poll() is None

    def wait_until_listening(self, seconds: float) -> bool:
        """Wait until the broker takes connections; False when it does not in time."""
        address = (self._settings.broker.host, self._settings.broker.port)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._stopping.is_set():
            try:
                socket.create_connection(address, 1.0).close()
            except OSError:
                self._stopping.wait(0.05)
                continue
            return True
        return False

    def restart(self) -> None:
        """End the process, which cuts every connection; it comes back with the files of now."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """End the broker and the thread, and take its folder away."""
        self._stopping.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join(STOP_SECONDS)
        folder.remove(self._settings)

    def _watch(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            lines = self._run_once()
            if self._stopping.is_set():
                return
            logger.warning("the broker ended; starting it again in %.1f s", pause)
            self._stopping.wait(pause)
            pause = FIRST_PAUSE if lines > 1 else min(pause * 2, LONGEST_PAUSE)

    def _run_once(self) -> int:
        words = command(self._settings, self._configuration, dies_with_parent=True)
        try:
            self._process = subprocess.Popen(  # the program is the operator's setting
                words, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
            )
        except OSError as error:
            logger.warning("setpriv cannot be started: %s", error.strerror)
            return 0
        if self._stopping.is_set():
            self._process.terminate()
        lines = 0
        assert self._process.stderr is not None
        for line in self._process.stderr:
            lines += 1
            logger.info("broker: %s", line.strip().partition(": ")[2])
        self._process.wait()
        return lines


def run_in_foreground(settings: Settings) -> None:
    """Become the broker: same process id, ends on SIGTERM. Does not return."""
    words = command(settings, folder.prepare(settings), dies_with_parent=False)
    try:
        os.execvp(words[0], words)  # noqa: S606 - no shell: the list is the hub's own
    except OSError as error:
        raise BrokerError(f"{words[0]} cannot be started: {error.strerror}") from error


def reload_apart(settings: Settings) -> bool:
    """Have a broker that runs apart read its files again; False when it is not ours to signal.

    SIGHUP, on which mosquitto takes a new revocation list over; anything else would end it, and
    nobody here starts it again.
    """
    try:
        text = (folder.broker_folder(settings) / "mosquitto.pid").read_text(encoding="ascii")
        process = int(text.strip())
        name = Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()
        if name != Path(settings.broker.program).name:
            return False
        os.kill(process, signal.SIGHUP)
    except (OSError, ValueError):
        return False
    return True
