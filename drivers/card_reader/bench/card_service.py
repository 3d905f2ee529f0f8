"""A pcscd of our own with one virtual reader, started, stopped and killed on cue."""

import contextlib
import signal
import socket
import subprocess
import time
from pathlib import Path

from drivers.card_reader.errors import NoServiceError

RUN_FOLDER = Path("/run/pcscd")
READER_NAME = "Madoguchi virtual reader"
_START_S = 10.0
_STOP_S = 5.0
_POLL_S = 0.02
_TRIES = 5
_LISTENING = "0A"
VPCD_LIBRARY = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")


class CardService:
    """pcscd in the foreground on a configuration folder of its own; `port` is the reader's."""

    def __init__(self, folder: Path) -> None:
        self.port = 0
        self._folder = folder
        self._config = folder / "readers"
        self._config.mkdir(parents=True)
        self._plugged = True
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether pcscd runs now."""
        return self._process is not None and self._process.poll() is None

    @property
    def plugged(self) -> bool:
        """Whether the reader is plugged in."""
        return self._plugged

    def start(self) -> None:
        """Start pcscd (nothing when it runs) and wait for the reader; raises NoServiceError."""
        if self.running:
            return
        for _ in range(_TRIES):
            self.port = self.port or _free_pair()
            self._write_config()
            self._spawn()
            if self._wait_until_up():
                return
            self.stop()
            self.port = 0
        raise NoServiceError(f"pcscd did not start: {self._last_words()}")

    def stop(self) -> None:
        """Stop pcscd as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill pcscd without a word."""
        self._end(signal.SIGKILL)

    def plug(self, *, plugged: bool) -> None:
        """Plug the reader in or out.

        pcscd reads its list of serial readers only once, so a running one is restarted: the
        client sees the service go for a moment, then no reader (or the reader).
        """
        running, self._plugged = self.running, plugged
        if running:
            self.stop()
            self.start()

    def _write_config(self) -> None:
        text = (
            f'FRIENDLYNAME "{READER_NAME}"\nDEVICENAME /dev/null:0x{self.port:04X}\n'
            f"LIBPATH {VPCD_LIBRARY}\nCHANNELID 0x{self.port:04X}\n"
        )
        (self._config / "reader").write_text(text if self._plugged else "# unplugged\n")

    def _spawn(self) -> None:
        for stale in ("pcscd.comm", "pcscd.pid"):
            (RUN_FOLDER / stale).unlink(missing_ok=True)
        options = ["--foreground", "--config", str(self._config)]
        if _knows("--disable-polkit"):
            options.append("--disable-polkit")
        with (self._folder / "pcscd.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["pcscd", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _wait_until_up(self) -> bool:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline and self.running:
            if _answers(RUN_FOLDER / "pcscd.comm") and (self._listening() or not self._plugged):
                return True
            time.sleep(_POLL_S)
        return False

    def _listening(self) -> bool:
        """Whether the reader's port is held by our own pcscd and not by a stranger's."""
        if self._process is None:
            return False
        inodes = _listening_inodes(self.port)
        folder = Path(f"/proc/{self._process.pid}/fd")
        with contextlib.suppress(OSError):
            for link in folder.iterdir():
                with contextlib.suppress(OSError):
                    if str(link.readlink()) in inodes:
                        return True
        return False

    def _end(self, number: signal.Signals) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _last_words(self) -> str:
        log = self._folder / "pcscd.log"
        return log.read_text(errors="replace")[-400:].strip() if log.exists() else "no log"


def _knows(option: str) -> bool:
    help_text = subprocess.run(["pcscd", "--help"], capture_output=True, text=True, check=False)
    return option in help_text.stdout + help_text.stderr


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _free_pair() -> int:
    """A free port whose successor is free too: each vpcd reader has two slots."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def _listening_inodes(port: int) -> frozenset[str]:
    found: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                words = line.split()
                if words[1].endswith(f":{port:04X}") and words[3] == _LISTENING:
                    found.add(f"socket:[{words[9]}]")
    return frozenset(found)
