"""Running headers and footers: what comes again on every page, and page numbers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from hub.messages.documents.result import Line, Page

MARGIN: Final = 0.105
"""Share of the page's height in which a running line stands."""
APART: Final = 0.9
"""Least distance to the body, in heights of the line."""
EDGE: Final = 0.075
"""Share of the height in which a running line needs no distance to the body."""
LARGEST: Final = 1.2
"""Running lines are at most this much higher than the usual line: a repeated title is none."""
REPEATED: Final = 0.6
LEAST_PAGES: Final = 2
PAGE_NUMBER: Final = re.compile(
    r"^[-－―〔\[(（\s]*(?:P\.?|ページ|頁)?\s*[0-9０-９]{1,4}"
    r"(?:\s*[/／]\s*[0-9０-９]{1,4})?\s*(?:ページ|頁)?[-－―〕\])）\s]*$",
    re.IGNORECASE,
)


def parted(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with their running lines apart; pages without a layout stay as they are."""
    laid = [page for page in pages if page.height > 0]
    tops = Counter(text for page in laid for text in {_key(line) for line in _top(page)})
    ends = Counter(text for page in laid for text in {_key(line) for line in _bottom(page)})
    least = max(LEAST_PAGES, REPEATED * len(laid))

    usual = median([line.box.height for page in laid for line in page.lines] or [0])

    def runs(line: Line, counted: Counter[str]) -> bool:
        again = counted[_key(line)] >= least and line.box.height <= LARGEST * usual
        return bool(PAGE_NUMBER.match(line.text)) or (again and not line.text.startswith("〒"))

    found: list[Page] = []
    for page in pages:
        if page.height <= 0:
            found.append(page)
            continue
        header = tuple(line for line in _top(page) if runs(line, tops))
        footer = tuple(line for line in _bottom(page) if runs(line, ends))
        running = {id(line) for line in (*header, *footer)}
        body = tuple(line for line in page.lines if id(line) not in running)
        found.append(replace(page, lines=body, header=header, footer=footer))
    return tuple(found)


def _key(line: Line) -> str:
    """What must be the same on each page: the text and its place, page numbers aside."""
    text = "#" if PAGE_NUMBER.match(line.text) else "".join(line.text.split())
    return f"{text} {round(line.box.top / 4)}"


def _top(page: Page) -> list[Line]:
    """Lines in the upper margin that stand apart from the body."""
    limit = MARGIN * page.height
    inside = [line for line in page.lines if line.box.bottom <= limit]
    rest = [line.box.top for line in page.lines if line.box.bottom > limit]
    return [
        line
        for line in inside
        if line.box.bottom <= EDGE * page.height
        or all(
            top - line.box.bottom >= APART * line.box.height
            for top in (*rest, *(o.box.top for o in inside if o.box.top > line.box.bottom))
        )
    ]


def _bottom(page: Page) -> list[Line]:
    """Lines in the lower margin that stand apart from the body."""
    limit = (1 - MARGIN) * page.height
    inside = [line for line in page.lines if line.box.top >= limit]
    rest = [line.box.bottom for line in page.lines if line.box.top < limit]
    return [
        line
        for line in inside
        if line.box.top >= (1 - EDGE) * page.height
        or all(line.box.top - bottom >= APART * line.box.height for bottom in rest)
    ]
