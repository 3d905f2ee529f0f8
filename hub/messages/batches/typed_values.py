"""Values of fields as a person types them, read as strictly as printed ones."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from hub.file_names import IDEOGRAPHIC_SPACE
from hub.messages.batches.finding import Value
from hub.messages.notices import values

LONGEST: Final = 200
TYPEABLE: Final = (
    "name", "kana", "postal", "address", "building", "title", "kind", "doc_no",
    "sender", "section", "issue_date", "due_date", "amount_yen", "tel", "period",
)  # fmt: skip
"""Every field but the resident number: whose pages are is said by picking a row of the list."""


def read_typed(field: str, text: str) -> Value | None:
    """The value of a field; None when there is no such field or the text is no value of it."""
    plain = text.strip()
    shown = plain.replace(IDEOGRAPHIC_SPACE, " ").isprintable()
    if field not in TYPEABLE or not 0 < len(plain) <= LONGEST or not shown:
        return None
    reader = _READERS.get(field)
    return plain if reader is None else reader(plain)


def _date(text: str) -> str | None:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return values.read_date(text)


def _yen(text: str) -> int | None:
    found = values.read_yen(text)
    if found is not None:
        return found
    digits = text.translate(values.FULL_WIDTH).replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None


def _postal(text: str) -> str | None:
    digits = text.translate(values.FULL_WIDTH)
    if len(digits) == 7 and digits.isascii() and digits.isdigit():
        return f"{digits[:3]}-{digits[3:]}"
    return values.read_postal(text)


_READERS: Final[Mapping[str, Callable[[str], Value | None]]] = {
    "name": values.read_name,
    "kana": values.read_kana,
    "postal": _postal,
    "issue_date": _date,
    "due_date": _date,
    "amount_yen": _yen,
    "tel": values.read_telephone,
    "period": values.read_period,
}
