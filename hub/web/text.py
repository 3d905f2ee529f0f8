"""The words of the pages: TOML files by area and language (`office.ja.toml`), Japanese first."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

FOLDER: Final = Path(__file__).parent.parent / "text"
LANGUAGES: Final = ("ja", "en")


class Catalogue:
    """All sentences of one language by dotted key (`queue.title`)."""

    def __init__(self, language: str, sentences: dict[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def __call__(self, key: str, **values: object) -> str:
        """The sentence under `key`, with its placeholders filled; the key itself when missing."""
        sentence = self._sentences.get(key)
        return f"[{key}]" if sentence is None else sentence.format(**values)

    def reason(self, why: str) -> str:
        """Why a value was changed: a sentence for our codes, else the words of who wrote it."""
        return self._sentences.get(f"why.{why}", why)

    def keys(self) -> frozenset[str]:
        """Every key."""
        return frozenset(self._sentences)

    def sentence(self, key: str) -> str | None:
        """The raw sentence, or None."""
        return self._sentences.get(key)


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of `language`, Japanese when we do not have it."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    sentences: dict[str, str] = {}
    for file in sorted(FOLDER.glob(f"*.{known}.toml")):
        found = _flat(tomllib.loads(file.read_text(encoding="utf-8")), "")
        assert not sentences.keys() & found.keys(), f"{file.name} says again what another file says"
        sentences |= found
    return Catalogue(known, sentences)


def _flat(table: dict[str, Any], prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _flat(cast("dict[str, Any]", value), f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = str(value)
    return found
