"""Which PIN of the card's profile each part of a wish needs, before anything is sent."""

from drivers.card_reader.card_reading import CounterWish, Want
from drivers.card_reader.errors import MissingPartError, ProfileError
from drivers.card_reader.my_number_card import CardDescription, MyNumberCard
from drivers.card_reader.pin import Pin
from drivers.card_reader.profile import KnownFile, KnownKey, PinPlace, Secret

_TEXT_FILES = (KnownFile.ATTRIBUTES, KnownFile.INTEGRITY, KnownFile.SIGNED_KEY)


def given(wish: CounterWish, place: PinPlace) -> Pin | None:
    """The secret for a PIN, where the wish brings it."""
    secrets = {
        Secret.AUTH: wish.auth_pin,
        Secret.TEXT: wish.text_pin,
        Secret.SIGN: wish.sign_password,
        Secret.B_CODE: wish.b_code,
    }
    return secrets.get(Secret(place.secret)) if place.secret in list(Secret) else None


def chosen_pins(
    description: CardDescription, wish: CounterWish, card: MyNumberCard
) -> dict[Want, PinPlace]:
    """The PIN of each part wanted, in the order of reading.

    Of several PINs that open a part, the first whose secret is given; else the first. Raises
    MissingPartError when the card or its profile lacks a part.
    """
    want = wish.want
    chosen: dict[Want, PinPlace] = {}
    if want & {Want.TEXT, Want.MY_NUMBER}:
        number = (KnownFile.NUMBER,) if Want.MY_NUMBER in want else ()
        chosen[Want.TEXT] = _opener(description, wish, card, "no_text", *_TEXT_FILES, *number)
    if Want.PHOTO in want:
        chosen[Want.PHOTO] = _opener(description, wish, card, "no_photo", KnownFile.FACE)
    if Want.AUTH in want:
        if not description.has_auth_certificate:
            raise MissingPartError("no_authentication_certificate")
        chosen[Want.AUTH] = description.profile.pin_of_key(KnownKey.AUTH)
    if Want.SIGN in want:
        if not description.has_signing_certificate:
            raise MissingPartError("no_signing_certificate")
        chosen[Want.SIGN] = description.profile.pin_of_key(KnownKey.SIGN)
    return chosen


def _opener(
    description: CardDescription,
    wish: CounterWish,
    card: MyNumberCard,
    missing: str,
    *files: str,
) -> PinPlace:
    try:
        openers = description.profile.openers(*files)
        application = description.profile.file(files[0]).application
    except ProfileError:
        raise MissingPartError(missing) from None
    if not openers or not card.has_application(application):
        raise MissingPartError(missing)
    return next((place for place in openers if given(wish, place) is not None), openers[0])
