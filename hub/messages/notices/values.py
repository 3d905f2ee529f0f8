"""Printed values to typed ones: each reader gives the value or None, never a guess."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.messages.notices.amounts import read_yen
from hub.messages.notices.template import ValueType
from hub.numerals import kanji_number
from intake.errors import IntakeError
from intake.notification import era

Value = str | int
FULL_WIDTH: Final = str.maketrans(
    "０１２３４５６７８９，．－ー−‐–（）／：￥", "0123456789,.-----()/:¥"
)
HONORIFIC: Final = re.compile(r"[\s　]*(?:様|殿|さん|さま|御中)(?:[\s　]*[(（].*)?$")
DATE: Final = re.compile(
    r"(?<![0-9])(?<![0-9][./-])"
    r"(?:(?:明治|大正|昭和|平成|令和|(?<![A-Za-z])[MTSHR])\s*(?:元|[0-9〇一二三四五六七八九十]{1,3})"
    r"|(?:西暦)?[0-9]{4})\s*(?:年\s*[0-9〇一二三四五六七八九十]{1,3}\s*月"
    r"\s*[0-9〇一二三四五六七八九十]{1,3}\s*日"
    r"|([./-])\s*[0-9]{1,2}\s*\1\s*[0-9]{1,2}(?!\s*[./-]?[0-9]))"
)
"""Not part of a longer run of digits: a number such as 2026-05-23-001 is no date."""
UNTIL: Final = re.compile(r"\s*(?:[(（][日月火水木金土][)）])?\s*(?:から|より|至|[~～〜\-―－])\s*")
POSTAL: Final = re.compile(
    r"(?<![0-9])(?<![0-9]-)(?<![0-9]- )〒?\s*([0-9]{3})\s*-\s*([0-9]{4})(?!\s*-?[0-9])"
)
TELEPHONE: Final = re.compile(
    r"(?<![0-9])(?<![0-9]-)(0[0-9]{1,4})\s*[-(]\s*([0-9]{1,4})\s*[-)]\s*([0-9]{3,4})(?!-?[0-9])"
    r"|(?<![0-9])\((0[0-9]{1,4})\)\s*([0-9]{1,4})\s*-\s*([0-9]{4})(?!-?[0-9])"
)
TELEPHONE_DIGITS: Final = (10, 11)
DOCUMENT_NUMBER: Final = re.compile(r"[^\s　:：、。(（]{0,12}第\s*[0-9]+(?:-[0-9]+)*\s*号")
SENDER: Final = re.compile(
    r"^([^\s　。、,]{1,14}?(?:市|町|村|区|都|道|府|県)長)(?=$|[\s　印㊞(（])"
)
SECTION: Final = re.compile(
    r"(?:役所|役場|支所|出張所|広域連合)?[\s　]*"
    r"([^\s　、。：:（）()0-9]{1,24}?(?:課|室|局|センター)(?:[^\s　、。：:（）()0-9]{1,10}?係)?)"
)
OFFICE: Final = re.compile(r"^.*?(?:役所|役場|支所|出張所|本庁)[\s　]*")
KANA: Final = re.compile(r"^[ァ-ヿｦ-ﾟぁ-ゖ゛゜ー・\s　]+$")


class CheckDigit(StrEnum):
    """How the last digit of a resident number follows from the others."""

    NONE = "none"
    MOD11 = "mod11"
    MOD10 = "mod10"


@dataclass(frozen=True)
class ResidentNumber:
    """What a resident number (宛名番号) of the municipality looks like; it differs per system."""

    least: int = 6
    most: int = 16
    check_digit: CheckDigit = CheckDigit.NONE

    def read(self, text: str) -> str | None:
        """The number in `text` or None when there is none of this form."""
        plain = re.sub(r"[\s　-]", "", text.translate(FULL_WIDTH))
        if not re.fullmatch(r"[0-9]+", plain) or not self.least <= len(plain) <= self.most:
            return None
        return plain if self._checked(plain) else None

    def _checked(self, number: str) -> bool:
        digits = [int(digit) for digit in number]
        if self.check_digit is CheckDigit.MOD11:
            total = sum(d * (2 + n % 6) for n, d in enumerate(reversed(digits[:-1])))
            rest = total % 11
            return digits[-1] == (0 if rest <= 1 else 11 - rest)
        if self.check_digit is CheckDigit.MOD10:
            doubled = [d * (1 + n % 2) for n, d in enumerate(reversed(digits))]
            return sum(d // 10 + d % 10 for d in doubled) % 10 == 0
        return True


def read_date(text: str) -> str | None:
    """The first date, as ISO; a year needs its era or four digits."""
    found = DATE.search(text.translate(FULL_WIDTH))
    if found is None:
        return None
    try:
        return era.parse(kanji_number(found.group())).isoformat()
    except IntakeError:
        return None


def read_period(text: str) -> str | None:
    """From a day to a day, as an ISO interval: `2026-04-01/2027-03-31`.

    Both days have their year; what ends before it begins is none.
    """
    plain = text.translate(FULL_WIDTH)
    days = [(found.start(), found.end()) for found in DATE.finditer(plain)]
    if len(days) != 2:
        return None
    (_, end), (begin, _) = days
    first, last = (read_date(plain[a:b]) for a, b in days)
    joined = UNTIL.fullmatch(plain[end:begin]) is not None
    return f"{first}/{last}" if joined and first and last and first <= last else None


def read_postal(text: str) -> str | None:
    """A postal code, `206-0011`."""
    found = POSTAL.search(text.translate(FULL_WIDTH))
    return None if found is None else f"{found.group(1)}-{found.group(2)}"


def read_telephone(text: str) -> str | None:
    """A telephone number with hyphens; None unless it has as many digits as such a number has."""
    found = TELEPHONE.search(text.translate(FULL_WIDTH))
    parts = [] if found is None else [part for part in found.groups() if part]
    return "-".join(parts) if sum(map(len, parts)) in TELEPHONE_DIGITS else None


def read_name(text: str) -> str | None:
    """A name without its honorific; what holds digits or a full stop is none."""
    name = HONORIFIC.sub("", text.strip()).strip()
    if not name or len(name) > 60 or re.search(r"[0-9０-９。、：:〒]", name):
        return None
    return name


def read_kana(text: str) -> str | None:
    """A reading, without its brackets."""
    inner = re.sub(r"^[（(【]|[）)】]$", "", text.strip()).strip()
    inner = HONORIFIC.sub("", inner)
    return inner if inner and KANA.match(inner) else None


def read_document_number(text: str) -> str | None:
    """A document number such as 市税第123号 as it is printed, spaces left out."""
    squashed = re.sub(r"[\s　]", "", text)
    found = DOCUMENT_NUMBER.search(squashed.translate(FULL_WIDTH))
    return None if found is None else squashed[found.start() : found.end()]


def read_sender(text: str) -> str | None:
    """The head of a municipality who signs, without their own name."""
    found = SENDER.match(text.strip())
    return None if found is None else found.group(1)


def read_section(text: str) -> str | None:
    """The section that answers questions, without the office it belongs to."""
    found = SECTION.search(OFFICE.sub("", text.strip()))
    return None if found is None else found.group(1)


def read_text(text: str) -> str | None:
    """Text as it stands."""
    return text.strip() or None


READERS: Final[Mapping[ValueType, Callable[[str], Value | None]]] = {
    ValueType.NAME: read_name,
    ValueType.KANA: read_kana,
    ValueType.POSTAL: read_postal,
    ValueType.ADDRESS: read_text,
    ValueType.TEXT: read_text,
    ValueType.DOCUMENT_NUMBER: read_document_number,
    ValueType.SENDER: read_sender,
    ValueType.SECTION: read_section,
    ValueType.DATE: read_date,
    ValueType.PERIOD: read_period,
    ValueType.YEN: read_yen,
    ValueType.TELEPHONE: read_telephone,
}
