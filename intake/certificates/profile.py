"""What a certificate of a card may look like, as data: policies, keys, digests.

The next card's certificates (other keys, perhaps other policies) are another table, not other code.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from intake.certificates.anchors import Hierarchy, Purpose
from intake.certificates.errors import ProfileError

JPKI_FILE: Final = "jpki.toml"


@dataclass(frozen=True)
class Policy:
    """What a certificate policy OID says about its certificate."""

    purpose: Purpose
    hierarchy: Hierarchy
    carrier: str


@dataclass(frozen=True)
class KeyForm:
    """Keys that may stand in a certificate: `rsa` or `ec`, bits from-to, digests over it."""

    form: str
    bits: tuple[int, int]
    digests: frozenset[str]

    def takes(self, key: object, digest: str) -> bool:
        """Whether `key`, in a certificate signed over `digest`, is one of these."""
        if isinstance(key, RSAPublicKey):
            return self.form == "rsa" and self._fits(key.key_size, digest)
        if isinstance(key, EllipticCurvePublicKey):
            return self.form == "ec" and self._fits(key.key_size, digest)
        return False

    def _fits(self, size: int, digest: str) -> bool:
        return self.bits[0] <= size <= self.bits[1] and digest in self.digests


@dataclass(frozen=True)
class CertificateProfile:
    """Policies by OID and the keys that are taken."""

    policies: Mapping[str, Policy]
    keys: tuple[KeyForm, ...]

    def takes_key(self, key: object, digest: str) -> bool:
        """Whether a key and the digest of the issuer's signature are of this profile."""
        return any(form.takes(key, digest) for form in self.keys)


def parse_profile(text: str) -> CertificateProfile:
    """A profile in the form of `jpki.toml`; ProfileError names what is wrong."""
    try:
        table = tomllib.loads(text)
        policies = {str(one["oid"]): _policy(one) for one in table["policy"]}
        keys = tuple(_key_form(one) for one in table["key"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ProfileError(
            f"a certificate profile is not in its form ({error}); compare it with {JPKI_FILE}"
        ) from error
    return CertificateProfile(policies, keys)


@cache
def jpki_profile() -> CertificateProfile:
    """The certificates that cards and phones carry today."""
    file = resources.files("intake.certificates") / JPKI_FILE
    return parse_profile(file.read_text(encoding="utf-8"))


def _policy(one: Mapping[str, Any]) -> Policy:
    return Policy(Purpose(one["purpose"]), Hierarchy(one["hierarchy"]), str(one["carrier"]))


def _key_form(one: Mapping[str, Any]) -> KeyForm:
    low, high = (int(bits) for bits in one["bits"])
    return KeyForm(str(one["form"]), (low, high), frozenset(str(name) for name in one["digests"]))
