"""Who this unit is: the folder that enrolment wrote, read once at start."""

import ssl
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509

from edge.errors import SettingsError
from intake.errors import IntakeError
from intake.event.downward import Audience
from intake.event.keys import PublicKey, ReaderKey, SigningKey
from intake.office.environment import Environment, environment_of


@dataclass(frozen=True)
class BrokerAddress:
    """Host and TLS port of one broker."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class TlsFiles:
    """The unit's TLS identity, and the authority it trusts for brokers (all PEM)."""

    key: Path
    certificate: Path
    authority: Path

    def context(self) -> ssl.SSLContext:
        """A client context that demands a broker certificate of the authority."""
        context = ssl.create_default_context(cafile=str(self.authority))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(str(self.certificate), str(self.key))
        return context


@dataclass(frozen=True)
class Unit:
    """This counter unit and its keys."""

    office: str
    device: str
    device_code: str  # three digits, the beginning of every reception number
    environment: Environment
    signing: SigningKey
    encryption: ReaderKey
    office_anchor: PublicKey
    tls: TlsFiles
    brokers: tuple[BrokerAddress, ...]

    @property
    def audience(self) -> Audience:
        """What messages of the office must be addressed to."""
        return Audience(self.office, self.environment, self.device)


def load(folder: Path, brokers: tuple[str, ...] = ()) -> Unit:
    """The unit enrolled into `folder`; `brokers` ("host:port") replace the enrolled address.

    Raises SettingsError naming the file; certificates must state one environment with office.toml.
    """
    office = _office(folder / "office.toml")
    try:
        unit = Unit(
            office=office["office"],
            device=office["device"],
            device_code=office["device_code"],
            environment=Environment(office["environment"]),
            signing=SigningKey.from_pem(_read(folder / "signing.key")),
            encryption=ReaderKey.from_pem(_read(folder / "encryption.key")),
            office_anchor=PublicKey.from_pem(_read(folder / "office_anchor.pub")),
            tls=TlsFiles(folder / "tls.key", folder / "tls.crt", folder / "chain.pem"),
            brokers=tuple(_address(text) for text in brokers) or (_enrolled(office),),
        )
        _check_certificate(folder / "signing.crt", unit)
    except (IntakeError, KeyError, ValueError) as error:
        raise SettingsError(
            f"{folder}: is no complete enrolment ({error}); enrol the unit again"
        ) from error
    return unit


def _office(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(path).decode())
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be read ({error.strerror}); run `madoguchi-provision enrol`"
        ) from error


def _check_certificate(path: Path, unit: Unit) -> None:
    certificate = x509.load_pem_x509_certificate(_read(path))
    if PublicKey.from_certificate(certificate) != unit.signing.public:
        raise ValueError(f"{path.name} belongs to another key")
    if environment_of(certificate) is not unit.environment:
        raise ValueError(f"{path.name} states another environment")


def _enrolled(office: dict[str, Any]) -> BrokerAddress:
    broker = office["broker"]
    return BrokerAddress(str(broker["host"]), int(broker["port"]))


def _address(text: str) -> BrokerAddress:
    host, _, port = text.rpartition(":")
    return BrokerAddress(host, int(port))
