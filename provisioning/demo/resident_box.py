"""The resident at the simulated box: waits for the office's message and opens it."""

import asyncio
import time

import aiohttp

from provisioning.errors import DemoError

BOX = "BOX-DEMO"
_SECONDS = 20.0


class ResidentBox:
    """One box at the simulator, which this demo starts; its pages are what the resident sees."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def opened(self, number: str) -> str:
        """Wait for a message and open it; its page. DemoError when none names `number` in time."""
        deadline = time.monotonic() + _SECONDS
        while not (found := await self._lying()):
            if time.monotonic() > deadline:
                raise DemoError(f"no message of the office reached the box within {_SECONDS:g} s")
            await asyncio.sleep(0.2)
        page = await self._get(found)
        if number not in page:
            raise DemoError("the message in the box does not name the reception number")
        return self._url + found

    async def _lying(self) -> str:
        """The path of the newest message in the box, or nothing."""
        listing = await self._get(f"/box/{BOX}/")
        for part in listing.split('href="')[1:]:
            address = part.split('"', 1)[0]
            if address.rsplit("/", 1)[-1].isdecimal():
                return f"/box/{BOX}/{address.rsplit('/', 1)[-1]}"
        return ""

    async def _get(self, path: str) -> str:
        async with self._session.get(self._url + path) as response:
            if response.status != 200:
                raise DemoError(f"the simulator answered {response.status} to {path}")
            return await response.text()
