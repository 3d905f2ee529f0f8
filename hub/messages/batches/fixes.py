"""What a person can decide about held pages, as it is kept beside them and counted until undone."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, cast

from hub.messages.batches.finding import Value, packed, unpacked
from hub.messages.batches.spelling import Spelling, spelling_from


class FixKind(StrEnum):
    """The name of a fix in the log and on the pages."""

    SAME_NAME = "same-name"
    BELONGS_TO = "belongs-to"
    TYPED = "typed"
    TAKEN_OUT = "taken-out"
    ACCEPTED = "accepted"
    ACCEPTED_FOR_ALL = "accepted-for-all"
    RELEASED = "released"


ACCEPTABLE: Final = frozenset(
    {
        "pua",
        "hidden-text",
        "ocr-layer",
        "no-unicode-map",
        "scan",
        "actions",
        "readers-disagree",
        "private-character",
        "unknown-kind",
        "several-names",
        "no-first-page",
        "page-without-owner",
        "pages-differ",
        "address-differs",
        "due-before-issue",
        "sum-differs",
        "total-differs",
        "postal-unknown",
        "postal-mismatch",
        "form-differs",
    }
)
"""Codes that a person may set aside after a look at the pages. Never whose the pages are."""


FOR_ALL: Final = frozenset({"actions"})
"""Codes that are about the file and not about what it says: one look counts for the batch."""


@dataclass(frozen=True)
class SameName:
    """The name in the list and the printed one are one person's, here and wherever both stand."""

    part: int
    spelling: Spelling


@dataclass(frozen=True)
class BelongsTo:
    """Findings `parts` belong to this row of the list."""

    parts: tuple[int, ...]
    atena_no: str
    name: str


@dataclass(frozen=True)
class Typed:
    """A person read this value of a field on the pages."""

    part: int
    field: str
    value: Value


@dataclass(frozen=True)
class TakenOut:
    """Findings `parts` are sent to nobody."""

    parts: tuple[int, ...]


@dataclass(frozen=True)
class Accepted:
    """A person looked at these pages for this number and sets these codes aside."""

    part: int
    pages: tuple[int, ...]
    atena_no: str | None
    codes: tuple[str, ...]


@dataclass(frozen=True)
class AcceptedForAll:
    """A person looked at these pages and sets the codes aside wherever they stand in the batch."""

    part: int
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Released:
    """The protected desk lets these pages go to this number."""

    part: int
    pages: tuple[int, ...]
    atena_no: str | None


Fix = SameName | BelongsTo | Typed | TakenOut | Accepted | AcceptedForAll | Released
KINDS: Final[dict[type[Fix], FixKind]] = {
    SameName: FixKind.SAME_NAME,
    BelongsTo: FixKind.BELONGS_TO,
    Typed: FixKind.TYPED,
    TakenOut: FixKind.TAKEN_OUT,
    Accepted: FixKind.ACCEPTED,
    AcceptedForAll: FixKind.ACCEPTED_FOR_ALL,
    Released: FixKind.RELEASED,
}


def encode(fix: Fix) -> bytes:
    """As it is kept. It may hold a name: it is no part of the log."""
    if isinstance(fix, SameName):
        return packed({"part": fix.part, "spelling": fix.spelling.content()})
    return packed(vars(fix))


def decode(kind: FixKind, content: bytes) -> Fix:
    """The fix that `encode` wrote."""
    return _READERS[kind](cast("dict[str, Any]", unpacked(content)))


def _accepted(value: dict[str, Any]) -> Fix:
    codes = tuple(value["codes"])
    return Accepted(value["part"], tuple(value["pages"]), value["atena_no"], codes)


_READERS: Final[dict[FixKind, Callable[[dict[str, Any]], Fix]]] = {
    FixKind.SAME_NAME: lambda v: SameName(v["part"], spelling_from(v["spelling"])),
    FixKind.BELONGS_TO: lambda v: BelongsTo(tuple(v["parts"]), v["atena_no"], v["name"]),
    FixKind.TYPED: lambda v: Typed(v["part"], v["field"], v["value"]),
    FixKind.TAKEN_OUT: lambda v: TakenOut(tuple(v["parts"])),
    FixKind.ACCEPTED: _accepted,
    FixKind.ACCEPTED_FOR_ALL: lambda v: AcceptedForAll(v["part"], tuple(v["codes"])),
    FixKind.RELEASED: lambda v: Released(v["part"], tuple(v["pages"]), v["atena_no"]),
}
