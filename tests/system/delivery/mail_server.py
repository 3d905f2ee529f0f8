"""An SMTP server in a process of its own: keeps each mail as a file, and refuses on request.

What an address begins with says what happens to it: nobody (550), later (451), cut (the content
is kept and the connection ended without a word), slow (the answer comes after a minute).
"""

import asyncio
import sys
import uuid
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeper:
    """Keeps what it is given."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later"):
            return "451 4.2.1 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as above
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        part = self._folder / f".{uuid.uuid4()}"
        part.write_bytes(content)
        part.rename(part.with_name(f"{part.name[1:]}.eml"))
        address = envelope.rcpt_tos[0]
        if address.startswith("cut"):
            assert server.transport is not None
            server.transport.close()
        if address.startswith("slow"):
            await asyncio.sleep(60)
        return "250 OK"


async def serve(folder: Path) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Keeper(folder)), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
