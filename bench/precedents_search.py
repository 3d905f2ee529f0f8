"""Search in the precedents: hits by band of shared words, refusals, citations, the law of the day.

    python -m bench.precedents_search --laws FOLDER [--store FILE] [--half tune] [--json FILE]

The questions are those of bench/precedents; only the half `report` is for reporting. FOLDER holds
the snapshots that bench/precedents/README.md names and, in egov_xml/, revisions of laws. Encoding
takes a quarter of an hour of one core once: --store keeps it. Without a folder only speed is
measured, over made-up articles.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.precedents.check import CORPUS
from bench.precedents.evaluation import Question as Asked
from bench.precedents.evaluation import citations, off_topic, questions
from bench.precedents_speed import speed
from hub.precedents.citations import Place
from hub.precedents.collection import take
from hub.precedents.encoders import installed
from hub.precedents.law_names import id_of
from hub.precedents.question import Question
from hub.precedents.search import Searcher
from hub.precedents.sources.files import read_files
from hub.precedents.sources.law_xml import read_law
from hub.precedents.store import Store
from hub.precedents.vectors import encode_missing
from hub.precedents.view import View

TODAY = dt.date(2026, 11, 23)
DEPTH = 50

Ranking = list[tuple[str, str]]  # (title, num), best first


@dataclass(frozen=True)
class Rank:
    """Where the first accepted article stands for one question; infinity when not in DEPTH."""

    asked: Asked
    place: float

    @property
    def band(self) -> str:
        """The band of shared words that the README of the evaluation defines."""
        share = len(self.asked.shared_words) / max(1, self.asked.words)
        return "none shared" if not share else "to 25 %" if share <= 0.25 else "over 25 %"


def say(line: str) -> None:
    """One line of the table."""
    sys.stderr.write(line + "\n")


def filled(store: Store, folder: Path) -> None:
    """Import the snapshots and encode what is not encoded yet."""
    take(store, read_files([folder / name for name in CORPUS]), TODAY)
    for packaged in installed():
        encode_missing(store, packaged.verified(), lambda _done, _whole: None)


def ranks(half: str, ask: Callable[[Asked], Ranking]) -> list[Rank]:
    """The rank of the first accepted article for every question of a half."""
    found: list[Rank] = []
    for asked in questions(half):
        accepted = {(article.law, article.num) for article in asked.accepted}
        places = [n for n, key in enumerate(ask(asked)[:DEPTH], 1) if key in accepted]
        found.append(Rank(asked, places[0] if places else math.inf))
    return found


def figures(name: str, found: list[Rank]) -> dict[str, float]:
    """hit@10 with its interval, recall@50, and hit@10 by band; printed as one row."""
    share = sum(rank.place <= 10 for rank in found) / len(found)
    half_width = 1.96 * math.sqrt(share * (1 - share) / len(found))
    row = {"hit@10": share, "interval": half_width}
    row["recall@50"] = sum(rank.place <= DEPTH for rank in found) / len(found)
    for band in ("none shared", "to 25 %", "over 25 %"):
        part = [rank.place <= 10 for rank in found if rank.band == band]
        row[band] = sum(part) / max(1, len(part))
    shown = "  ".join(f"{key} {value:.3f}" for key, value in row.items())
    say(f"{name:24} n {len(found)}  {shown}")
    return row


def quality(store: Store, half: str) -> dict[str, Any]:
    """Hits of the search and of BM25 alone, with and without the law given, and refusals."""
    searcher = Searcher(store, [packaged.verified() for packaged in installed()])
    view = searcher.view()
    names = titles(store, view)
    refused: list[bool] = []

    def ask(asked: Asked, laws: tuple[str, ...] = ()) -> Ranking:
        result = searcher.search(Question(asked.question, TODAY, top=DEPTH, laws=laws))
        if not laws:
            refused.append(result.nothing_close)
        return [(one.valid.revision.title, one.article.num) for one in result.answers]

    def words(asked: Asked) -> Ranking:
        scores = view.lexical.scores({asked.question: 1.0})
        return [names[place] for place in (-scores).argsort(kind="stable")[:DEPTH].tolist()]

    table = {
        "BM25 alone": figures("BM25 alone", ranks(half, words)),
        "search": figures("search", ranks(half, ask)),
        "law given": figures("search, law given", ranks(half, lambda a: ask(a, (a.answer.law,)))),
    }
    told = [
        searcher.search(Question(one.question, TODAY, top=1)).nothing_close
        for one in off_topic(half)
    ]
    table["off topic"] = {
        "told": sum(told) / len(told),
        "false refusals": sum(refused) / len(refused),
        "questions": len(told),
    }
    table["citations"] = {"found": cited(searcher)}
    say(f"off topic told {table['off topic']['told']:.3f} of {len(told)}")
    say(f"false refusals {table['off topic']['false refusals']:.3f}")
    say(f"citations      {table['citations']['found']:.3f}")
    return table


def titles(store: Store, view: View) -> list[tuple[str, str]]:
    """Title and number of every entry of a view, in its order."""
    with store.reading() as connection:
        rows = connection.execute("SELECT id, title, num FROM entry")
        known = {number: (title, num) for number, title, num in rows}
    return [known[number] for number in view.ids.tolist()]


def cited(searcher: Searcher) -> float:
    """The share of citations whose article is the first answer, or is rightly said not to exist."""
    right = 0
    for row in citations():
        there = row.context
        context = there and Place(id_of(there.law, there.law_id), there.num, row.context_paragraph)
        result = searcher.search(Question(row.question, TODAY, context=context))
        first = result.answers[0] if result.answers else None
        named = first and first.cited and (first.valid.revision.title, first.article.num)
        right += named == (row.law, row.num) if row.num else not named
    return right / len(citations())


def law_of_the_day(folder: Path) -> dict[str, float]:
    """Every article of every revision file, asked for on the first day of that revision."""
    files = sorted((folder / "egov_xml").glob("*.xml"))
    revisions = [read_law(file.name, file.read_bytes()) for file in files]
    right = asked = 0
    with tempfile.TemporaryDirectory() as scratch, Store(Path(scratch) / "x", create=True) as store:
        take(store, revisions, TODAY)
        searcher = Searcher(store, [])
        for revision in revisions:
            for article in (one for one in revision.articles if one.num[0].isdigit()):
                text = f"{revision.title}{article.label}"
                found = searcher.search(Question(text, revision.starts or TODAY, top=1)).answers
                asked += 1
                right += bool(found) and (
                    (found[0].article, found[0].valid.revision.source) == (article, revision.source)
                )
    say(f"law of the day: {right} of {asked} articles of {len(files)} revision files")
    return {"right": right / max(1, asked), "articles": asked}


def main() -> None:
    """Measure what can be measured with what is at hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laws", type=Path, metavar="FOLDER")
    parser.add_argument("--store", type=Path, metavar="FILE")
    parser.add_argument("--half", choices=["tune", "report"], default="report")
    parser.add_argument("--articles", type=int, default=50_000, help="for speed; 0 leaves it out")
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args()
    found: dict[str, Any] = {"half": given.half}
    if given.articles:
        found["speed"] = speed(given.articles)
    if given.laws:
        with tempfile.TemporaryDirectory() as scratch:
            path = given.store or Path(scratch) / "laws.sqlite3"
            with Store(path, create=True) as store:
                filled(store, given.laws)
                found |= quality(store, given.half)
        found["law of the day"] = law_of_the_day(given.laws)
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    (given.json.write_text(text, encoding="utf-8") if given.json else sys.stdout.write(text))


if __name__ == "__main__":
    main()
