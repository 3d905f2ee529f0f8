"""The My Number card as a counter uses it: what it is, who it belongs to, that it is here."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.card_reader.application import Application
from drivers.card_reader.errors import (
    CardRefusedError,
    NotMyNumberCardError,
    SignatureUnverifiedError,
)
from drivers.card_reader.interface import CardConnection
from drivers.card_reader.layout import (
    AUTH_PIN,
    AVAILABILITY_BYTES,
    CERTIFICATE_PRESENT,
    JPKI_AID,
    NUMBER_FILE_BYTES,
    TEXT_AID,
    TEXT_PIN,
    TOKEN_BYTES,
    TOKEN_NAME_BYTES,
    TOKEN_NAMES,
    CardKind,
    JpkiFile,
    PinFile,
    TextFile,
)
from drivers.card_reader.pin import Pin
from intake.certificates.card_key import digest_info, signature_holds
from intake.certificates.certificate import load_certificate
from intake.certificates.genuineness import TextFiles


@dataclass(frozen=True)
class CardDescription:
    """What can be known before any PIN. `tries_left` is keyed by PIN name (auth, text)."""

    kind: CardKind
    has_signing_certificate: bool
    tries_left: dict[str, int]


class MyNumberCard:
    """One card on one connection; the errors of drivers.card_reader.errors."""

    def __init__(self, connection: CardConnection) -> None:
        self._application = Application(connection)

    def describe(self) -> CardDescription:
        """Kind by token name, certificates present, tries left of both four-digit PINs.

        Raises NotMyNumberCardError before anything else is asked of a foreign card.
        """
        self._select_jpki()
        token = self._application.read_fixed(JpkiFile.TOKEN, TOKEN_BYTES)
        name = token[:TOKEN_NAME_BYTES].decode("ascii", "replace").strip(" \x00")
        availability = self._application.read_fixed(JpkiFile.AVAILABILITY, AVAILABILITY_BYTES)
        tries = {AUTH_PIN.name: self._application.tries_left(AUTH_PIN)}
        if self._application.select_application(TEXT_AID):
            tries[TEXT_PIN.name] = self._application.tries_left(TEXT_PIN)
        return CardDescription(
            kind=TOKEN_NAMES.get(name, CardKind.UNKNOWN),
            has_signing_certificate=availability[0] == CERTIFICATE_PRESENT,
            tries_left=tries,
        )

    def tries_left(self, pin: PinFile) -> int:
        """Tries left of one of the four-digit PINs; selects its application."""
        self._select_for(pin)
        return self._application.tries_left(pin)

    def unlock(self, pin: PinFile, secret: Pin, *, allow_last_try: bool = False) -> None:
        """Select the PIN's application and verify the PIN, as Application.verify."""
        self._select_for(pin)
        self._application.verify(pin, secret, allow_last_try=allow_last_try)

    def authentication_certificate(self) -> bytes:
        """The authentication certificate, DER. Phones give it only after their PIN."""
        self._select_jpki()
        return self._application.read_object(JpkiFile.AUTH_CERTIFICATE)

    def authentication_certificate_after_pin(self) -> bytes:
        """As above without selecting again, so that the PIN stays verified."""
        return self._application.read_object(JpkiFile.AUTH_CERTIFICATE)

    def sign_challenge(self, challenge: bytes, certificate: bytes) -> bytes:
        """The authentication key over `challenge` (PKCS#1 v1.5, SHA-256), after `unlock`.

        Raises SignatureUnverifiedError when it does not verify under `certificate`.
        """
        signature = self._application.sign(JpkiFile.AUTH_KEY, digest_info(challenge))
        loaded = load_certificate(certificate)
        key = loaded.public_key() if loaded is not None else None
        if not isinstance(key, RSAPublicKey) or not signature_holds(key, signature, challenge):
            raise SignatureUnverifiedError("the card's signature does not verify; read it again")
        return signature

    def read_text(self, *, with_number: bool = False) -> TextFiles:
        """The text application's files after its PIN; the My Number only when asked for."""
        read = self._application.read_object
        number = None
        if with_number:
            number = self._application.read_fixed(TextFile.NUMBER, NUMBER_FILE_BYTES)
        return TextFiles(
            attributes=read(TextFile.ATTRIBUTES),
            integrity=read(TextFile.INTEGRITY),
            certificate=read(TextFile.CERTIFICATE),
            signed_key=read(TextFile.SIGNED_KEY),
            number=number,
        )

    def answer_challenge(self, challenge: bytes) -> bytes:
        """The card's own key over `challenge`: proof that this card is here, not a copy."""
        return self._application.sign_as_card(digest_info(challenge))

    def _select_jpki(self) -> None:
        try:
            found = self._application.select_application(JPKI_AID)
        except CardRefusedError:
            found = False  # foreign cards answer a foreign AID with all kinds of status words
        if not found:
            raise NotMyNumberCardError("not a My Number card; place the My Number card")

    def _select_for(self, pin: PinFile) -> None:
        if pin.name != TEXT_PIN.name:
            self._select_jpki()
        elif not self._application.select_application(TEXT_AID):
            raise NotMyNumberCardError("the card has no text application; use another proof")
