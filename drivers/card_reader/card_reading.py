"""What a counter wants of a card, and what a reading brought."""

from dataclasses import dataclass, field
from enum import StrEnum

from drivers.card_reader.outcomes import Outcome
from drivers.card_reader.pin import Pin
from intake.certificates.anchors import Hierarchy
from intake.certificates.certificate import CertificateCheck
from intake.certificates.evidence import CardEvidence
from intake.certificates.genuineness import GenuinenessResult
from intake.certificates.text_record import TextAttributes


class Want(StrEnum):
    """The parts of a reading. `my_number` only where the procedure needs it, with `text`."""

    TEXT = "text"
    AUTH = "auth"
    SIGN = "sign"
    PHOTO = "photo"
    MY_NUMBER = "my_number"


DEFAULT_WANT = frozenset({Want.TEXT, Want.AUTH})


@dataclass(frozen=True)
class CounterWish:
    """One reading: the parts wanted and the secrets for them. The reading wipes every secret.

    `text` needs `text_pin` or, without a PIN, `b_code` (照合番号B, 14 digits); the first is taken
    when both are there. `my_number` needs `text_pin`. `auth` needs `auth_pin` and signs
    `challenge`. `sign` needs `sign_password` and `document`, the bytes that the signing key signs.
    `photo` needs `b_code`. What is not wanted is neither read nor sent, whatever is given.
    `allow_last_try` is the clerk's explicit override at one try left.
    """

    want: frozenset[Want]
    challenge: bytes
    auth_pin: Pin | None = None
    text_pin: Pin | None = None
    sign_password: Pin | None = None
    b_code: Pin | None = None
    document: bytes | None = field(default=None, repr=False)
    allow_last_try: bool = False


@dataclass(frozen=True)
class Substituted:
    """Which characters the signing certificate could not hold: places from 0, ascending."""

    name: tuple[int, ...] = ()
    address: tuple[int, ...] = ()


@dataclass(frozen=True)
class HolderSignature:
    """The signing certificate (DER), its key's verified signature over the document, the check.

    `name` and `address` are as the certificate has them, with `substituted` places.
    """

    certificate: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    check: CertificateCheck
    name: str = field(repr=False)
    address: str = field(repr=False)
    substituted: Substituted


@dataclass(frozen=True)
class FaceImages:
    """The card's face from memory, for the clerk's eyes; never stored, logged or sent.

    `photo` is JPEG 2000, `name` and `address` are PNG pictures of the printed text.
    """

    photo: bytes = field(repr=False)
    name: bytes = field(repr=False)
    address: bytes = field(repr=False)


@dataclass(frozen=True)
class CardReading:
    """How a reading ended. Personal parts and evidence are there only when `outcome` is ok.

    `kind` is plastic, android, iphone, unknown or what a profile says. `tries_left` has what was
    asked of the card, by secret: auth, text, sign, b_code.
    """

    outcome: Outcome
    kind: str | None = None
    hierarchy: Hierarchy | None = None
    has_signing_certificate: bool | None = None
    tries_left: dict[str, int] = field(default_factory=dict[str, int])
    attributes: TextAttributes | None = field(default=None, repr=False)
    my_number: str | None = field(default=None, repr=False)
    evidence: CardEvidence | None = field(default=None, repr=False)
    certificate: CertificateCheck | None = None
    genuineness: GenuinenessResult | None = None
    signature: HolderSignature | None = field(default=None, repr=False)
    face: FaceImages | None = field(default=None, repr=False)
