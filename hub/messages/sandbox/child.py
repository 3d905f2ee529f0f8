"""The child: one order and one document from standard input, one answer, and the end.

Started ahead and imported, so that a document waits for its parsing alone. Limits are set before
the first byte of the document is read.
"""

import io
import os
import sys
from collections.abc import Sequence
from typing import Any, Final, cast

import pypdfium2 as pdfium

from hub.messages.documents import read
from hub.messages.documents.part import failed
from hub.messages.documents.result import ReadError
from hub.messages.sandbox import forks
from hub.messages.sandbox.child_limits import limit
from hub.messages.sandbox.wire import Order, encode_cuts, encode_part, encode_picture

AGAIN: Final = "--again"
LONGEST_ORDER: Final = forks.LONGEST_ORDER
LARGEST_SIDE: Final = 4_000
"""Pixels; a page may claim to be as large as a house."""


def _picture(data: bytes, order: Order) -> bytes:
    document = pdfium.PdfDocument(data, password=order.password or None)
    page = document[order.first]
    width, height = page.get_size()
    scale = min((order.resolution or 72) / 72, LARGEST_SIDE / max(width, height, 1))
    drawn = io.BytesIO()
    page.render(scale=cast("Any", scale), may_draw_forms=True).to_pil().save(drawn, "PNG")
    return drawn.getvalue()


def _cuts(data: bytes, order: Order) -> bytes:
    document = pdfium.PdfDocument(data, password=order.password or None)
    return encode_cuts([_cut(document, group) for group in order.groups or ()])


def _cut(document: pdfium.PdfDocument, pages: Sequence[int]) -> bytes | None:
    """The pages alone: what only other pages use does not come along."""
    try:
        cut = pdfium.PdfDocument.new()
        cut.import_pages(document, list(pages))
        written = io.BytesIO()
        cut.save(written)
        cut.close()
    except pdfium.PdfiumError:
        return None
    return written.getvalue()


def _answer(data: bytes, order: Order) -> bytes:
    try:
        if order.resolution is not None:
            return encode_picture(_picture(data, order))
        if order.groups is not None:
            return _cuts(data, order)
        return encode_part(read.read(data, order.password, range(order.first, order.end)))
    except MemoryError:
        return encode_part(failed(ReadError.MEMORY_LIMIT))
    except RecursionError:
        return encode_part(failed(ReadError.DAMAGED))
    except Exception:  # noqa: BLE001 a parser may raise anything on a hostile file
        return encode_part(failed(ReadError.DAMAGED))


def main() -> None:
    """Say that all is imported, then serve one order, or with `--again` many, each in a fork."""
    if AGAIN in sys.argv[1:]:
        forks.serve(_order, _served)
        return
    limit()
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a parser prints is no answer
    answers.write(b"\n")
    line = sys.stdin.buffer.readline(LONGEST_ORDER)
    if not line:
        return
    order = Order.decode(line)
    data = sys.stdin.buffer.read(order.size)
    forks.write_all(answers, _answer(data, order))
    os._exit(0)  # nothing of a hostile document is tidied up


def _order(line: bytes) -> int:
    return Order.decode(line).size


def _served(line: bytes, data: bytes) -> bytes:
    return _answer(data, Order.decode(line))


if __name__ == "__main__":
    main()
