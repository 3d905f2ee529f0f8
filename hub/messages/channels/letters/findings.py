"""What keeps a letter from being printed, as machine codes with page numbers."""

from dataclasses import dataclass
from enum import StrEnum


class LetterCode(StrEnum):
    """docs/channels.md says of each what to do."""

    NOT_A_PDF = "not_a_pdf"
    TOO_MANY_PAGES = "too_many_pages"
    NOT_A4_PORTRAIT = "not_a4_portrait"
    OUTSIDE_PRINTABLE_AREA = "outside_printable_area"
    CONTENT_IN_WINDOW = "content_in_window"
    ADDRESS_OF_ANOTHER = "address_of_another"
    FONT_NOT_EMBEDDED = "font_not_embedded"
    NAME_MISSING = "name_missing"
    ADDRESS_MISSING = "address_missing"
    ADDRESS_TOO_LONG = "address_too_long"
    POSTAL_CODE_UNKNOWN = "postal_code_unknown"


@dataclass(frozen=True)
class Finding:
    """One code and the pages (from 1) it was found on; none for the address itself."""

    code: LetterCode
    pages: tuple[int, ...] = ()

    def __str__(self) -> str:
        where = ",".join(str(page) for page in self.pages)
        return f"{self.code.value}:{where}" if where else self.code.value
