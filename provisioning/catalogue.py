"""The sentences that people read, kept in `text/<language>.toml` so that they can be translated."""

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("ja", "en")


@cache
def catalogue(language: str) -> dict[str, dict[str, str]]:
    """All sentences of a language, by section and key; KeyError for an unknown language."""
    if language not in LANGUAGES:
        raise KeyError(language)
    path = Path(__file__).with_name("text") / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def sentence(language: str, section: str, key: str) -> str:
    """One sentence; KeyError when the catalogue lacks it (a test asks for all)."""
    return catalogue(language)[section][key]
