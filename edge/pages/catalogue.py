"""All text of the pages, per language, from `edge/text/*.toml`; Japanese is the source."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final, cast

LANGUAGES: Final = ("ja", "en")


class Catalogue:
    """The sentences of one language by dotted key (`fill.title`)."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def text(self, key: str, **values: object) -> str:
        """The sentence; KeyError when it is missing (a test keeps that from happening)."""
        return self._sentences[key].format(**values) if values else self._sentences[key]

    def error(self, code: str) -> str:
        """The sentence for an error code; one for the unexpected when the code is not known."""
        return self._sentences.get(f"error.{code}", self._sentences["error.internal"])

    def reason(self, why: str) -> str:
        """Why a value was changed: a sentence for our own codes, else the words of who wrote it."""
        return self._sentences.get(f"why.{why}", why)

    def names(self) -> frozenset[str]:
        """The key of every sentence."""
        return frozenset(self._sentences)

    def sentence(self, key: str) -> str:
        """The sentence as it stands in the file, places for values and all."""
        return self._sentences[key]


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language of LANGUAGES; Japanese for any other."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    file = resources.files("edge") / "text" / f"{chosen}.toml"
    table = cast("dict[str, object]", tomllib.loads(file.read_text(encoding="utf-8")))
    return Catalogue(chosen, dict(_flat("", table)))


def _flat(prefix: str, table: Mapping[str, object]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(f"{prefix}{key}.", cast("dict[str, object]", value))
        else:
            found.append((prefix + key, str(value)))
    return found
