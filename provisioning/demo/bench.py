"""Orders to the two benches: the simulated pen and the virtual card, as JSON lines on a socket."""

import asyncio
import json
from pathlib import Path
from typing import Any

from provisioning.errors import DemoError

_LIMIT = 1 << 20
_SECONDS = 30.0


async def order(control: Path, **words: object) -> dict[str, Any]:
    """Send one order to a bench and return its answer; DemoError when it says no."""
    try:
        answer = await asyncio.wait_for(_exchange(control, words), _SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise DemoError(
            f"the bench at {control.name} gave no answer ({type(error).__name__}): "
            "see the log of the unit"
        ) from error
    if not answer.get("ok"):
        raise DemoError(f"the bench at {control.name} refused {words.get('op')}: {answer}")
    return answer


async def _exchange(control: Path, words: dict[str, object]) -> dict[str, Any]:
    reader, writer = await asyncio.open_unix_connection(str(control), limit=_LIMIT)
    try:
        writer.write(json.dumps(words).encode() + b"\n")
        await writer.drain()
        answer = json.loads(await reader.readline())
    finally:
        writer.close()
    if not isinstance(answer, dict):
        raise TypeError("an answer is an object")
    return answer
