"""The steps of one reading, in the order that spares the resident's tries."""

from dataclasses import dataclass, field

from drivers.card_reader.card_reading import (
    CounterWish,
    HolderSignature,
    Substituted,
    Want,
)
from drivers.card_reader.errors import (
    PinBlockedError,
    PinNeededError,
    PinOneLeftError,
)
from drivers.card_reader.key_algorithm import require_signature
from drivers.card_reader.my_number_card import CardDescription, MyNumberCard
from drivers.card_reader.outcomes import Outcome, OutcomeCode
from drivers.card_reader.profile import CardProfile, KnownFile, KnownKey, PinPlace, Secret
from drivers.card_reader.secrets_needed import chosen_pins, given
from drivers.card_reader.verdicts import (
    ReadingEndedError,
    Trust,
    holder_of,
    judge_certificate,
    judge_face,
    judge_text,
    require_certificate,
    require_genuine,
    require_one_person,
)
from intake.certificates.anchors import Purpose
from intake.certificates.certificate import CertificateCheck
from intake.certificates.evidence import Authentication, TextEvidence
from intake.certificates.face_record import FaceRecord
from intake.certificates.genuineness import GenuinenessResult, TextFiles
from intake.certificates.text_record import TextAttributes, parse_attributes

_TEXT_FILES = (KnownFile.ATTRIBUTES, KnownFile.INTEGRITY, KnownFile.SIGNED_KEY)


_TRIES_BEFORE_STAFF = 1


@dataclass
class Progress:
    """How far a reading came; `secret` is the one that the step under way is about."""

    description: CardDescription | None = None
    tries_left: dict[str, int] = field(default_factory=dict[str, int])
    certificate: CertificateCheck | None = None
    sign_check: CertificateCheck | None = None
    genuineness: GenuinenessResult | None = None
    face_genuineness: GenuinenessResult | None = None
    files: TextFiles | None = None
    attributes: TextAttributes | None = None
    text: TextEvidence | None = None
    authentication: Authentication | None = None
    signature: HolderSignature | None = None
    face: FaceRecord | None = None
    secret: str | None = None


class ReadingSteps:
    """One reading of one card: look at everything free, then send each secret at most once."""

    def __init__(
        self, card: MyNumberCard, wish: CounterWish, trust: Trust, progress: Progress
    ) -> None:
        self.progress = progress
        self._card = card
        self._wish = wish
        self._trust = trust

    def read(self) -> None:
        """Read what is wished; raises ReadingEndedError or a DriverError, then nothing counts."""
        progress, want, wish = self.progress, self._wish.want, self._wish
        description = self._card.describe()
        progress.description = description
        progress.tries_left = dict(description.tries_left)
        places = chosen_pins(description, wish, self._card)
        for place in places.values():
            self._look_at_tries(place)
        certificate = self._free_certificate() if Want.AUTH in want else None
        if Want.TEXT in places:
            self._read_text(places[Want.TEXT])
        if Want.PHOTO in places:
            self._read_face(places[Want.PHOTO])
        if Want.AUTH in places:
            self._authenticate(places[Want.AUTH], certificate)
        if Want.SIGN in places:
            self._sign(places[Want.SIGN])
        progress.secret = None

    def _look_at_tries(self, place: PinPlace) -> None:
        progress, secret = self.progress, given(self._wish, place)
        progress.secret = place.secret
        if secret is None:
            raise PinNeededError(f"the secret {place.secret} was not given; ask for it")
        if not secret.fits(place.digits):
            raise ReadingEndedError(Outcome(OutcomeCode.PIN_FORMAT, pin=place.secret))
        assert progress.description is not None, "described first"
        tries = progress.description.tries_of_pins.get(place.name)
        if tries is None:
            tries = self._card.tries_left(place)
            known = progress.tries_left.get(place.secret, tries)
            progress.tries_left[place.secret] = min(tries, known)
        if tries == 0:
            raise PinBlockedError("the PIN is blocked; the municipal desk can set a new one")
        if tries <= _TRIES_BEFORE_STAFF and not self._wish.allow_last_try:
            raise PinOneLeftError("one try left; not sent without the clerk's override")

    def _unlock(self, place: PinPlace) -> None:
        """Send the secret once; a right one gives all its tries back."""
        self.progress.secret = place.secret
        secret = given(self._wish, place)
        assert secret is not None, "looked at before anything is sent"
        self._card.unlock(place, secret, allow_last_try=self._wish.allow_last_try)
        if self.progress.tries_left[place.secret] < place.tries:
            self.progress.tries_left[place.secret] = self._card.tries_left(place)

    def _free_certificate(self) -> bytes | None:
        """The certificate where the card gives it without a PIN, judged before any PIN goes."""
        self.progress.secret = Secret.AUTH
        try:
            certificate = self._card.read(KnownFile.AUTH_CERTIFICATE)
        except PinNeededError:
            return None
        self._judge_auth(certificate)
        return certificate

    def _judge_auth(self, certificate: bytes) -> None:
        check = judge_certificate(
            certificate, Purpose.AUTH, self._trust, self._profile.certificate_form
        )
        self.progress.certificate = check
        require_certificate(check, Secret.AUTH)

    def _read_text(self, place: PinPlace) -> None:
        self._unlock(place)
        read, challenge = self._card.read, self._wish.challenge
        number = read(KnownFile.NUMBER) if Want.MY_NUMBER in self._wish.want else None
        files = TextFiles(
            attributes=read(KnownFile.ATTRIBUTES),
            integrity=read(KnownFile.INTEGRITY),
            certificate=read(KnownFile.RECORD_CERTIFICATE),
            signed_key=read(KnownFile.SIGNED_KEY),
            number=number,
        )
        signature = self._card.sign(KnownKey.TEXT, challenge)
        result = judge_text(files, challenge, signature, self._trust)
        self.progress.genuineness = result
        require_genuine(result)
        self.progress.files = files
        self.progress.attributes = parse_attributes(files.attributes)
        self.progress.text = TextEvidence(
            files.attributes, files.integrity, files.certificate, files.signed_key, signature
        )

    def _read_face(self, place: PinPlace) -> None:
        self._unlock(place)
        file = self._card.read(KnownFile.FACE)
        certificate = self._card.read(KnownFile.FACE_CERTIFICATE)
        signature = self._card.sign(KnownKey.FACE, self._wish.challenge)
        result, face = judge_face(file, certificate, self._wish.challenge, signature, self._trust)
        self.progress.face_genuineness = result
        require_genuine(result)
        require_one_person(self.progress.attributes, face, None)
        self.progress.face = face

    def _authenticate(self, place: PinPlace, certificate: bytes | None) -> None:
        self._unlock(place)
        if certificate is None:
            certificate = self._card.read(KnownFile.AUTH_CERTIFICATE)
            self._judge_auth(certificate)
        signature = self._card.sign(KnownKey.AUTH, self._wish.challenge)
        algorithm = self._profile.key(KnownKey.AUTH).algorithm
        require_signature(algorithm, certificate, signature, self._wish.challenge)
        self.progress.authentication = Authentication(certificate, signature)

    def _sign(self, place: PinPlace) -> None:
        document = self._wish.document
        assert document is not None, "a wish to sign names what is signed"
        self._unlock(place)
        certificate = self._card.read(KnownFile.SIGN_CERTIFICATE)
        check = judge_certificate(
            certificate, Purpose.SIGN, self._trust, self._profile.certificate_form
        )
        self.progress.sign_check = check
        require_certificate(check, Secret.SIGN)
        holder = holder_of(certificate)
        require_one_person(self.progress.attributes, self.progress.face, holder)
        signature = self._card.sign(KnownKey.SIGN, document)
        algorithm = self._profile.key(KnownKey.SIGN).algorithm
        require_signature(algorithm, certificate, signature, document)
        self.progress.signature = HolderSignature(
            certificate=certificate,
            signature=signature,
            check=check,
            name=holder.name or "",
            address=holder.address or "",
            substituted=Substituted(holder.substituted_name, holder.substituted_address),
        )

    @property
    def _profile(self) -> CardProfile:
        assert self.progress.description is not None, "described first"
        return self.progress.description.profile
