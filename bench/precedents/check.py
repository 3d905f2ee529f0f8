"""Check the evaluation files against a folder of articles: `python -m bench.precedents.check DIR`.

The articles are not in the repository, so this is a command and not a test. It reads the
jsonl.gz files of the folder, says what does not fit, prints counts, and exits 1 on any fault.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.precedents.evaluation import (
    Article,
    Pair,
    Question,
    citations,
    off_topic,
    pairs,
    questions,
)
from bench.precedents.words import overlap, shared, words

CORPUS = ("articles_2013-12.jsonl.gz", "minpo_2026-01.jsonl.gz")


@dataclass(frozen=True)
class Text:
    """What the folder holds of one article."""

    law_id: str | None
    snapshot: str
    caption: str
    text: str

    @property
    def whole(self) -> str:
        """The caption and the text, which words are counted in."""
        return f"{self.caption} {self.text}"


Corpus = dict[tuple[str, str], Text]


def read(folder: Path, names: tuple[str, ...] = CORPUS) -> Corpus:
    """Return the articles of the named files by law title and article number."""
    corpus: Corpus = {}
    for name in names:
        with gzip.open(folder / name, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                text = Text(row["law_id"], row["snapshot"], row["caption"] or "", row["text"])
                corpus[row["law"], row["num"]] = text
    return corpus


def _article_faults(where: str, article: Article, corpus: Corpus) -> Iterator[str]:
    text = corpus.get((article.law, article.num))
    if text is None:
        yield f"{where}: {article.law} {article.num} is not in the folder"
    elif text.law_id != article.law_id:
        yield f"{where}: {article.law} has the id {text.law_id}, not {article.law_id}"


def _question_faults(question: Question, corpus: Corpus) -> Iterator[str]:
    missing = [
        fault
        for article in question.accepted
        for fault in _article_faults(question.id, article, corpus)
    ]
    if missing:
        yield from missing
        return
    texts = [corpus[article.law, article.num] for article in question.accepted]
    if texts[0].snapshot != question.snapshot:
        yield f"{question.id}: the article is of {texts[0].snapshot}, not {question.snapshot}"
    if shared(question.question, [text.whole for text in texts]) != list(question.shared_words):
        yield f"{question.id}: shared_words is not what the rule finds"
    if len(words(question.question)) != question.words:
        yield f"{question.id}: words is not what the rule counts"


def _citation_faults(corpus: Corpus) -> Iterator[str]:
    for citation in citations():
        if citation.num is None:
            if not any(law == citation.law for law, _ in corpus):
                yield f"{citation.id}: {citation.law} is not in the folder"
            continue
        cited = Article(citation.law, citation.law_id, citation.num)
        for article in (cited, citation.context):
            if article:
                yield from _article_faults(citation.id, article, corpus)


def _pair_faults(pair: Pair, corpus: Corpus) -> Iterator[str]:
    text = corpus.get((pair.law, pair.num))
    if text is None or text.law_id != pair.law_id:
        yield from _article_faults(pair.id, Article(pair.law, pair.law_id, pair.num), corpus)
        return
    whole = "".join(text.text.split())
    for sentence in "".join(pair.premise.split()).split("。"):
        if sentence not in whole:
            yield f"{pair.id}: the article does not say: {sentence}"
    if overlap(pair.hypothesis, pair.premise) != pair.overlap:
        yield f"{pair.id}: overlap is not what the rule finds"


def faults(corpus: Corpus) -> list[str]:
    """Return one sentence for every reference that the articles do not bear out."""
    found = [fault for question in questions() for fault in _question_faults(question, corpus)]
    found += _citation_faults(corpus)
    return found + [fault for pair in pairs() for fault in _pair_faults(pair, corpus)]


def _band(question: Question) -> str:
    share = len(question.shared_words) / max(1, question.words)
    return "none shared" if not share else "to 25 %" if share <= 0.25 else "over 25 %"


def summary(corpus_size: int) -> str:
    """Return the counts that the README states, as a small table."""
    asked = questions()
    lines = [f"{corpus_size} articles; {len(asked)} questions, {len(off_topic())} off topic"]
    for half in ("tune", "report"):
        part = [question for question in asked if question.half == half]
        bands = Counter(map(_band, part))
        laws = Counter(question.answer.law for question in part)
        lines.append(f"{half}: {len(part)} questions, {dict(sorted(bands.items()))}")
        lines += [f"  {count:3d} {law}" for law, count in laws.most_common()]
    labels = Counter(pair.label for pair in pairs())
    return "\n".join([*lines, f"pairs: {dict(sorted(labels.items()))}"])


def main() -> int:
    """Check everything against the folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with the jsonl.gz files of articles")
    corpus = read(parser.parse_args().folder)
    sys.stdout.write(summary(len(corpus)) + "\n")
    found = faults(corpus)
    sys.stderr.write("".join(f"{fault}\n" for fault in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
