"""What a counter wants of a card, and what a reading brought."""

from dataclasses import dataclass, field
from enum import StrEnum

from drivers.card_reader.layout import CardKind
from drivers.card_reader.outcomes import Outcome
from intake.certificates.anchors import Hierarchy
from intake.certificates.certificate import CertificateCheck
from intake.certificates.evidence import CardEvidence
from intake.certificates.genuineness import GenuinenessResult
from intake.certificates.text_record import TextAttributes


class Want(StrEnum):
    """The parts of a reading. `my_number` only where the procedure needs it, with `text`."""

    TEXT = "text"
    AUTH = "auth"
    MY_NUMBER = "my_number"


DEFAULT_WANT = frozenset({Want.TEXT, Want.AUTH})


@dataclass(frozen=True)
class CardReading:
    """How a reading ended. Personal parts and evidence are there only when `outcome` is ok."""

    outcome: Outcome
    kind: CardKind | None = None
    hierarchy: Hierarchy | None = None
    has_signing_certificate: bool | None = None
    tries_left: dict[str, int] = field(default_factory=dict[str, int])
    attributes: TextAttributes | None = field(default=None, repr=False)
    my_number: str | None = field(default=None, repr=False)
    evidence: CardEvidence | None = field(default=None, repr=False)
    certificate: CertificateCheck | None = None
    genuineness: GenuinenessResult | None = None
