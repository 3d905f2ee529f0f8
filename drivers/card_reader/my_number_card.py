"""The My Number card as a counter uses it, whatever its profile: describe, unlock, read, sign."""

from collections.abc import Sequence
from dataclasses import dataclass

from drivers.card_reader.apdu import SW_END_OF_FILE, SW_NOT_FOUND
from drivers.card_reader.application import Application
from drivers.card_reader.errors import CardRefusedError, NotMyNumberCardError
from drivers.card_reader.interface import CardConnection
from drivers.card_reader.key_algorithm import SIGNATURE_BYTES, signing_input
from drivers.card_reader.pin import Pin
from drivers.card_reader.profile import CardKind, CardProfile, KnownFile, PinPlace, Secret
from drivers.card_reader.profile_file import load_profiles


@dataclass(frozen=True)
class CardDescription:
    """What can be known before any PIN. `tries_left` is keyed by secret (auth, text, ...).

    `tries_of_pins` has the same by the profile's names of the PINs that were asked.
    """

    profile: CardProfile
    kind: str
    has_auth_certificate: bool
    has_signing_certificate: bool
    tries_left: dict[str, int]
    tries_of_pins: dict[str, int]


class MyNumberCard:
    """One card on one connection; the errors of drivers.card_reader.errors.

    Entering an application drops every PIN state, so steps that need one PIN stay together.
    """

    def __init__(
        self, connection: CardConnection, profiles: Sequence[CardProfile] | None = None
    ) -> None:
        self._application = Application(connection)
        self._profiles = load_profiles() if profiles is None else tuple(profiles)
        self._profile = self._profiles[0]
        self._entered = b""
        self._open: set[str] = set()

    def describe(self) -> CardDescription:
        """Profile and kind, certificates present, tries left of every secret a counter asks for.

        Raises NotMyNumberCardError before anything else is asked of a foreign card.
        """
        kind = self._identify()
        present = self._present()
        tries: dict[str, int] = {}
        by_pin: dict[str, int] = {}
        for pin in self._profile.pins.values():
            if pin.secret in tries or pin.secret not in list(Secret):
                continue
            if pin.secret == Secret.SIGN and not present[1]:
                continue
            if not self._enters(pin.application):
                continue
            left = self._application.tries_if_present(pin)
            if left is not None:
                tries[pin.secret] = by_pin[pin.name] = left
        return CardDescription(self._profile, kind, *present, tries, by_pin)

    def tries_left(self, pin: PinPlace) -> int:
        """Tries left of one PIN, 0 when blocked."""
        self._enter(pin.application)
        return self._application.tries_left(pin)

    def has_application(self, name: str) -> bool:
        """Whether the card has an application of its profile."""
        return self._enters(name)

    def unlock(self, pin: PinPlace, secret: Pin, *, allow_last_try: bool = False) -> None:
        """Verify a PIN as Application.verify does; nothing when it is verified already."""
        self._enter(pin.application)
        if pin.name not in self._open:
            self._application.verify(pin, secret, allow_last_try=allow_last_try)
            self._open.add(pin.name)

    def read(self, name: str) -> bytes:
        """A file of the profile; PinNeededError when it is locked."""
        place = self._profile.file(name)
        self._enter(place.application)
        if place.size is not None:
            return self._application.read_fixed(place.file, place.size)
        return self._application.read_object(place.file)

    def sign(self, key: str, message: bytes) -> bytes:
        """A key of the profile over `message`; the caller verifies what comes back."""
        place = self._profile.key(key)
        self._enter(place.application)
        data = signing_input(place.algorithm, message)
        return self._application.sign(place.file, data, SIGNATURE_BYTES[place.algorithm])

    def _identify(self) -> str:
        """Choose the profile by application and token label; the kind it stands for."""
        tokens: dict[bytes, bytes | None] = {}
        for profile in self._profiles:
            aid = profile.applications[profile.identified_by]
            if aid not in tokens:
                tokens[aid] = self._token(profile, aid)
            token = tokens[aid]
            if token is not None and (not profile.labels or _label(profile, token)):
                self._profile = profile
                return profile.kind
        for profile in self._profiles:
            if tokens[profile.applications[profile.identified_by]] is not None:
                self._profile = profile
                return CardKind.UNKNOWN
        raise NotMyNumberCardError("not a My Number card; place the My Number card")

    def _token(self, profile: CardProfile, aid: bytes) -> bytes | None:
        """What the card calls itself; None when it lacks the application."""
        try:
            found = self._select(aid)
        except CardRefusedError:
            found = False  # foreign cards answer a foreign AID with all kinds of status words
        if not found:
            return None
        self._profile = profile
        return self.read(KnownFile.TOKEN) if profile.labels else b""

    def _present(self) -> tuple[bool, bool]:
        """Whether the card has its authentication and its signing certificate."""
        profile = self._profile
        told = profile.certificates
        if told is None:
            names = (KnownFile.AUTH_CERTIFICATE, KnownFile.SIGN_CERTIFICATE)
            return names[0] in profile.files, names[1] in profile.files
        octets = self.read(KnownFile.PRESENT)
        if len(octets) <= max(told.auth, told.sign):
            raise CardRefusedError("reading which certificates are there", SW_END_OF_FILE)
        return octets[told.auth] == told.value, octets[told.sign] == told.value

    def _enter(self, name: str) -> None:
        if not self._enters(name):
            raise CardRefusedError(f"selecting the application {name}", SW_NOT_FOUND)

    def _enters(self, name: str) -> bool:
        """Select an application unless it is the current one; False when the card lacks it."""
        aid = self._profile.applications[name]
        return aid == self._entered or self._select(aid)

    def _select(self, aid: bytes) -> bool:
        self._open.clear()
        self._entered = b""
        found = self._application.select_application(aid)
        if found:
            self._entered = aid
        return found


def _label(profile: CardProfile, token: bytes) -> bool:
    label = token[: profile.label_bytes].decode("ascii", "replace").strip(" \x00")
    return label in profile.labels
