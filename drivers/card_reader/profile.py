"""What lies where on a kind of card, as data: applications, files, PINs, keys, how it is told.

A profile is a TOML file (drivers/card_reader/profiles, or any other given at run time); reader and
virtual card work from it alone. docs/card-driver.md says how to write one.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from drivers.card_reader.errors import ProfileError
from intake.certificates.profile import CertificateProfile


class Secret(StrEnum):
    """What a resident is asked for: two PINs, the signing password, 照合番号B."""

    AUTH = "auth"
    TEXT = "text"
    SIGN = "sign"
    B_CODE = "b_code"


class CardKind(StrEnum):
    """Kinds that the house knows; a profile may name another."""

    PLASTIC = "plastic"
    ANDROID = "android"
    IPHONE = "iphone"
    UNKNOWN = "unknown"


class KnownFile(StrEnum):
    """Names of files that the reader asks for. A profile may name more for the virtual card."""

    TOKEN = "token"  # noqa: S105  (a file's name, no secret)
    PRESENT = "certificates_present"
    AUTH_CERTIFICATE = "auth_certificate"
    SIGN_CERTIFICATE = "sign_certificate"
    NUMBER = "number"
    ATTRIBUTES = "attributes"
    INTEGRITY = "integrity"
    RECORD_CERTIFICATE = "record_certificate"
    SIGNED_KEY = "signed_key"
    FACE = "face"
    FACE_CERTIFICATE = "face_certificate"


class KnownKey(StrEnum):
    """Names of keys: the holder's two, and the card's own in the text and surface parts."""

    AUTH = "auth"
    SIGN = "sign"
    TEXT = "text"
    FACE = "face"


class Algorithm(StrEnum):
    """What a key of a card does with a message: hash it, and sign with this key."""

    RSA_SHA256 = "rsa-2048-pkcs1-sha256"
    ECDSA_P384 = "ecdsa-p384-sha384"


@dataclass(frozen=True)
class FilePlace:
    """A file. `size`: bytes to read as stored; None: one object, filler cut off.

    `opened_by` names the PINs of which one opens it; none: it is free.
    """

    name: str
    application: str
    file: int
    size: int | None = None
    opened_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class PinPlace:
    """A PIN. `secret` is what the resident knows it as (auth, text, sign, b_code, a_code).

    `digits`: how many digits it has; None: 6 to 16 capital letters and digits.
    """

    name: str
    application: str
    file: int
    tries: int
    secret: str
    digits: int | None = None


@dataclass(frozen=True)
class KeyPlace:
    """A private key. `pin` unlocks it; a card's own key has neither file nor PIN."""

    name: str
    application: str
    algorithm: Algorithm
    file: int | None = None
    pin: str | None = None


@dataclass(frozen=True)
class Certificates:
    """Which byte of the file `certificates_present` says that a certificate is there."""

    auth: int
    sign: int
    value: int


@dataclass(frozen=True)
class CardProfile:
    """One kind of card. Without `labels` the application alone tells it.

    `certificate_form`: what its certificates look like; None: as the cards and phones of today.
    """

    name: str
    kind: str
    identified_by: str
    labels: tuple[str, ...] = ()
    label_bytes: int = 32
    certificates: Certificates | None = None
    certificate_form: CertificateProfile | None = None
    applications: dict[str, bytes] = field(default_factory=dict[str, bytes])
    files: dict[str, FilePlace] = field(default_factory=dict[str, FilePlace])
    pins: dict[str, PinPlace] = field(default_factory=dict[str, PinPlace])
    keys: dict[str, KeyPlace] = field(default_factory=dict[str, KeyPlace])

    def file(self, name: str) -> FilePlace:
        """A file's place; raises ProfileError when such cards have none."""
        try:
            return self.files[name]
        except KeyError:
            raise ProfileError(f"{self.name}: no file {name}; add it to the profile") from None

    def key(self, name: str) -> KeyPlace:
        """A key's place; raises ProfileError when such cards have none."""
        try:
            return self.keys[name]
        except KeyError:
            raise ProfileError(f"{self.name}: no key {name}; add it to the profile") from None

    def openers(self, *files: str) -> tuple[PinPlace, ...]:
        """The PINs of which each alone opens all these files, in the profile's order.

        Files that are free need none; ProfileError when all are.
        """
        locked = [locks for name in files if (locks := self.file(name).opened_by)]
        if not locked:
            raise ProfileError(f"{self.name}: no PIN opens {', '.join(files)}")
        first, *others = locked
        return tuple(self.pins[pin] for pin in first if all(pin in locks for locks in others))

    def pin_of_key(self, name: str) -> PinPlace:
        """The PIN that unlocks a holder's key."""
        pin = self.key(name).pin
        if pin is None:
            raise ProfileError(f"{self.name}: the key {name} names no PIN")
        return self.pins[pin]
