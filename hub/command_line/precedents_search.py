"""`precedents search`: one question, or one a line on stdin, to ranked articles."""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator
from typing import Final

from hub.command_line.precedents_store import model_of, opened_store
from hub.precedents.article import Kind
from hub.precedents.citations import Place, citations
from hub.precedents.encoders import chosen
from hub.precedents.errors import PrecedentsError, QuestionError
from hub.precedents.question import LONGEST, Question
from hub.precedents.rerank import installed_reranker
from hub.precedents.search import Searcher

LONGEST_LINE: Final = 4 * LONGEST + 2


def run_search(given: argparse.Namespace) -> None:
    """`precedents search`."""
    if bool(given.question) == given.stdin:
        raise QuestionError("give one question, or --stdin with a question a line")
    with opened_store(given) as store:
        reranker = None if given.no_rerank else installed_reranker()
        searcher = Searcher(store, [one.verified() for one in chosen(model_of(given))], reranker)
        if not given.stdin:
            _answer(given, searcher, given.question)
            return
        for line in _lines():
            try:
                _answer(given, searcher, line)
            except PrecedentsError as error:
                print(
                    json.dumps({"error": error.code, "message": str(error)}, ensure_ascii=False),
                    flush=True,
                )


def _lines() -> Iterator[str]:
    """The questions on stdin; one that is too long is passed on cut, so that it is refused."""
    stream = sys.stdin.buffer
    while line := stream.readline(LONGEST_LINE):
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        while not line.endswith(b"\n") and (line := stream.readline(LONGEST_LINE)):
            text = text[: LONGEST + 1].ljust(LONGEST + 1, "。")
        if text.strip():
            yield text


def _answer(given: argparse.Namespace, searcher: Searcher, text: str) -> None:
    question = Question(
        text=text,
        as_of=given.as_of or dt.date.today(),  # noqa: DTZ011 - the office's own day
        top=given.top,
        laws=tuple(given.law),
        kinds=frozenset(Kind(kind) for kind in given.kind),
        context=_context(searcher, given.context),
        rerank=not given.no_rerank,
    )
    result = searcher.search(question)
    if given.json or given.stdin:
        print(json.dumps(result.as_json(), ensure_ascii=False), flush=True)
        return
    if result.nothing_close:
        print("近いものはありません。 Nothing close.")
    for citation in result.citations_not_found:
        print(f"コレクションにありません。 Not in the collection: {citation}")
    for citation in result.citations_left_out:
        print(f"ここには出していません。 Not shown here: {citation}")
    for place, answer in enumerate(result.answers, 1):
        revision, article = answer.valid.revision, answer.article
        print(f"{place}. {revision.title} {article.label}（{article.caption}）")
        print(f"   {answer.reason.sentence}")


def _context(searcher: Searcher, text: str | None) -> Place | None:
    if text is None:
        return None
    found = citations(text, searcher.view().catalogue)
    if not found:
        raise QuestionError(f"--context {text[:80]!r} names no article; write it as 民法710条")
    return found[0].place
