"""Mail over STARTTLS: it arrives, and a server that drips is left in time, encrypted or not."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.clock import now_us
from hub.messages.channels.channel import TemporaryError
from hub.messages.channels.configuration import Email
from hub.messages.channels.email import EmailChannel
from hub.messages.channels.rendering import SignedRendering
from hub.register.drawing import nothing_of_its_own

TIMEOUT_S = 0.5
DRIPS_S = 4.0
OFFICE = "office@city.example.lg.jp"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = tmp_path_factory.mktemp("mail") / "mail.pem"
    secret = key.private_bytes(form, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(made.public_bytes(form) + secret)
    return path


def drip(stream: socket.socket) -> None:
    """One letter of an answer at a time, each well within every timeout."""
    until = time.monotonic() + DRIPS_S
    while time.monotonic() < until:
        stream.sendall(b"2")
        time.sleep(TIMEOUT_S / 5)


def converse(stream: socket.socket) -> None:
    """Say yes to everything until the client leaves."""
    lines, in_mail = stream.makefile("rb"), False
    with closing(lines):
        for line in lines:
            in_mail = in_mail and line != b".\r\n"
            if in_mail:
                continue
            in_mail = line.upper().startswith(b"DATA")
            stream.sendall(b"354 go on\r\n" if in_mail else b"250 yes\r\n")


@contextmanager
def server(certificate: Path, then: Callable[[socket.socket], None]) -> Generator[int]:
    """An SMTP server for one mail: `then` is what it does once encrypted."""
    listener = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve() -> None:
        with suppress(OSError), listener.accept()[0] as plain:
            plain.sendall(b"220 mail\r\n")
            plain.recv(1000)
            plain.sendall(b"250-mail\r\n250 STARTTLS\r\n")
            plain.recv(1000)
            plain.sendall(b"220 go on\r\n")
            with context.wrap_socket(plain, server_side=True) as stream:
                then(stream)

    thread = threading.Thread(target=serve)
    thread.start()
    with closing(listener):
        yield listener.getsockname()[1]
        thread.join()


def channel(port: int, certificate: Path, timeout_s: float) -> EmailChannel:
    settings = Email(
        host="127.0.0.1",
        port=port,
        security="starttls",
        ca_file=certificate,
        sender=OFFICE,
        timeout_seconds=timeout_s,
        check_address=OFFICE,
    )
    return EmailChannel(
        settings, "役所", SignedRendering(tuple, lambda: nothing_of_its_own), now_us
    )


def test_a_mail_is_handed_over_encrypted(certificate: Path):
    with server(certificate, converse) as port:
        assert channel(port, certificate, 10.0).check().startswith("<check-")


def test_a_server_that_drips_once_encrypted_is_left_in_time(certificate: Path):
    with server(certificate, drip) as port:
        before = time.monotonic()
        with pytest.raises(TemporaryError):
            channel(port, certificate, TIMEOUT_S).check()
        assert time.monotonic() - before < DRIPS_S / 2
