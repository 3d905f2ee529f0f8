"""The one schema of the collection: a revision of a law or manual, and the articles it holds."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a text is, which the searcher may ask for."""

    LAW = "law"
    ORDER = "order"
    ORDINANCE = "ordinance"
    CIRCULAR = "circular"
    HANDBOOK = "handbook"
    QUESTIONS = "questions"
    DECISION = "decision"
    MEMO = "memo"


class Standing(StrEnum):
    """What the source says of a revision beside its dates."""

    ENFORCED = "enforced"
    UNENFORCED = "unenforced"
    REPEALED = "repealed"


@dataclass(frozen=True)
class Item:
    """An item (号) with its sub-items' text gathered behind its own."""

    num: str
    title: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph (項): its number from 1, its own text, its items."""

    num: str
    text: str
    items: tuple[Item, ...] = ()

    @property
    def whole(self) -> str:
        """The text with its items, one a line."""
        lines = [self.text, *(f"{item.title}　{item.text}".strip() for item in self.items)]
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True)
class Cited:
    """An article that an entry names of itself, beside what its text says."""

    law: str
    law_id: str
    num: str


@dataclass(frozen=True)
class Article:
    """One article: `num` is its e-Gov number (48_2), label its name (第四十八条の二)."""

    num: str
    label: str
    caption: str
    path: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    cites: tuple[Cited, ...] = ()

    @property
    def text(self) -> str:
        """The whole text, a paragraph or item a line."""
        return "\n".join(paragraph.whole for paragraph in self.paragraphs)


@dataclass(frozen=True)
class Revision:
    """All articles of one law as one revision has them.

    `starts` is the day it came into force, None where the source only says when it was seen
    (`snapshot`, "2013-12" or a day) or that it is not in force. `amended_by` tells revisions of
    one day apart.
    """

    law_id: str
    title: str
    kind: Kind
    issuer: str
    number: str
    snapshot: str
    source: str
    articles: tuple[Article, ...]
    starts: dt.date | None = None
    standing: Standing = Standing.ENFORCED
    amended_by: str = ""
    abbreviation: str = ""
    comment: str = ""
    sample: bool = False
    key: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """What one revision is known by among those of its law: importing it again replaces it."""
        return self.key or f"{self.starts or self.snapshot}/{self.amended_by}"

    @property
    def digest(self) -> bytes:
        """SHA-256 over everything that a reader could see."""
        head = [self.law_id, self.title, self.kind, self.issuer, self.number, self.snapshot]
        rest = [str(self.starts), self.standing, self.amended_by, self.comment, str(self.sample)]
        whole = hashlib.sha256(json.dumps([*head, *rest], ensure_ascii=False).encode())
        for article in self.articles:
            whole.update(article_digest(self.law_id, self.title, article))
        return whole.digest()


def article_digest(law_id: str, title: str, article: Article) -> bytes:
    """SHA-256 of one article's content; equal ones of several revisions are kept once."""
    cites = [[cited.law, cited.law_id, cited.num] for cited in article.cites]
    parts = [law_id, title, article.num, article.label, article.caption, article.path]
    content = json.dumps([*parts, paragraphs_json(article), cites], ensure_ascii=False)
    return hashlib.sha256(content.encode()).digest()


def paragraphs_json(article: Article) -> list[list[object]]:
    """The paragraphs as nested lists: [num, text, [[num, title, text], ...]]."""
    return [
        [part.num, part.text, [[item.num, item.title, item.text] for item in part.items]]
        for part in article.paragraphs
    ]
