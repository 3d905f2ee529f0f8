"""How much of a document is read. What is beyond is not read, and said (warning `limit`)."""

from typing import Final

FILE_BYTES: Final = 64 * 1024 * 1024
PAGES: Final = 2_000
GLYPHS_A_PAGE: Final = 30_000
GLYPHS_IN_ALL: Final = 2_000_000
RULES_A_PAGE: Final = 5_000
PICTURE_PIXELS: Final = 200_000_000
"""A picture of more is never drawn, and said."""
FORM_FIELDS: Final = 2_000
VALUE_LENGTH: Final = 10_000
OBJECTS_WALKED: Final = 20_000
"""Objects of the catalogue that are looked at for actions."""
