"""The trial authority as fixtures: in this process, and behind a real TLS server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from provisioning.authority.issue import issue_server
from provisioning.authority.server import application, server_context
from tests.provisioning.trial_authority import TrialAuthority


@pytest.fixture
def authority(tmp_path: Path) -> TrialAuthority:
    return TrialAuthority.make(tmp_path)


@pytest.fixture
async def authority_url(authority: TrialAuthority) -> AsyncIterator[str]:
    own = authority.folder.path / "server"
    issue_server(authority.folder, "server", ["127.0.0.1"], own, authority.now)
    context = server_context(
        str(own / "server.crt"), str(own / "server.key"), authority.folder.chain_pem
    )
    server = TestServer(application(authority.folder), scheme="https")
    await server.start_server(ssl=context)
    yield str(server.make_url("")).rstrip("/")
    await server.close()
