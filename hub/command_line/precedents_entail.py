"""What `precedents entail` does: pairs of texts on stdin, a line each, a label for every line."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any, Final

from hub.precedents.entailment.judge import Judge, load
from hub.precedents.errors import PrecedentsError, QuestionError

LONGEST: Final = 10_000  # characters of a text
LONGEST_LINE: Final = 16 * LONGEST  # bytes


def run_entail(given: argparse.Namespace) -> None:
    """`precedents entail`."""
    judge = load()
    for line in _lines():
        try:
            told = _told(judge, line)
        except PrecedentsError as error:
            told = {"error": error.code, "message": str(error)}
        if given.json or "error" in told:
            print(json.dumps(told, ensure_ascii=False), flush=True)
        else:
            print(f"{told['label']}\t{told['score']}", flush=True)


def _lines() -> Iterator[bytes]:
    """The lines of stdin that are not empty; of one that is too long the beginning."""
    stream = sys.stdin.buffer
    while line := stream.readline(LONGEST_LINE):
        rest = line
        while not rest.endswith(b"\n") and (rest := stream.readline(LONGEST_LINE)):
            line = line[:LONGEST_LINE] + b" "
        if line.strip():
            yield line


def _told(judge: Judge, line: bytes) -> dict[str, Any]:
    premise, hypothesis = _pair(line)
    verdict = judge.verdict(premise, hypothesis)
    told: dict[str, Any] = {"label": verdict.label, "score": round(verdict.score, 4)}
    return told | {"cut": True} if verdict.cut else told


def _pair(line: bytes) -> tuple[str, str]:
    if len(line) > LONGEST_LINE:
        raise QuestionError(f"the line is longer than {LONGEST_LINE} bytes")
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionError("the line is not JSON in UTF-8") from error
    if not isinstance(found, dict):
        raise QuestionError('the line is not an object: write {"premise": ..., "hypothesis": ...}')
    return _text(found, "premise"), _text(found, "hypothesis")


def _text(found: dict[str, Any], key: str) -> str:
    text: Any = found.get(key)
    if not isinstance(text, str) or not text.strip():
        raise QuestionError(f"{key} is missing, empty or no text")
    if len(text) > LONGEST:
        raise QuestionError(f"{key} is longer than {LONGEST} characters")
    return text
