"""Writes the table of components from the descriptions (`ids`) of npm `@mandel59/mojidata`.

For developers only: `python -m intake.characters.generate_components --moji-db FILE`.
"""

import argparse
import hashlib
import lzma
import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from intake.characters import mj_list

_UNENCODED = re.compile(r"\{[^}]*\}")
_FIRST_IDEOGRAPH = 0x2E80
_OPERATORS = {*range(0x2FF0, 0x3000), 0x31EF}
TARGET = "components.tsv.xz"


def described(path: Path) -> dict[str, set[str]]:
    """Give the encoded components of every character, of all its regional descriptions."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        for character, description in database.execute("SELECT UCS, IDS FROM ids"):
            parts = {part for part in _UNENCODED.sub("", description) if _is_component(part)}
            found[character] |= parts - {character}
    return found


def _is_component(part: str) -> bool:
    return ord(part) >= _FIRST_IDEOGRAPH and ord(part) not in _OPERATORS


def lines(parts: Mapping[str, Iterable[str]], wanted: set[str]) -> list[str]:
    """Give one line a component: itself and the characters that it stands in directly.

    Only characters that `wanted` ones are made of, in however many steps, are kept.
    """
    kept, waiting = set(wanted), list(wanted)
    while waiting:
        fresh = set(parts.get(waiting.pop(), ())) - kept
        kept |= fresh
        waiting.extend(fresh)
    stands_in: defaultdict[str, set[str]] = defaultdict(set)
    for character in kept:
        for part in parts.get(character, ()):
            stands_in[part].add(character)
    return [f"{part}\t{''.join(sorted(stands_in[part]))}" for part in sorted(stands_in)]


def main() -> None:
    """Write the data file and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moji-db", type=Path, required=True)
    options = parser.parse_args()
    wanted = {
        mj_list.character_at(codepoint)
        for name in ("codepoint", "implemented_codepoint")
        for _, codepoint in mj_list.column(name)
    }
    made = lines(described(options.moji_db), wanted)
    packed = lzma.compress("\n".join(made).encode() + b"\n", preset=9)
    (Path(__file__).with_name("data") / TARGET).write_bytes(packed)
    digest = hashlib.sha256(packed).hexdigest()
    sys.stdout.write(f"{len(made)} components, {len(packed)} bytes, SHA-256 {digest}\n")


if __name__ == "__main__":
    main()
