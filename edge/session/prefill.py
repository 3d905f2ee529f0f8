"""What a card's four attributes fill in, each marked with its source."""

import re
from dataclasses import replace
from typing import Final

from edge.session.form import Hand, Place, put
from edge.session.substitutes import CardTexts, address_field
from intake.certificates.text_record import TextAttributes
from intake.characters import NameText
from intake.notification import Address, IdentityProof, Notification

SEX: Final = {"1": "male", "2": "female"}
_ADDRESS: Final = re.compile(
    r"((?:東京都|北海道|京都府|大阪府|..県|...県)?"
    r"(?:[^市区町村0-9０-９]+郡)?[^郡0-9０-９]+?[市区町村](?:[^市区町村0-9０-９]{1,4}区)?)"
    r"([^0-9０-９]*)([^\s　]*)[\s　]*(.*)"
)


def by_card(
    notification: Notification,
    person_id: str,
    attributes: TextAttributes,
    hand: Hand,
    texts: CardTexts | None = None,
) -> Notification:
    """The notification with the card's name, birth date, sex and address at their places.

    Where the certificate was read too (`texts`) and writes the name with stand-ins, that name
    stands in the history before the text application's.
    """
    name = NameText.from_plain(attributes.name)
    instead = hand
    for place in (Place("notifier_name"), Place("name", person_id)):
        if texts is not None and texts.name.flagged:
            stand_ins = NameText.from_plain(texts.name.certificate)
            notification = put(notification, place, stand_ins, hand)
            instead = replace(hand, why="text_read")
        notification = put(notification, place, name, instead)
    notification = put(notification, Place("birth_date", person_id), attributes.birth_date, hand)
    if attributes.sex in SEX:
        notification = put(notification, Place("sex", person_id), SEX[attributes.sex], hand)
    where = Place(address_field(notification))
    return put(notification, where, split_address(attributes.address), hand)


def card_proof() -> IdentityProof:
    """Identity proven by a card that is genuine and whose holder knew the PIN."""
    return IdentityProof("my_number_card", "confirmed", ("my_number_card",))


def face_proof() -> IdentityProof:
    """Identity proven by a card that is genuine and whose photograph a clerk compared; no PIN."""
    return IdentityProof("one_document", "confirmed", ("my_number_card",))


def split_address(text: str) -> Address:
    """An address of one line split as well as a pattern can; the clerk sees and corrects it."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return Address("", "", text, "")
    city, town, lot, building = found.groups()
    return Address("", city, town, lot, building)
