"""A small collection written for the tests, and an encoder that needs no weights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from hub.precedents.article import Article, Kind, Paragraph, Revision
from hub.precedents.plain_text import comparable

TODAY = dt.date(2026, 11, 23)


@dataclass(frozen=True)
class PairEncoder:
    """Pairs of characters hashed into 64 places: close are texts with the same pairs."""

    name: str = "test-pairs"

    def question(self, text: str) -> npt.NDArray[np.float32]:
        return self.passages([text])[0]

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        found = np.zeros((len(texts), 64), np.float32)
        for place, text in enumerate(map(comparable, texts)):
            for first, second in pairwise(text):
                found[place, (ord(first) * 31 + ord(second)) % 64] += 1
            found[place] /= np.linalg.norm(found[place]) or 1
        return found


def article(num: str, caption: str, *paragraphs: str, path: tuple[str, ...] = ()) -> Article:
    parts = tuple(Paragraph(str(place), text) for place, text in enumerate(paragraphs, 1))
    return Article(num, f"第{num}条", caption, path, parts)


def revision(
    articles: Sequence[Article],
    *,
    law_id: str = "x-town",
    title: str = "町の届出に関する条例",
    starts: dt.date | None = dt.date(2020, 4, 1),
    kind: Kind = Kind.ORDINANCE,
) -> Revision:
    return Revision(
        law_id=law_id,
        title=title,
        kind=kind,
        issuer="見本町",
        number="令和二年条例第一号",
        snapshot="" if starts else "2020-04",
        source="test",
        articles=tuple(articles),
        starts=starts,
    )


MOVING = article("1", "転入届", "転入をした者は、十四日以内に町長に届け出なければならない。")
BIRTH = article(
    "2", "出生届", "出生の届出は、十四日以内にしなければならない。", "前条の規定は、準用する。"
)
SEAL = article(
    "2_2", "印鑑の登録", "印鑑の登録を受けようとする者は、町長に申請する。", "第一条を見よ。"
)
DOGS = article("3", "犬の登録", "犬の所有者は、三十日以内に登録を申請しなければならない。")
TOWN = revision([MOVING, BIRTH, SEAL, DOGS])
