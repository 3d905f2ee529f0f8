"""What a field of a notification can hold."""

from dataclasses import dataclass
from datetime import date

from intake.characters import NameText


@dataclass(frozen=True, slots=True)
class Address:
    """An address as the register splits it; text as written, never normalised.

    `lg_code` is the municipality's 6-digit code, "" outside Japan or unknown; `prefecture_city`
    then names the country. `town` 町字, `lot` 番地 or 住居番号, `building` 方書. `town_id` is the
    address base registry's 町字ID where it is known.
    """

    lg_code: str
    prefecture_city: str
    town: str
    lot: str
    building: str = ""
    town_id: str = ""

    def one_line(self) -> str:
        """The address as one line of text, the building after a full-width space."""
        line = self.prefecture_city + self.town + self.lot
        return f"{line}\u3000{self.building}" if self.building else line


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date whose month or day the register does not know (月日不詳)."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9999:
            raise ValueError("a year lies between 1 and 9999")
        if self.day is not None and self.month is None:
            raise ValueError("a day without its month is no date")
        date(self.year, self.month or 1, self.day or 1)


@dataclass(frozen=True, slots=True)
class IdentityProof:
    """How the person at the counter was identified (本人確認), without any number of a document.

    method: `my_number_card` (chip read, genuine and PIN), `one_document` (with photograph),
    `two_documents`, `questions`, `none`. outcome: `confirmed`, `not_confirmed`. `documents` are
    kinds (`driving_licence`), never numbers.
    """

    method: str
    outcome: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransferCertificate:
    """What stands behind a move in.

    kind: `paper` (転出証明書), `card` (特例転入), `abroad`, or `unavailable` (it cannot be brought
    for a cause that counts).
    """

    kind: str
    issued_on: date | None = None
    planned_move_on: date | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """The pen signature: SHA-256 of its ink log and of the content it was written under.

    `content_sha256` is `content_digest` of the notification the resident saw when signing, so a
    later correction shows as a signature over something else.
    """

    ink_sha256: bytes
    content_sha256: bytes


Value = (
    str
    | bool
    | date
    | PartialDate
    | NameText
    | Address
    | IdentityProof
    | TransferCertificate
    | Signature
)
