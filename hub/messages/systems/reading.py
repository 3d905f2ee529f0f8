"""The XML of core systems read: whatever it holds, it is parsed in a child and never here."""

import json
import os
import threading
import time
from collections.abc import Sequence
from typing import Final, cast

from hub.messages.message import outside
from hub.messages.message.content import Content
from hub.messages.message.errors import MessageRefusedError, Reason
from hub.messages.message.parsing import BYTES, refused
from hub.messages.message.to_xml import PREFIX
from hub.messages.message.wire import Json
from hub.messages.sandbox.confinement import command, confinement
from hub.messages.sandbox.exchange import end, exchange, start

CHILD: Final = ("-I", "-m", "hub.messages.systems.child")
NAMESPACE: Final = PREFIX.strip("{}").encode()
ALONE_S: Final = 30.0
"""For messages of a request that are read again one by one, since one of them ended the child."""
_turns: Final = threading.Semaphore(max(1, len(os.sched_getaffinity(0))))

Read = Content | MessageRefusedError


def read(given: Sequence[bytes], issuer: str) -> list[Read]:
    """Each message's content, or why it is refused, in the order given.

    issuer: the office's 団体コード; a message that names another is refused.
    """
    found: list[Read | None] = [_plainly_wrong(data) for data in given]
    open_ones = [n for n, one in enumerate(found) if one is None]
    with _turns:
        for n, one in zip(open_ones, _together([given[n] for n in open_ones]), strict=True):
            found[n] = one
    return [_of_office(one, issuer) for one in found if one is not None]


def _plainly_wrong(data: bytes) -> MessageRefusedError | None:
    """What needs no parser and so no child."""
    if len(data) > BYTES:
        return refused(0, Reason.TOO_LARGE)
    return None if NAMESPACE in data else refused(1, Reason.SCHEMA, "root")


def _together(given: Sequence[bytes]) -> list[Read]:
    """All in one child; where that ends without an answer, each in one of its own."""
    if len(given) == 1:
        return [_alone(given[0])]
    if not given:
        return []
    sizes = json.dumps({"sizes": [len(data) for data in given]}).encode()
    child = start(command(confinement(), CHILD))
    try:
        said = json.loads(exchange(child, b"\n".join([sizes, b"".join(given)])))
    except (ConnectionError, TimeoutError, ValueError, RecursionError):
        said = None
    finally:
        end(child)
    if isinstance(said, list) and len(cast("list[object]", said)) == len(given):
        return [_claimed(one) for one in cast("list[object]", said)]
    until = time.monotonic() + ALONE_S
    return [
        _alone(data) if time.monotonic() < until else refused(0, Reason.TIME_LIMIT)
        for data in given
    ]


def _alone(data: bytes) -> Read:
    try:
        return outside.read(data)
    except MessageRefusedError as error:
        return error


def _claimed(answer: object) -> Read:
    try:
        return outside.claimed(cast("Json", answer if isinstance(answer, dict) else {}))
    except MessageRefusedError as error:
        return error


def _of_office(found: Read, issuer: str) -> Read:
    other = isinstance(found, Content) and found.issuer.code != issuer
    return refused(0, Reason.WRONG_ISSUER) if other else found
