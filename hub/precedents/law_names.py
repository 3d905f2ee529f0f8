"""Which law a name, an abbreviation or a law number means, and the id of a law that has none."""

import hashlib
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from hub.numerals import kanji_number

TABLE: Final = Path(__file__).parent / "law_names.toml"
LAW_ID: Final = re.compile(r"[1-5]\d{2}[A-Z][A-Z0-9]\d{10}")
_DIGITS: Final = re.compile(r"\d+")
_BLANKS: Final = re.compile(r"[\s、,，・]+")


@dataclass(frozen=True)
class Law:
    """One law of the table; `act` is the title of the act that an order belongs to, or empty."""

    law_id: str
    title: str
    number: str
    names: tuple[str, ...]
    act: str


@cache
def known_laws() -> tuple[Law, ...]:
    """The laws of the table."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(
        Law(
            law_id=row.get("id") or own_id(row["title"]),
            title=row["title"],
            number=row["number"],
            names=tuple(row["names"]),
            act=row.get("act", ""),
        )
        for row in table["law"]
    )


def own_id(title: str) -> str:
    """An id of ours for a text without an e-Gov id: the same for the same title, on any hub."""
    return f"own-{hashlib.sha256(plain_name(title).encode()).hexdigest()[:12]}"


def id_of(title: str, given: object = None) -> str:
    """The id of a law: the one given, else the table's, else one of ours."""
    if isinstance(given, str) and given:
        return given
    known = {plain_name(law.title): law.law_id for law in known_laws()}
    return known.get(plain_name(title), own_id(title))


def number_of(title: str) -> str:
    """The law number of a known law, or empty."""
    return {law.title: law.number for law in known_laws()}.get(title, "")


def plain_name(text: str) -> str:
    """A name as names are compared: NFKC, without blanks, commas and dots."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def plain_number(text: str) -> str:
    """A law number as numbers are compared: its numerals in Arabic digits without zeros before."""
    flat = plain_name(text).replace("元年", "一年")
    return _DIGITS.sub(lambda found: str(int(found[0])), kanji_number(flat))
