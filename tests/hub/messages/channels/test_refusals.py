"""A mail server's refusals: only what is about the address itself ends it for later messages."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from hub.clock import now_us
from hub.messages.channels.channel import PermanentError
from hub.messages.channels.configuration import Email
from hub.messages.channels.email import EmailChannel
from hub.messages.channels.refusals import dead_by_status
from hub.messages.channels.rendering import SignedRendering
from hub.register.drawing import nothing_of_its_own


@contextmanager
def refusing(reply: bytes) -> Generator[int]:
    """The port of a server that answers RCPT with `reply` and takes everything else."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as stream:
            stream.write(b"220 mail\r\n")
            stream.flush()
            for line in stream:
                stream.write((reply if line.startswith(b"rcpt") else b"250 OK") + b"\r\n")
                stream.flush()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve, daemon=True)
        server.start()
        yield listener.getsockname()[1]
        server.join(5)


def refused(reply: bytes) -> PermanentError:
    """What handing a mail over ends with."""
    office = "office@city.example.lg.jp"
    with refusing(reply) as port:
        settings = Email("127.0.0.1", port, security="none", sender=office, check_address=office)
        rendering = SignedRendering(tuple, lambda: nothing_of_its_own)
        with pytest.raises(PermanentError) as raised:
            EmailChannel(settings, "見本市", rendering, now_us).check()
    return raised.value


@pytest.mark.parametrize(
    ("reply", "dead"),
    [
        (b"550 5.1.1 no such mailbox", True),
        (b"554 5.1.10 recipient takes no mail", True),
        (b"550-5.1.1 no such\r\n550 5.1.1 mailbox", True),
        (b"550 no such mailbox", True),
        (b"551 not here", True),
        (b"553 not allowed", True),
        (b"550 5.7.1 blocked by a list", False),
        (b"550 5.7.26 not authenticated", False),
        (b"550 5.2.1 switched off", False),
        (b"550 5.1.8 the sender's domain does not exist", False),
        (b"554 transaction failed", False),
        (b"552 5.2.2 over quota", False),
    ],
)
def test_only_a_dead_address_is_given_up(reply: bytes, dead: bool):
    assert refused(reply).suppress is dead


@pytest.mark.parametrize(
    ("status", "dead"),
    [
        ("5.1.1", True),
        ("5.1.1 (unknown)", True),
        ("5.1.7", False),
        ("5.7.1", False),
        ("4.1.1", False),
        ("5.1", False),
        ("", False),
    ],
)
def test_a_bounce_is_judged_alike(status: str, dead: bool):
    assert dead_by_status(status) is dead
