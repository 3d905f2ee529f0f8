"""A live certification authority: its list and its responder over HTTP, in a loop of its own."""

import asyncio
import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from certomancer.integrations.aiohttp_animator import build_animator_app
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from drivers.card_reader.simulated_card.demo_pki import new_key

CONFIGURATION = Path(__file__).parent / "authority.yml"
ARCH = ArchLabel("jpki")


@dataclass(frozen=True)
class LiveAuthority:
    """Where it listens and the certificates that it issued, by their names in authority.yml."""

    url: str
    certificates: dict[str, bytes]

    @property
    def responder(self) -> str:
        return f"{self.url}/jpki/ocsp/auth"

    @property
    def list_url(self) -> str:
        return f"{self.url}/jpki/crls/auth/latest.crl"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveAuthority]:
    folder = tmp_path_factory.mktemp("authority")
    (folder / "keys").mkdir()
    for name in ("root", "responder", "holder"):
        pem = new_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "keys" / f"{name}.pem").write_bytes(pem)
    text = CONFIGURATION.read_text(encoding="utf-8")
    configuration = CertomancerConfig.from_yaml(text, key_search_dir=str(folder))
    architecture = configuration.get_pki_arch(ARCH)
    certificates = {
        name: architecture.get_cert(CertLabel(name)).dump()
        for name in ("root", "responder", "good", "moved")
    }
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)  # it would answer in fractions of seconds
    app = build_animator_app({ARCH: architecture}, at_time=now, with_web_ui=False)
    served = _Served(app)
    yield LiveAuthority(f"http://127.0.0.1:{served.port}", certificates)
    served.close()


class _Served:
    """An application in a thread, on a port that the system chose."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._ready.wait(10)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        runner = web.AppRunner(self._app)
        self._loop.run_until_complete(self._start(runner))
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def _start(self, runner: web.AppRunner) -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = runner.addresses[0][1]
        self._ready.set()
