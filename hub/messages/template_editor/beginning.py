"""Where a new template begins: the one that knows the sample already, else the sample's title."""

import re
from collections.abc import Mapping
from typing import Final

from hub.messages.documents.result import Reading
from hub.messages.notices.cells import sheet
from hub.messages.notices.extract import recognise
from hub.messages.notices.template import built_in, together
from hub.messages.template_editor.written import Recognition, as_toml, recognised_by

YEAR: Final = re.compile(
    r"^(?:令和|平成|昭和|西暦)?[0-9０-９〇一二三四五六七八九十元]{1,4}年度?(?:分|版)?(?:第[0-9０-９]+期)?の?"
)
NEEDED: Final = ("atena_no", "name")


def first_rules(own: Mapping[str, str], reading: Reading) -> tuple[str, str]:
    """(name, TOML) to begin with: a template that fits, else one made of the sample's title."""
    cells = sheet(reading.pages)
    found, title = recognise(together(own), cells)
    if found is not None and not found.last:
        return found.name, own.get(found.name) or built_in()[found.name]
    if title is not None:
        words = title.text
    else:
        first = next((cell for cell in cells.cells() if cell.text.strip()), None)
        words = "" if first is None else first.text
    kind = kind_of(words)
    how = Recognition(kind, title_pattern(kind), required=NEEDED)
    return free_name(own), as_toml(recognised_by({}, how))


def kind_of(title: str) -> str:
    """What a title calls its kind of notice: white space and the year left out."""
    return YEAR.sub("", re.sub(r"[\s　]", "", title))[:60]


def title_pattern(words: str) -> str:
    """The pattern that finds a title with these words; `…` stands for anything between them."""
    parts = re.split(r"…|\.\.\.", re.sub(r"[\s　]", "", words))
    return ".*".join(re.escape(part) for part in parts)


def free_name(own: Mapping[str, str]) -> str:
    """A name that is not taken, `own_1` and on."""
    taken = {*own, *built_in()}
    return next(name for n in range(1, 10_000) if (name := f"own_{n}") not in taken)
