"""The sentences of the rules, from the catalogues in `text/`."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, cast

from intake.notification.model import Notification
from intake.notification.rules.finding import Need
from intake.notification.rules.places import labels

LANGUAGES: Final = ("ja", "en")


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """Give one language: tables `needs`, `state` and one table `title`, `found` a rule."""
    text = files("intake.notification").joinpath("text", f"{language}.toml").read_text("utf-8")
    return cast("dict[str, dict[str, str]]", tomllib.loads(text))


def title(rule_id: str, language: str) -> str:
    """Give the name of a rule in words."""
    return catalogue(language)["title"][rule_id]


def found(rule_id: str, notification: Notification, where: str) -> tuple[str, str]:
    """Give the Japanese and English sentence of a finding."""
    japanese, english = labels(notification, where)
    return (
        catalogue("ja")["found"][rule_id].format(label=japanese),
        catalogue("en")["found"][rule_id].format(label=english),
    )


def not_confirmed(rule_id: str, lacking: Sequence[Need]) -> tuple[str, str]:
    """Give the Japanese and English sentence of a rule that lacks what it needs."""
    japanese, english = (
        catalogue(language)["state"]["not_confirmed"].format(
            title=title(rule_id, language),
            needs=catalogue(language)["state"]["and"].join(
                catalogue(language)["needs"][need.value] for need in lacking
            ),
        )
        for language in LANGUAGES
    )
    return japanese, english
