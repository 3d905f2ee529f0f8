"""Search: a question in plain words to the articles that answer it, each with its grounds."""

import difflib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from hub.precedents.answers import Answer, Result
from hub.precedents.blend import WEIGHTS, Weights, blended, law_hints
from hub.precedents.citation_answers import cited
from hub.precedents.citations import is_citation_only
from hub.precedents.closeness import FITTED_ENCODER, Signs, nothing_close, signs_of
from hub.precedents.encoders import Encoder
from hub.precedents.errors import CollectionError, QuestionError
from hub.precedents.lexicon import Expansion, expand
from hub.precedents.plain_text import modern
from hub.precedents.presenting import Desk
from hub.precedents.question import Question, check
from hub.precedents.readings import japanese_part, with_statute_words
from hub.precedents.rerank import Reranker
from hub.precedents.rows import entry
from hub.precedents.store import Store, edition
from hub.precedents.timing import Clock
from hub.precedents.vectors import Matrix
from hub.precedents.view import View

READ: Final = 500
ATTEMPTS: Final = 3
RERANKED: Final = 20  # answers that the pair re-ranker reads
EXPANDING: Final = 6  # statute terms that an encoder is given beside the question

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


class Stage(StrEnum):
    """How far the answers are: by words alone, by meaning too, in the re-ranker's order."""

    WORDS = "words"
    MEANING = "meaning"
    RERANKED = "reranked"


class Searcher:
    """Answers questions over a store, following its generations; safe to share among threads."""

    def __init__(
        self,
        store: Store,
        encoders: Sequence[Encoder],
        reranker: Reranker | None = None,
        *,
        weights: Weights = WEIGHTS,
        refresh_seconds: float = 10.0,
    ) -> None:
        """`refresh_seconds`: how old the vectors may be while an import is making new ones."""
        self._store = store
        self._encoders = {encoder.name: encoder for encoder in encoders}
        self._reranker = reranker
        self._weights = weights
        self._lock = threading.Lock()
        self._refresh_seconds = refresh_seconds
        self._changes = -1
        self._loaded = 0.0
        self._view: View | None = None

    def view(self) -> View:
        """The current generation: a new one at once, vectors added to it a little later."""
        changes = self._store.changes()
        if self._view is not None and changes == self._changes:
            return self._view
        young = time.monotonic() - self._loaded < self._refresh_seconds
        if self._view is None or not young or self._edition() != self._view.edition:
            self._view = None  # both at once would take a third more memory
            self._view = View.load(self._store, tuple(self._encoders))
            self._changes = changes
            self._loaded = time.monotonic()
        return self._view

    def _edition(self) -> str:
        with self._store.reading() as connection:
            return edition(connection)

    def search(self, question: Question) -> Result:
        """The articles that answer, best first; QuestionError for a question out of bounds."""
        return self._reranked(question, self._found(question, meaning=True))

    def stages(self, question: Question) -> Iterator[tuple[Stage, Result]]:
        """What `search` gives, and before it what is known sooner; each replaces the former."""
        found = self._found(question, meaning=False)
        yield Stage.WORDS, _cut(question, found)
        if self._has_vectors():
            found = self._found(question, meaning=True)
            yield Stage.MEANING, _cut(question, found)
        if self._reranker is not None and question.rerank and found.answers:
            yield Stage.RERANKED, self._reranked(question, found)

    def _has_vectors(self) -> bool:
        with self._lock:
            return bool(self.view().matrices)

    def _found(self, question: Question, *, meaning: bool) -> Result:
        """Enough answers for the re-ranker, in the order of the blend."""
        check(question)
        with self._lock:
            for _ in range(ATTEMPTS):
                found = self._search(question, meaning=meaning)
                if found is not None:
                    return found
        raise CollectionError("imports follow each other too quickly; ask again")

    def _reranked(self, question: Question, found: Result) -> Result:
        """The answers in the re-ranker's order, where there is one and it is asked for."""
        if self._reranker is None or not question.rerank:
            return _cut(question, found)
        clock = Clock()
        text = with_statute_words(modern(question.text).strip())
        answers = self._reranker.rerank(text, found.answers)
        clock.lap("rerank")
        passed = {name: found.milliseconds[name] for name in found.milliseconds if name != "total"}
        laps = passed | clock.laps()
        laps["total"] += found.milliseconds.get("total", 0.0)
        return _cut(question, replace(found, answers=answers, milliseconds=laps))

    def _search(self, question: Question, *, meaning: bool) -> Result | None:
        """The result; None when the collection changed between measuring and reading."""
        clock = Clock()
        view = self.view() if meaning else replace(self.view(), matrices=())
        text = with_statute_words(modern(question.text).strip())
        hints = expand(text[:READ])
        law_ids = frozenset(_law_id(view, law) for law in question.laws)
        valid = view.valid_on(question.as_of, law_ids, question.kinds)
        clock.lap("load")
        measured = self._measured(view, text, hints, view.mask(valid), clock)
        with self._store.reading() as connection:
            if edition(connection) != view.edition:
                return None
            # A citation names its law itself, so the filters narrow only what is ranked.
            everywhere = view.valid_on(question.as_of, frozenset(), frozenset())
            by_law = {one.revision.law_id: one for one in everywhere}
            desk = Desk(connection, view.histories, by_law, text, hints, question.as_of)
            named = cited(desk, view.catalogue, question.context, question.top)
            close = not nothing_close(measured.signs)
            only_cites = bool(named.answers or named.missing) and is_citation_only(
                text, view.catalogue, question.context
            )
            wanted = max(question.top, RERANKED) if self._reranker else question.top
            ranked = () if only_cites else measured.best(wanted)
            answers = [*named.answers, *_others(desk, ranked, named.answers)]
        clock.lap("grounds")
        return Result(
            answers=tuple(answers),
            nothing_close=not named.answers and (only_cites or not close),
            as_of=question.as_of,
            generation=view.generation,
            milliseconds=clock.laps(),
            citations_not_found=named.missing,
            citations_left_out=named.left_out,
            suggested_laws=tuple(hints.laws),
        )

    def _measured(
        self, view: View, text: str, hints: Expansion, mask: Mask, clock: Clock
    ) -> "_Measured":
        weights, asked = self._weights, text[:READ]
        plain = view.lexical.scores({asked: 1.0})
        terms = dict.fromkeys(hints.terms, weights.terms)
        lexical = view.lexical.scores({asked: 1.0} | terms) if terms else plain
        clock.lap("lexical")
        measures: list[tuple[float, Floats]] = []
        longer = f"{asked}（{' '.join(hints.terms[:EXPANDING])}）" if terms else asked
        judged: Floats | None = None
        for place, matrix in enumerate(view.matrices):
            share = weights.second if place else 1.0
            own, again = self._meaning(view, matrix, (asked, longer))
            judged = own if matrix.encoder == FITTED_ENCODER else judged
            measures += [(share, own), (share * weights.expanded, again)]
        clock.lap("meaning")
        scores = blended((weights.lexical, lexical), measures, mask)
        titles = {view.catalogue.named(law) or law: count for law, count in hints.laws.items()}
        scores += weights.law * law_hints(view.law_ids, view.law_of, titles)
        said = japanese_part(asked)
        signs = signs_of(said, hints, view.lexical, lexical=plain, meaning=judged, mask=mask)
        return _Measured(view.ids, scores, signs)

    def _meaning(self, view: View, matrix: Matrix, texts: tuple[str, str]) -> Floats:
        """How close every entry is to each text; NaN where it has no vector yet."""
        encoder = self._encoders[matrix.encoder]
        read = {text: encoder.question(text) for text in texts}
        best = matrix.closeness(np.stack([read[text] for text in texts]))
        found = np.full((len(texts), len(view.ids)), np.nan, np.float32)
        found[:, np.searchsorted(view.ids, matrix.entries)] = best
        return found


@dataclass(frozen=True)
class _Measured:
    """Every entry with its score, and the signs that anything is close."""

    ids: npt.NDArray[np.int64]
    scores: Floats
    signs: Signs

    def best(self, top: int) -> list[tuple[int, float]]:
        """The entries with the best scores, best first; those that may not answer are left out."""
        order = np.argsort(-self.scores, kind="stable")[: top + len(self.ids[:5])]
        pairs = zip(self.ids[order].tolist(), self.scores[order].tolist(), strict=True)
        return [(number, score) for number, score in pairs if score > -np.inf]


def _others(
    desk: Desk, ranked: Sequence[tuple[int, float]], cited: Sequence[Answer]
) -> list[Answer]:
    """The ranked articles behind those that the question cites, each once."""
    there = {(one.valid.revision.law_id, one.article.num) for one in cited}
    found = ((entry(desk.connection, number), score) for number, score in ranked)
    return [
        desk.answer(one, score)
        for one, score in found
        if (one.law_id, one.article.num) not in there
    ]


def _cut(question: Question, found: Result) -> Result:
    """As many answers as were asked for."""
    return replace(found, answers=found.answers[: question.top])


def _law_id(view: View, law: str) -> str:
    found = view.catalogue.named(law)
    if found is None:
        near = difflib.get_close_matches(law, list(view.catalogue.titles.values()), n=3, cutoff=0.4)
        advice = f"; near: {', '.join(near)}" if near else ""
        raise QuestionError(f"no law is called {law[:80]}{advice}")
    return found
