"""The laws that a citation can mean: those of the collection and those known by name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from hub.precedents.law_names import known_laws, plain_name, plain_number

LONGEST_NAME: Final = 80
_LAW_NUMBER: Final = re.compile(
    r"(?:明治|大正|昭和|平成|令和)[元0-9一二三四五六七八九十]+年[^第号]{2,12}第[0-9一二三四五六七八九十百千]+号$"
)


@dataclass(frozen=True)
class Catalogue:
    """Names, numbers and family ties of laws; every value is a law id."""

    names: dict[str, str]
    numbers: dict[str, str]
    titles: dict[str, str]
    act_of: dict[str, str]
    order_of: dict[str, str]
    rules_of: dict[str, str]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str, str]]) -> Self:
        """A catalogue of (law id, title, law number, abbreviation) and of the known laws."""
        found = cls({}, {}, {}, {}, {}, {})
        for law in known_laws():
            found._add(law.law_id, law.title, law.number, law.names)
        for law_id, title, number, abbreviation in rows:
            found._add(law_id, title, number, (abbreviation,) if abbreviation else ())
        for law in known_laws():
            if law.act:
                found._tie(law.law_id, plain_name(law.act), law.title)
        for law_id, title in found.titles.items():
            act = re.sub(r"施行(?:令|規則)$", "", plain_name(title))
            if act != plain_name(title):
                found._tie(law_id, act, title)
        return found

    def _add(self, law_id: str, title: str, number: str, names: Iterable[str]) -> None:
        self.titles[law_id] = title
        for name in (title, *names):
            self.names[plain_name(name)] = law_id
        if number:
            self.numbers[plain_number(number)] = law_id

    def _tie(self, order: str, act_name: str, title: str) -> None:
        act = self.names.get(act_name)
        if act and act != order:
            self.act_of[order] = act
            ties = self.rules_of if title.endswith("規則") else self.order_of
            ties[act] = order

    def named_at_end(self, text: str) -> str | None:
        """The law whose name or number a text ends with; the longest name counts."""
        plain = plain_name(text[-LONGEST_NAME * 2 :])[-LONGEST_NAME:].strip("「」『』")
        for start in range(len(plain)):
            if plain[start:] in self.names:
                return self.names[plain[start:]]
        number = _LAW_NUMBER.search(plain)
        return self.numbers.get(plain_number(number[0])) if number else None

    def named(self, text: str) -> str | None:
        """The law that a text names as a whole: its id, title, abbreviation or number."""
        plain = plain_name(text)
        return (text if text in self.titles else self.names.get(plain)) or self.numbers.get(
            plain_number(text)
        )
