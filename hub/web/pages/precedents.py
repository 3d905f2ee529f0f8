"""Asking the precedents: one box, the answers as they come, each with its grounds.

Questions come by POST only: no address, log or history of a browser holds one.
"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import StreamingResponse

from hub.accounts.sessions import LoggedIn
from hub.clock import local_date
from hub.errors import BadRequestError, HubError
from hub.precedents.article import Kind
from hub.precedents.errors import QuestionError
from hub.precedents.overview import Overview, overview
from hub.precedents.question import LONGEST, Question
from hub.precedents.readings import is_foreign
from hub.precedents.store import Store
from hub.web.context import office_of, page, words
from hub.web.precedents_view import answer_views
from hub.web.security import PRECEDENT_READERS_ONLY, FormVisitor, Visitor
from intake.notification.rules import RULES
from intake.notification.rules.sentences import title

router = APIRouter(dependencies=[PRECEDENT_READERS_ONLY])
TOP: Final = 10
MORE: Final = 30
SUGGESTED: Final = 4


@dataclass(frozen=True)
class Asked:
    """What the form holds."""

    text: str
    on: str
    law: str
    kinds: tuple[str, ...]
    top: int

    def question(self, today: dt.date) -> Question:
        """The question to ask; BadRequestError for a day or kind that there is not."""
        try:
            day = dt.date.fromisoformat(self.on) if self.on else today
            kinds = frozenset(Kind(kind) for kind in self.kinds)
        except ValueError:
            raise BadRequestError("the form holds a day or a kind that there is not") from None
        laws = (self.law,) if self.law else ()
        return Question(self.text, day, top=self.top, laws=laws, kinds=kinds)


def asked(
    *,
    question: Annotated[str, Form()] = "",
    on: Annotated[str, Form()] = "",
    law: Annotated[str, Form()] = "",
    narrow: Annotated[str, Form()] = "",
    kind: Annotated[list[str] | None, Form()] = None,
    top: Annotated[int, Form()] = TOP,
) -> Asked:
    """The form's fields; `narrow` is the law of a suggestion that was pressed."""
    return Asked(
        text=question.replace("\r\n", "\n").strip(),
        on=on.strip(),
        law=(narrow or law).strip()[:300],
        kinds=tuple(kind or ()),
        top=min(max(top, 1), MORE),
    )


AskedForm = Annotated[Asked, Depends(asked)]


@router.get("/precedents")
def show_box(request: Request, visitor: Visitor) -> Response:
    """The box, and what the collection holds."""
    return _whole(request, visitor, Asked("", "", "", (), TOP), {})


@router.post("/precedents")
def ask(request: Request, visitor: FormVisitor, form: AskedForm) -> Response:
    """The whole page with the answers, for a browser without script."""
    if not form.text:
        return _whole(request, visitor, form, {"problem": "empty"})
    return _whole(request, visitor, form, _last(request, form))


@router.post("/precedents/context")
def ask_with_context(
    request: Request,
    visitor: FormVisitor,
    procedure: Annotated[str, Form()],
    rule: Annotated[str, Form()],
) -> Response:
    """The page with the question that a finding of a notification leads to.

    Only the procedure and the rule are told, never what the notification holds.
    """
    text = question_of(words(request).sentence(f"procedure.{procedure}"), rule)
    form = Asked(text, "", "", (), TOP)
    return _whole(request, visitor, form, _last(request, form))


def question_of(procedure: str | None, rule_id: str) -> str:
    """The question for a rule in a procedure; BadRequestError for one that we do not know."""
    known = {rule.rule_id: rule for rule in RULES}
    if procedure is None or rule_id not in known:
        raise BadRequestError("there is no such procedure or rule")
    article = known[rule_id].article
    cited = f"（{article}）" if article else ""
    return f"{procedure}　{title(rule_id, 'ja')}{cited}"


@router.post("/precedents/answers")
def stream_answers(request: Request, visitor: FormVisitor, form: AskedForm) -> Response:
    """The answers by words, then by meaning, then re-ranked: a line of JSON with HTML each."""
    return StreamingResponse(
        _streamed(request, visitor, form), media_type="application/x-ndjson; charset=utf-8"
    )


def _streamed(request: Request, visitor: LoggedIn, form: Asked) -> Iterator[str]:
    for view in _stages(request, form):
        answer = page(request, "precedents/answers.html", visitor, form=form, **view)
        stage = view.get("stage", "problem")
        html = bytes(answer.body).decode()
        yield json.dumps({"stage": stage, "html": html}, ensure_ascii=False) + "\n"
    yield json.dumps({"stage": "done", "html": ""}) + "\n"


def _last(request: Request, form: Asked) -> dict[str, Any]:
    """The view of the last stage."""
    return list(_stages(request, form))[-1] | {"final": True}


def _stages(request: Request, form: Asked) -> Iterator[dict[str, Any]]:
    """A view for each stage; what goes wrong becomes the view of a problem.

    Every view but the last may be replaced, so only the last says that nothing is close.
    """
    office = office_of(request)
    assistant = office.precedents
    pending: dict[str, Any] | None = None
    try:
        if not assistant.store.is_file():
            yield {"problem": "no_collection"}
            return
        with Store(assistant.store) as store:
            about = overview(store)
            question = form.question(local_date(office.clock()))
            for staged in assistant.search.ask(question):
                if pending is not None:
                    yield pending
                pending = _view(store, about, staged.stage, staged.result, form)
        if pending is not None:
            yield pending | {"final": True}
    except QuestionError:
        yield {"problem": "too_long" if len(form.text) > LONGEST else "no_such_law"}
    except HubError as error:
        yield {"problem": "failed", "code": error.code}


def _view(
    store: Store, about: Overview, stage: str, result: dict[str, Any], form: Asked
) -> dict[str, Any]:
    narrower = [law for law in result["suggested_laws"] if law in about.titles and law != form.law]
    return {
        "stage": stage,
        "result": result,
        "answers": answer_views(store, result),
        "suggested": narrower[:SUGGESTED],
        "more": MORE if len(result["answers"]) == form.top < MORE else None,
        "foreign": is_foreign(form.text),
    }


def _whole(request: Request, visitor: LoggedIn, form: Asked, view: dict[str, Any]) -> Response:
    office = office_of(request)
    assistant = office.precedents
    about: Overview | None = None
    if assistant.store.is_file():
        with Store(assistant.store) as store:
            about = overview(store)
    return page(
        request,
        "precedents/ask.html",
        visitor,
        form=form,
        about=about,
        kinds=tuple(Kind),
        longest=LONGEST,
        today=local_date(office.clock()).isoformat(),
        ready=assistant.search.ready,
        encoding=assistant.encoding.state,
        **view,
    )
