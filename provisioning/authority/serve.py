"""Run the authority as a process: HTTPS on one address until SIGTERM or Ctrl-C."""

import asyncio
import datetime as dt
import json
import signal
import sys

from aiohttp import web

from provisioning.authority.folder import AuthorityFolder
from provisioning.authority.issue import issue_server
from provisioning.authority.server import application, server_context


async def serve(authority: AuthorityFolder, host: str, port: int, names: list[str]) -> None:
    """Serve under a fresh certificate for `names`; prints one JSON line with the address when up.

    `port` 0 takes a free port.
    """
    own = authority.path / "server"
    issue_server(authority, "server", names, own, dt.datetime.now(dt.UTC))
    context = server_context(str(own / "server.crt"), str(own / "server.key"), authority.chain_pem)
    runner = web.AppRunner(application(authority), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, host, port, ssl_context=context)
    await site.start()
    address: tuple[str, int] = runner.addresses[0][:2]
    sys.stdout.write(json.dumps({"url": f"https://{names[0]}:{address[1]}"}) + "\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
    await runner.cleanup()
