"""Trust anchors: who may have issued a card, pinned by SHA-256, purpose and hierarchy."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from intake.certificates.card_key import CardKey
from intake.certificates.errors import AnchorError
from intake.errors import WrongEnvironmentError
from intake.office.environment import Environment, environment_of

MAX_ANCHORS = 64
MAX_ANCHOR_BYTES = 16 * 1024
PINS_FILE = "pins.sha256"
_PIN_LINE = re.compile(r"([0-9a-f]{64})(?:[ \t]+\*?(\S+))?")


class Purpose(StrEnum):
    """What an anchor vouches for: signing, authentication, card-verifiable certificates."""

    SIGN = "sign"
    AUTH = "auth"
    CV = "cv"


class Hierarchy(StrEnum):
    """Cards for residents, or cards for trying things out."""

    PRODUCTION = "production"
    TEST = "test"


def accepted_hierarchies(environment: Environment) -> frozenset[Hierarchy]:
    """Production takes production cards only; training and demo take either."""
    if environment is Environment.PRODUCTION:
        return frozenset({Hierarchy.PRODUCTION})
    return frozenset(Hierarchy)


@dataclass(frozen=True)
class Anchor:
    """One pinned anchor. `der` is a certificate, or for `cv` a SubjectPublicKeyInfo."""

    purpose: Purpose
    name: str
    der: bytes
    sha256: str

    @property
    def generation(self) -> str:
        """The part of the file name after the purpose: several live keys share one DN."""
        return self.name.removesuffix(".der").partition("_")[2]

    @property
    def hierarchy(self) -> Hierarchy | None:
        """The hierarchy its name states (sign_test_2.der); None: the leaf's policy decides."""
        word = self.generation.partition("_")[0]
        return Hierarchy(word) if word in list(Hierarchy) else None

    @cached_property
    def certificate(self) -> x509.Certificate:
        """The CA certificate of a `sign` or `auth` anchor; AnchorError when it is none."""
        return _certificate(self)

    @cached_property
    def root_key(self) -> CardKey:
        """The key of a `cv` anchor; AnchorError when it is none."""
        return _root_key(self)


@dataclass(frozen=True)
class AnchorSet:
    """The anchors an environment trusts. An empty set vouches for nothing."""

    anchors: tuple[Anchor, ...]

    def for_purpose(self, purpose: Purpose) -> tuple[Anchor, ...]:
        """The anchors pinned for one purpose, in file name order."""
        return tuple(anchor for anchor in self.anchors if anchor.purpose is purpose)

    def certificates(self, purpose: Purpose) -> tuple[tuple[Anchor, x509.Certificate], ...]:
        """The CA certificates pinned for `sign` or `auth`."""
        return tuple((anchor, anchor.certificate) for anchor in self.for_purpose(purpose))

    def card_verifiable_keys(self) -> tuple[tuple[Anchor, CardKey], ...]:
        """The issuer's root keys for card-verifiable certificates."""
        return tuple((anchor, anchor.root_key) for anchor in self.for_purpose(Purpose.CV))


def make_anchor_set(
    files: Iterable[tuple[str, bytes]],
    *,
    environment: Environment,
    pins: Mapping[str, str] | None = None,
) -> AnchorSet:
    """Anchors from (file name, DER) pairs named sign_*.der, auth_*.der and cv_*.der.

    With `pins` (see parse_pins) a file is refused whose SHA-256 is not among them or is pinned
    under another name: the name says what it is for. Production refuses the whole set when one
    certificate in it was made for another environment. AnchorError with the name of the file.
    """
    anchors: list[Anchor] = []
    for name, der in sorted(files):
        anchor = _make_anchor(name, der)
        if pins is not None and pins.get(anchor.sha256) not in ("", name):
            raise AnchorError(
                f"{name}: not pinned under this name; replace it or pin {anchor.sha256}  {name}"
            )
        _refuse_foreign_environment(anchor, environment)
        anchors.append(anchor)
        if len(anchors) > MAX_ANCHORS:
            raise AnchorError(f"more than {MAX_ANCHORS} anchors; keep only the current ones")
    return AnchorSet(tuple(anchors))


def parse_pins(text: str) -> Mapping[str, str]:
    """SHA-256 to file name of a pin list: lines as sha256sum writes them, `#` for remarks.

    A line without a name ("" here) pins a file under any name. Raises AnchorError quoting the
    line that begins with no SHA-256.
    """
    pins: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _PIN_LINE.fullmatch(line.strip())
        if match is None:
            raise AnchorError(f"{line[:20]!r} does not begin with a SHA-256")
        pins[match[1]] = (match[2] or "").rpartition("/")[2]
    return pins


def _make_anchor(name: str, der: bytes) -> Anchor:
    prefix = name.partition("_")[0]
    if prefix not in list(Purpose) or not name.endswith(".der"):
        raise AnchorError(f"{name}: name it sign_*.der, auth_*.der or cv_*.der")
    if len(der) > MAX_ANCHOR_BYTES:
        raise AnchorError(f"{name}: longer than {MAX_ANCHOR_BYTES} bytes; not an anchor")
    anchor = Anchor(Purpose(prefix), name, der, hashlib.sha256(der).hexdigest())
    if anchor.purpose is Purpose.CV:
        _root_key(anchor)
    else:
        _certificate(anchor)
    return anchor


def _certificate(anchor: Anchor) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(anchor.der)
    except ValueError as error:
        raise AnchorError(f"{anchor.name}: not a DER certificate") from error


def _root_key(anchor: Anchor) -> CardKey:
    try:
        key = load_der_public_key(anchor.der)
    except ValueError as error:
        raise AnchorError(f"{anchor.name}: not a DER SubjectPublicKeyInfo") from error
    if not isinstance(key, RSAPublicKey | EllipticCurvePublicKey):
        raise AnchorError(f"{anchor.name}: neither an RSA nor an elliptic curve key")
    return key


def _refuse_foreign_environment(anchor: Anchor, environment: Environment) -> None:
    if environment is not Environment.PRODUCTION or anchor.purpose is Purpose.CV:
        return
    try:
        made_for = environment_of(_certificate(anchor))
    except WrongEnvironmentError:
        return  # real anchors state no environment; only those made for trying out do
    if made_for is not Environment.PRODUCTION:
        raise AnchorError(f"{anchor.name}: made for {made_for}; production takes no such anchor")
