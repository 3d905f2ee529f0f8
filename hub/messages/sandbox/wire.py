"""What passes between the hub and a child: JSON, read back strictly.

A child has parsed a hostile document, so what it says is hostile too: it is never unpickled, and
anything out of form counts as a crash.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from hub.messages.documents.glyph import Box
from hub.messages.documents.part import Part
from hub.messages.documents.result import (
    DocumentWarning,
    Line,
    Page,
    ReadError,
    Table,
    WarningCode,
)

ANSWER_BYTES: Final = 64 * 1024 * 1024


class GarbledError(Exception):
    """A child's answer is not in form."""


@dataclass(frozen=True)
class Order:
    """What a child is to do with the document that follows: read pages, draw one, or cut some out.

    first, end: pages from 0; resolution: pixels an inch of the picture of the first of them;
    groups: pages (from 0) of each document to be cut out; to read, both are None.
    """

    size: int
    password: str
    first: int
    end: int
    resolution: int | None = None
    groups: tuple[tuple[int, ...], ...] | None = None

    def encode(self) -> bytes:
        """One line."""
        return json.dumps(vars(self)).encode() + b"\n"

    @classmethod
    def decode(cls, line: bytes) -> "Order":
        """The way back."""
        return cls(**json.loads(line))


def encode_part(part: Part) -> bytes:
    """A part as one line."""
    return _line(
        {
            "count": part.count,
            "error": None if part.error is None else part.error.value,
            "form": dict(part.form),
            "warnings": [[w.code.value, w.page, _box(w.box)] for w in part.warnings],
            "pages": [_page(page) for page in part.pages],
        }
    )


def decode_part(answer: bytes) -> Part:
    """The way back; GarbledError for anything else."""
    try:
        found = cast("dict[str, Any]", json.loads(answer))
        return Part(
            pages=tuple(_page_from(page) for page in found["pages"]),
            count=int(found["count"]),
            form={str(k): str(v) for k, v in cast("Mapping[str, Any]", found["form"]).items()},
            warnings=tuple(
                DocumentWarning(
                    WarningCode(code),
                    None if page is None else int(page),
                    None if box is None else _box_from(box),
                )
                for code, page, box in found["warnings"]
            ),
            error=None if found["error"] is None else ReadError(found["error"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise GarbledError from error


def encode_picture(png: bytes) -> bytes:
    """A drawn page as one line."""
    return _line({"png": base64.b64encode(png).decode()})


def decode_picture(answer: bytes) -> bytes:
    """PNG bytes; GarbledError for anything else."""
    try:
        png = base64.b64decode(json.loads(answer)["png"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise GarbledError from error
    if not png.startswith(b"\x89PNG\r\n"):
        raise GarbledError
    return png


def encode_cuts(cuts: Sequence[bytes | None]) -> bytes:
    """Documents cut out, as one line."""
    return _line({"cuts": [None if c is None else base64.b64encode(c).decode() for c in cuts]})


def decode_cuts(answer: bytes, count: int) -> list[bytes | None]:
    """`count` documents, None for one that could not be cut; GarbledError for anything else."""
    try:
        found = cast("list[str | None]", json.loads(answer)["cuts"])
        cuts = [None if c is None else base64.b64decode(c, validate=True) for c in found]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise GarbledError from error
    if len(cuts) != count or not all(c is None or c.startswith(b"%PDF-") for c in cuts):
        raise GarbledError
    return cuts


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _box(box: Box | None) -> list[float] | None:
    return None if box is None else list(box.rounded())


def _box_from(values: Any) -> Box:  # noqa: ANN401 parsed JSON
    left, top, right, bottom = (float(value) for value in values)
    return Box(left, top, right, bottom)


def _page(page: Page) -> dict[str, object]:
    return {
        "size": [page.width, page.height],
        "tables": [[[list(row) for row in t.rows], _box(t.box), t.ruled] for t in page.tables],
        **{
            name: [
                [line.text, _box(line.box), [_box(cell) for cell in line.cells]] for line in lines
            ]
            for name, lines in (
                ("lines", page.lines),
                ("header", page.header),
                ("footer", page.footer),
                ("ruby", page.ruby),
                ("hidden", page.hidden),
            )
        },
    }


def _page_from(found: Any) -> Page:  # noqa: ANN401 as above
    width, height = (float(value) for value in found["size"])
    return Page(
        width=width,
        height=height,
        lines=_lines_from(found["lines"]),
        tables=tuple(
            Table(
                tuple(tuple(str(cell) for cell in row) for row in rows), _box_from(box), bool(ruled)
            )
            for rows, box, ruled in found["tables"]
        ),
        header=_lines_from(found["header"]),
        footer=_lines_from(found["footer"]),
        ruby=_lines_from(found["ruby"]),
        hidden=_lines_from(found["hidden"]),
    )


def _lines_from(found: Any) -> tuple[Line, ...]:  # noqa: ANN401 as above
    return tuple(
        Line(str(text), _box_from(box), tuple(_box_from(cell) for cell in cells))
        for text, box, cells in found
    )
