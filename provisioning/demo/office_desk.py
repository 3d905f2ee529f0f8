"""A member of staff at the hub, by HTTP: log in, look at the queue, decide, read the register."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from provisioning.demo.preparation import Account
from provisioning.errors import DemoError


class OfficeDesk:
    """One logged-in session at the hub's JSON interface (docs/hub-interface.md)."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self._token = ""

    async def log_in(self, account: Account) -> None:
        """Open a session for this account."""
        body = {"login": account.login, "password": account.password}
        self._token = str((await self._send("/api/login", body))["csrf_token"])

    async def queue(self) -> list[dict[str, Any]]:
        """The notifications that wait."""
        return list((await self._get("/api/queue"))["notifications"])

    async def notification(self, notification_id: str) -> dict[str, Any]:
        """Everything that the review page shows of one notification."""
        return await self._get(f"/api/notifications/{notification_id}")

    async def reach_by(self, notification_id: str, channel: str, to: str) -> None:
        """Note how whoever notifies wants to be told, as the review page's form does."""
        path = f"/notifications/{notification_id}/reach"
        form = {"csrf_token": self._token, "channel": channel, "to": to}
        async with self._session.post(self._url + path, data=form) as response:
            if response.status != 200:
                raise DemoError(f"the hub refused to note a channel: {response.status}")

    async def accept(self, notification_id: str, identity: str) -> dict[str, Any]:
        """Accept the revision with this identity."""
        body = {"identity": identity, "links": {}}
        return await self._send(f"/api/notifications/{notification_id}/accept", body)

    async def register(self, notification_id: str) -> list[dict[str, Any]]:
        """The residents that a notification brought into the register."""
        answer = await self._get("/api/register", {"notification_id": notification_id})
        return list(answer["residents"])

    async def _get(self, path: str, query: dict[str, str] | None = None) -> dict[str, Any]:
        async with self._session.get(self._url + path, params=query) as response:
            return await _answer(path, response)

    async def _send(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        headers = {"X-CSRF-Token": self._token} if self._token else {}
        async with self._session.post(self._url + path, json=body, headers=headers) as response:
            return await _answer(path, response)


async def _answer(path: str, response: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        body = await response.json()
    except (aiohttp.ContentTypeError, ValueError):
        body = {}
    if response.status != 200:
        code = body.get("error", {}).get("code", "no code") if isinstance(body, dict) else "?"
        step = "/".join(path.split("/")[:3])
        raise DemoError(f"the hub refused {step}: {response.status} {code}")
    return body
