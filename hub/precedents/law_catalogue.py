"""The laws that a citation can mean: those of the collection and those known by name.

A name that is known keeps its meaning, whatever a text of the collection is called. Memos and the
like give citations no name; they are found by their titles where a search is narrowed to them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from hub.precedents.law_names import Law, known_laws, plain_name, plain_number
from hub.precedents.sources.office_text import gives_names

LONGEST_NAME: Final = 80
OWN: Final = "own-"  # how ids of ours begin
_LAW_NUMBER: Final = re.compile(
    r"(?:明治|大正|昭和|平成|令和)[元0-9一二三四五六七八九十]+年[^第号]{2,12}第[0-9一二三四五六七八九十百千]+号$"
)


@dataclass(frozen=True)
class Catalogue:
    """Names, numbers and family ties of laws; every value but that of `titles` is a law id.

    `office_texts` has the titles of the texts that citations do not name.
    """

    names: dict[str, str]
    numbers: dict[str, str]
    titles: dict[str, str]
    office_texts: dict[str, str]
    act_of: dict[str, str]
    order_of: dict[str, str]
    rules_of: dict[str, str]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str, str]]) -> Self:
        """A catalogue of (law id, title, law number, abbreviation) and of the known laws."""
        found = cls({}, {}, {}, {}, {}, {}, {})
        given = list(rows)
        known = _known(given)
        # The last of a collection's texts of one name counts; then the known ones, over them all.
        for law_id, title, number, abbreviation in given:
            found.titles[law_id] = title
            if gives_names(law_id):
                found._add(law_id, title, number, (abbreviation,) if abbreviation else ())
            else:
                found.office_texts[plain_name(title)] = law_id
        for law_id, law in known:
            found.titles.setdefault(law_id, law.title)
            found._add(law_id, law.title, law.number, law.names)
        for law_id, law in known:
            if law.act:
                found._tie(law_id, plain_name(law.act), law.title)
        for law_id, title in found.titles.items():
            act = re.sub(r"施行(?:令|規則)$", "", plain_name(title))
            if act != plain_name(title) and gives_names(law_id):
                found._tie(law_id, act, title)
        return found

    def _add(self, law_id: str, title: str, number: str, names: Iterable[str]) -> None:
        for name in (title, *names):
            self.names[plain_name(name)] = law_id
        if number:
            self.numbers[plain_number(number)] = law_id

    def _tie(self, order: str, act_name: str, title: str) -> None:
        """Tie an order to its act, unless the act has one: a known order stands above others."""
        act = self.names.get(act_name)
        if act and act != order:
            self.act_of.setdefault(order, act)
            ties = self.rules_of if title.endswith("規則") else self.order_of
            ties.setdefault(act, order)

    def named_at_end(self, text: str) -> str | None:
        """The law whose name or number a text ends with; the longest name counts."""
        plain = plain_name(text[-LONGEST_NAME * 2 :])[-LONGEST_NAME:].strip("「」『』")
        for start in range(len(plain)):
            if plain[start:] in self.names:
                return self.names[plain[start:]]
        number = _LAW_NUMBER.search(plain)
        return self.numbers.get(plain_number(number[0])) if number else None

    def named(self, text: str) -> str | None:
        """The law or office text that a text names as a whole: id, title, abbreviation, number."""
        return self.named_law(text) or self.office_texts.get(plain_name(text))

    def named_law(self, text: str) -> str | None:
        """The same of laws alone: a memo called 転入 makes no name of that word."""
        if text in self.titles:
            return text
        return self.names.get(plain_name(text)) or self.numbers.get(plain_number(text))


def _known(rows: Iterable[tuple[str, str, str, str]]) -> list[tuple[str, Law]]:
    """The known laws with their ids; one that has only an id of ours takes the collection's."""
    given = {
        plain_name(title): law_id for law_id, title, _, _ in rows if not law_id.startswith(OWN)
    }
    found: list[tuple[str, Law]] = []
    for law in known_laws():
        own = law.law_id.startswith(OWN)
        found.append((given.get(plain_name(law.title), law.law_id) if own else law.law_id, law))
    return found
