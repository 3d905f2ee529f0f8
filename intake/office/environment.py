"""The environment of a device certificate, set by the authority that enrolled the device.

Production refuses test anchors, the virtual card and demo keys; so it is signed, not configured.
"""

from enum import StrEnum
from typing import Final

from cryptography import x509

from intake.errors import DecodeError, WrongEnvironmentError

OID: Final = x509.ObjectIdentifier("2.25.13989423284057534815665317800676423462")
_UTF8_STRING: Final = 0x0C


class Environment(StrEnum):
    """Where a device, a key or a message belongs."""

    PRODUCTION = "production"
    TRAINING = "training"
    DEMO = "demo"


def extension(environment: Environment) -> x509.UnrecognizedExtension:
    """The certificate extension that states `environment` (add it as not critical).

    Its value is a DER UTF8String. TLS stacks refuse unknown critical extensions, so the
    verifiers of this project ask for it themselves.
    """
    text = environment.value.encode()
    return x509.UnrecognizedExtension(OID, bytes([_UTF8_STRING, len(text)]) + text)


def environment_of(certificate: x509.Certificate) -> Environment:
    """The environment that the enrolling authority wrote into `certificate`.

    Raises WrongEnvironmentError when it is missing and DecodeError when it is not one of ours.
    """
    try:
        found = certificate.extensions.get_extension_for_oid(OID).value
    except x509.ExtensionNotFound:
        raise WrongEnvironmentError(
            "the certificate states no environment: enrol the device with this office's authority"
        ) from None
    for environment in Environment:
        if found == extension(environment):
            return environment
    raise DecodeError("the certificate states an environment that is not known")
