"""照合番号B, which opens the text without a PIN: facts that are printed on the card's face."""

import datetime as dt

from intake.notification import era

_YEAR_DIGITS, _CODE_DIGITS = 4, 4


def check_number_b(birth_date: dt.date, expiry_year: int, security_code: str) -> str:
    """14 digits: birth date YYMMDD in its era year, year of expiry, security code.

    Which era is not part of the number: a day on which an era changed counts by the new one.
    Raises EraError before 1873 and ValueError when year or code do not have four digits.
    """
    year = f"{expiry_year:d}"
    if len(year) != _YEAR_DIGITS:
        raise ValueError("the year of expiry has four digits")
    if len(security_code) != _CODE_DIGITS or not (
        security_code.isascii() and security_code.isdigit()
    ):
        raise ValueError("the security code has four digits")
    return f"{era_birth(birth_date)}{year}{security_code}"


def era_birth(birth_date: dt.date) -> str:
    """The first six digits: YYMMDD with the era year; raises EraError before 1873."""
    day = era.from_date(birth_date)
    return f"{day.year:02d}{day.month:02d}{day.day:02d}"
