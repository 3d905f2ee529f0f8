"""`madoguchi-edge serve`: runs the unit and its two pages until it is told to stop."""

import asyncio
import contextlib
import json
import logging
import secrets
import signal
from collections.abc import Coroutine
from typing import Final

from aiohttp import web

from drivers import address as addresses
from drivers.errors import AddressError
from drivers.tablet import open_tablet
from edge.capture.browser_pen import BrowserPen
from edge.core_dumps import forbid_core_dumps
from edge.durable import replace_file
from edge.errors import SettingsError
from edge.health import report_health
from edge.lifeline import DRAFT_KEY_BYTES, Lifeline, end_with_supervisor
from edge.pages.front import clerk_page, resident_page
from edge.pages.page import Page
from edge.pages.rendering import Rendering
from edge.settings import Settings
from edge.unit_process import UnitProcess

log = logging.getLogger(__name__)
ALIVE_SECONDS: Final = 2.0
FORGET_SECONDS: Final = 3600.0
DAY_US: Final = 86_400_000_000
Work = Coroutine[object, object, None]


class _StoppedError(Exception):
    """Ends the task group in order."""


async def serve(settings: Settings, lifeline: Lifeline | None) -> int:
    """Run the unit until SIGTERM or SIGINT; a part that fails ends the process with its error."""
    forbid_core_dumps()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    process = UnitProcess(settings, _draft_key(lifeline))
    async with contextlib.AsyncExitStack() as leaving:
        leaving.callback(process.close)
        works = await _prepare(process, leaving)
        try:
            async with asyncio.TaskGroup() as group:
                for work in (*works, _live(lifeline), _until(stop)):
                    group.create_task(work)
                if lifeline is not None:
                    lifeline.ready()
                log.info("serving", extra={"device": process.counter.unit.device})
        except* _StoppedError:
            log.info("stopping")
    return 0


async def _prepare(process: UnitProcess, leaving: contextlib.AsyncExitStack) -> list[Work]:
    settings, counter = process.settings, process.counter
    process.session.restore()
    counter.recognition.prepare()
    pen, follows = _pens(process)
    rendering = Rendering(settings.recogniser.font)
    rendering.outlines.add(counter.own_characters.outline)
    pages = resident_page(process, rendering, pen), clerk_page(process, rendering)
    opened = {page.binding.page: await _listen(page, settings, leaving) for page in pages}
    _say_where(process, json.dumps(opened).encode())
    return [
        *follows,
        counter.capture.keep(),
        process.link.run(),
        report_health(counter, process.link, settings.broker.health_seconds),
        _forget(process),
    ]


def _say_where(process: UnitProcess, opened: bytes) -> None:
    """Write pages.json. A unit that starts on a full disk must still send what it has accepted."""
    path = process.settings.unit.state / "pages.json"
    if path.exists() and path.read_bytes() == opened:
        return
    try:
        replace_file(path, opened)
    except OSError:
        if not process.counter.outbox.make_way():
            log.exception("pages.json could not be written; it may name former ports")
            return
        _say_where(process, opened)


def _draft_key(lifeline: Lifeline | None) -> bytes:
    if lifeline is None:
        log.warning("no supervisor: drafts end with this process")
        return secrets.token_bytes(DRAFT_KEY_BYTES)
    key = lifeline.draft_key()
    lifeline.watch(end_with_supervisor)
    return key


def _pens(process: UnitProcess) -> tuple[BrowserPen | None, list[Work]]:
    """The browser pen where the page is a tablet, and the work of following each pen."""
    capture, chosen = process.counter.capture, process.settings.tablet
    try:
        address = addresses.parse(chosen.address)
    except AddressError as error:
        raise SettingsError(f"tablet.address: {error}") from error
    follows: list[Work] = []
    if address.kind is not addresses.Kind.BROWSER:
        follows.append(capture.follow(lambda: open_tablet(address)))
        if not chosen.browser_pen:
            return None, follows
    pen = BrowserPen()
    return pen, [*follows, capture.follow(pen.open)]


async def _listen(page: Page, settings: Settings, leaving: contextlib.AsyncExitStack) -> str:
    """Open the page's listener; the address that opens it, token and all."""
    wanted = settings.resident if page.binding.page == "resident" else settings.clerk
    runner = web.AppRunner(page.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    leaving.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, wanted.host, wanted.port).start()
    except OSError as error:
        raise SettingsError(
            f"{page.binding.page}.port: {wanted.host}:{wanted.port} cannot be opened "
            f"({error.strerror}); choose another"
        ) from error
    port = runner.addresses[0][1]
    log.info("page is up", extra={"page": page.binding.page, "port": port})
    return f"http://{wanted.host}:{port}/?token={page.binding.token}"


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()
    raise _StoppedError


async def _live(lifeline: Lifeline | None) -> None:
    """Tell the supervisor that the event loop still turns."""
    while lifeline is not None:
        lifeline.alive()
        await asyncio.sleep(ALIVE_SECONDS)


async def _forget(process: UnitProcess) -> None:
    """Delete receipted bytes when their days are over."""
    keep_us = process.settings.outbox.keep_days * DAY_US
    while True:
        before = process.counter.clock.wall_us() - keep_us
        await asyncio.to_thread(process.counter.outbox.forget, before)
        await asyncio.sleep(FORGET_SECONDS)
