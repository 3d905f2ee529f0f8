"""Opens the tables beside this room: nothing is read that is not exactly the file we shipped."""

from functools import cache
from pathlib import Path
from typing import Final

from intake.errors import IntakeError
from intake.sha256 import sha256_hex

SHA256: Final = {
    "mj_list.tsv.gz": "e677fa7fb7b38374b28b3938f67911ec8dbecf2b3bc2eb2df03ea50ab2fabbc2",
    "components.tsv.xz": "480884aced9be6a7b38ab6aaabf9cb285b1bd2dcf65bc0beeb7c5952625ebd02",
}
"""SHA-256 of each table as it is shipped; `generate.py` and `generate_components.py` print it."""


class TableError(IntakeError):
    """A table of characters is missing, damaged or foreign; install the program again."""

    exit_code = 5


def unpacked(name: str) -> bytes:
    """Give the content of a shipped table; TableError, with its name and hash, if it differs."""
    import gzip  # noqa: PLC0415 - who only checks the tables needs neither
    import lzma  # noqa: PLC0415 - as above

    data = _checked(name)
    return lzma.decompress(data) if name.endswith(".xz") else gzip.decompress(data)


@cache
def check_all() -> None:
    """Compare every table with its hash, once; TableError as in `unpacked`."""
    for name in SHA256:
        _checked(name)


def _checked(name: str) -> bytes:
    place = Path(__file__).parent / "data" / name
    try:
        data = place.read_bytes()
    except OSError as error:
        raise TableError(
            f"the table {name} cannot be read ({error.strerror}): install it again"
        ) from None
    found = sha256_hex(data)
    if found != SHA256[name]:
        raise TableError(
            f"the table {name} has SHA-256 {found}, this program was made with {SHA256[name]}: "
            "damaged or foreign file, install the program again"
        )
    return data
