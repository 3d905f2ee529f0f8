"""Every channel with the real service behind it, for the tests that run over all of them."""

import email
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Final

from hub.clock import now_us
from hub.keys.message_key import MessageKey, certify
from hub.messages.channels.channel import Channel, Parcel, PostalAddress
from hub.messages.channels.configuration import Drop, Email, Letter, Mynaportal, Webhook
from hub.messages.channels.drop import DropChannel
from hub.messages.channels.email import EmailChannel
from hub.messages.channels.letter import LetterChannel
from hub.messages.channels.mynaportal import MynaportalChannel
from hub.messages.channels.webhook import LINE, SMS, WebhookChannel
from hub.messages.delivery.states import Purpose
from hub.register.drawing import nothing_of_its_own
from intake.characters.glyphs import OwnOutlines
from intake.event.keys import SigningKey
from tests.system.delivery.simulator import Simulator

KEY: Final = SigningKey.generate()
SIGNER: Final = MessageKey(KEY, certify(KEY, now_us()))
OFFICE: Final = "見本市"
HOME: Final = PostalAddress("1000001", ("東京都千代田区千代田１－１",), "見本太郎")
SSHD: Final = shutil.which("sshd") or "/usr/sbin/sshd"


class Rendered:
    """A message whose text is its content; its pages are given."""

    def __init__(self, pages: bytes | None = None) -> None:
        self.given = pages

    def text(self, content: bytes, language: str) -> str:
        assert language
        return content.decode()

    def pages(self, content: bytes) -> bytes | None:
        assert content
        return self.given

    def printed(self, parcel: Parcel) -> bytes:
        assert parcel.content
        assert self.given is not None
        return self.given

    def own(self) -> OwnOutlines:
        return nothing_of_its_own


@dataclass(frozen=True)
class Service:
    """A channel, an address in it, what has arrived (keys, once each time), how to break it."""

    channel: Channel
    address: str
    arrived: Callable[[], list[str]]
    broken: Channel


def parcel(key: str, address: str, purpose: Purpose = Purpose.MESSAGE) -> Parcel:
    content = "本文です。".encode() if purpose is Purpose.MESSAGE else b""
    return Parcel(
        key, f"id-{key}", purpose, address, "件名は個人の事情", content, "131016", postal=HOME
    )


@contextmanager
def mynaportal(folder: Path) -> Generator[Service]:
    with Simulator(folder / "sim") as sim:
        settings = Mynaportal(url=sim.url, token_file=sim.token_file, check_address="office")
        down = Mynaportal(url="http://127.0.0.1:9", token_file=sim.token_file)
        yield Service(
            MynaportalChannel(settings),
            "box-1",
            lambda: [str(one["key"]) for one in sim.taken("box")],
            MynaportalChannel(down),
        )


@contextmanager
def webhook(folder: Path, kind: str) -> Generator[Service]:
    with Simulator(folder / "sim") as sim:
        url, secret = f"{sim.url}/webhook/{kind}", sim.secret_file
        settings = Webhook(url=url, secret_file=secret, check_address="090-0000-0000")
        down = Webhook(url="http://127.0.0.1:9", secret_file=secret)
        found = SMS if kind == "sms" else LINE

        def channel(with_settings: Webhook) -> Channel:
            return WebhookChannel(found, with_settings, OFFICE, Rendered(), now_us)

        yield Service(
            channel(settings),
            "09012345678",
            lambda: [str(one["key"]) for one in sim.taken(kind)],
            channel(down),
        )


@contextmanager
def mail(folder: Path) -> Generator[Service]:
    box = folder / "mails"
    box.mkdir()
    command = [sys.executable, "-m", "tests.system.delivery.mail_server", str(box)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_root()) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        yield Service(
            mail_channel(port),
            "taro@example.jp",
            lambda: [str(one["Message-ID"])[1:].partition("@")[0] for one in mails(box)],
            mail_channel(9),
        )
        server.terminate()


def mail_channel(port: int, *, timeout_s: float = 10.0, bounces: Path | None = None) -> Channel:
    settings = Email(
        host="127.0.0.1",
        port=port,
        security="none",
        sender="notice@city.example.lg.jp",
        timeout_seconds=timeout_s,
        check_address="office@city.example.lg.jp",
        bounces=bounces,
    )
    return EmailChannel(settings, OFFICE, Rendered(), now_us)


def mails(box: Path) -> list[Message]:
    return [email.message_from_bytes(path.read_bytes()) for path in sorted(box.glob("*.eml"))]


@contextmanager
def drop(folder: Path) -> Generator[Service]:
    place = folder / "drop"
    place.mkdir()
    yield Service(
        DropChannel(Drop(folder=place), lambda: SIGNER, now_us),
        "100000000000001",
        lambda: manifests(place),
        DropChannel(Drop(folder=folder / "missing"), lambda: SIGNER, now_us),
    )


def manifests(place: Path) -> list[str]:
    found = [json.loads(path.read_bytes()) for path in place.glob("*.manifest.json")]
    return [str(json.loads(one["signed"])["key"]) for one in found]


@contextmanager
def sftp(folder: Path) -> Generator[Service]:
    place, keys = folder / "incoming", folder / "keys"
    place.mkdir()
    keys.mkdir(mode=0o700)
    for name in ("host", "user"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys / name)]
        subprocess.run(make, check=True)
    port = _free_port()
    (keys / "authorized").write_bytes((keys / "user.pub").read_bytes())
    (keys / "known").write_text(f"[127.0.0.1]:{port} {(keys / 'host.pub').read_text()}")
    (keys / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {keys / 'host'}\nPidFile none\n"
        f"AuthorizedKeysFile {keys / 'authorized'}\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nSubsystem sftp internal-sftp\n"
    )
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    command = [SSHD, "-D", "-e", "-f", str(keys / "sshd_config")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        _wait_for(port)
        settings = Drop(
            sftp_host="127.0.0.1",
            sftp_port=port,
            sftp_user=_me(),
            sftp_key_file=keys / "user",
            sftp_known_hosts=keys / "known",
            sftp_folder=str(place),
            timeout_seconds=30.0,
        )
        down = Drop(sftp_host="127.0.0.1", sftp_port=9, sftp_user=_me(), sftp_folder=".")
        yield Service(
            DropChannel(settings, lambda: SIGNER, now_us),
            "100000000000001",
            lambda: manifests(place),
            DropChannel(down, lambda: SIGNER, now_us),
        )
        server.terminate()


@contextmanager
def letter(folder: Path, pages: bytes) -> Generator[Service]:
    place = folder / "print"
    place.mkdir()
    rendered = Rendered(pages)
    yield Service(
        LetterChannel(Letter(folder=place), rendered),
        "",
        lambda: [path.stem.partition("_")[2] for path in place.glob("*/*.pdf")],
        LetterChannel(Letter(folder=folder / "missing"), rendered),
    )


def _root() -> Path:
    return Path(__file__).parents[3]


def _me() -> str:
    return subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()


def _free_port() -> int:

    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:

    end = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < end, "sshd does not listen"
            time.sleep(0.05)
        else:
            return
