"""The few words that e-mail, SMS and LINE say around or instead of a message. No personal data."""

from hub.messages.channels.channel import Parcel
from hub.messages.delivery.states import Purpose

SUBJECT = {
    "ja": "{office}からのお知らせ",
    "en": "A notice from {office}",
}
WAITS = {
    "ja": "{office}からの文書が届いています。マイページまたは郵便でご確認ください。",
    "en": "{office} has sent you a document. Please look in your box or wait for the letter.",
}
STILL = {
    "ja": "{office}からの文書がまだ開かれていません。ご確認ください。",
    "en": "A document from {office} has not been opened yet. Please read it.",
}
CHECK = {
    "ja": "{office}の送付方法の確認です。対応は要りません。",
    "en": "A check of {office}'s channel. Nothing needs to be done.",
}


def subject(office: str, language: str) -> str:
    """A subject that says nothing about the person or the matter."""
    return _in(SUBJECT, language, office)


def announcement(parcel: Parcel, office: str) -> str:
    """What an announcement or a reminder says."""
    words = WAITS if parcel.purpose is Purpose.ANNOUNCEMENT else STILL
    text = _in(words, parcel.language, office)
    return f"{text}\n{parcel.link}" if parcel.link else text


def check_words(office: str) -> str:
    """What a test message says."""
    return _in(CHECK, "ja", office)


def _in(words: dict[str, str], language: str, office: str) -> str:
    return words.get(language, words["ja"]).format(office=office)
