"""Whether an answer helped: kept for evaluation, with the question only when the clerk agrees."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from hub.errors import BadRequestError
from hub.precedents.verdicts import Verdict, keep
from hub.web.context import office_of, page
from hub.web.security import PRECEDENT_READERS_ONLY, FormVisitor

router = APIRouter(dependencies=[PRECEDENT_READERS_ONLY])
ANSWERS = {"yes": True, "no": False}
LONGEST_PART = 64


@router.post("/precedents/verdicts")
def give_verdict(
    request: Request,
    visitor: FormVisitor,
    verdict: Annotated[str, Form()],
    on: Annotated[str, Form()],
    generation: Annotated[int, Form()],
    *,
    question: Annotated[str, Form()] = "",
    keep_question: Annotated[str, Form()] = "",
) -> Response:
    """Keep one verdict. A script gets JSON, a browser without one a page that says it is kept."""
    given = read_verdict(verdict, on, generation, question if keep_question == "yes" else None)
    keep(office_of(request).journal, given, visitor.staff.login)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"ok": True})
    return page(request, "precedents/kept.html", visitor)


def read_verdict(text: str, on: str, generation: int, question: str | None) -> Verdict:
    """The verdict that a button says as `yes|1|law id|num`; BadRequestError for another form."""
    parts = text.split("|", 3)
    if (
        len(parts) != len(("answer", "place", "law", "num"))
        or parts[0] not in ANSWERS
        or not parts[1].isdecimal()
        or max(map(len, parts[1:])) > LONGEST_PART
        or not 0 <= generation < 2**31
    ):
        raise BadRequestError("this is no verdict")
    helped, place, law_id, num = parts
    return Verdict(law_id, num, int(place[:6]), ANSWERS[helped], on[:10], generation, question)
