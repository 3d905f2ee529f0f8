"""The sentences about devices, Japanese and English, by the `code` of an error or a finding."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing to say, in both languages."""

    ja: str
    en: str


def sentence(code: str, *, where: str = "", module: str = "") -> Sentence:
    """Give the sentence of `code` with its places filled in; KeyError for an unknown code."""
    found = _catalogue()[code]
    return Sentence(
        found["ja"].format(where=where, module=module),
        found["en"].format(where=where, module=module),
    )


def codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_catalogue())


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    text = files("drivers").joinpath("text/devices.toml").read_text("utf-8")
    return tomllib.loads(text)
