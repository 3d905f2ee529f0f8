"""Names of files that were sent: shown on pages and kept in rows, never used as paths."""

import unicodedata
from typing import Final

LONGEST: Final = 80
IDEOGRAPHIC_SPACE: Final = "\u3000"
"""It stands in names, and does not count as printable."""


def shown_name(file_name: str) -> str:
    """The name of a file as a page may show it: no folders, nothing that cannot be printed."""
    last = unicodedata.normalize("NFC", file_name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable() or c == IDEOGRAPHIC_SPACE)
    return plain[:LONGEST].strip() or "-"
