"""A display of the counter unit, by what its script uses: state, actions and the socket of ink."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import Any

import aiohttp

from provisioning.errors import DemoError

State = dict[str, Any]
_LOOK_SECONDS = 0.05


class CounterPage:
    """The resident's or the clerk's page of one unit (docs/unit-interface.md)."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address
        self._base = address.partition("/?")[0]
        self._csrf = ""

    async def open(self) -> State:
        """Open the page with its token, as a display does once; returns what it shows."""
        async with self._session.get(self._address) as response:
            if response.status != 200:
                raise DemoError(f"the counter page did not open: status {response.status}")
        return await self.state()

    async def state(self) -> State:
        """What the page shows now."""
        async with self._session.get(f"{self._base}/state") as response:
            state: State = await response.json()
        if response.status != 200:
            raise DemoError(f"the counter page refused its state: status {response.status}")
        self._csrf = str(state["csrf"])
        return state

    async def act(self, action: str, **words: object) -> State:
        """Do what a button does; returns `{"result", "view"}`. DemoError if it is refused."""
        async with self._session.post(
            f"{self._base}/actions/{action}",
            json=words,
            headers={"X-CSRF-Token": self._csrf},
        ) as response:
            answer: State = await response.json()
        if response.status != 200:
            error = answer.get("error", {})
            raise DemoError(f"the counter refused {action}: {error.get('code')}")
        return answer

    async def until(
        self, what: str, holds: Callable[[State], bool], seconds: float = 15.0
    ) -> State:
        """Wait until the page shows what is awaited; DemoError naming it after `seconds`."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                state = await self.state()
                if holds(state):
                    return state
            if asyncio.get_running_loop().time() > deadline:
                raise DemoError(f"waited {seconds:g} s for the counter: {what}")
            await asyncio.sleep(_LOOK_SECONDS)

    @contextlib.asynccontextmanager
    async def watching_ink(self) -> AsyncGenerator["InkWatch"]:
        """Receive the live picture of the ink as a display does, acknowledging each frame."""
        async with self._session.ws_connect(f"{self._base}/socket") as socket:
            watch = InkWatch()
            task = asyncio.create_task(watch.follow(socket))
            try:
                yield watch
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


class InkWatch:
    """Counts the samples that reached a display."""

    def __init__(self) -> None:
        self.samples = 0

    async def follow(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Read frames until the socket ends."""
        async for message in socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                frame: bytes = message.data
                self.samples += int.from_bytes(frame[2:4], "little")
                number = int.from_bytes(frame[4:8], "little")
                await socket.send_json({"type": "ack", "frame": number})

    async def until_still(self, seconds: float = 0.15, longest: float = 5.0) -> None:
        """Wait until no sample has come for `seconds`."""
        before, waited = -1, 0.0
        while before != self.samples and waited < longest:
            before = self.samples
            await asyncio.sleep(seconds)
            waited += seconds
