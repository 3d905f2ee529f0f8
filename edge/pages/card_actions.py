"""What the pages ask of the card: the resident enters, the clerk chooses, allows and compares."""

from collections.abc import Awaitable, Callable, Mapping

from edge.errors import FieldError
from edge.pages.body import Body
from edge.session.card_steps import CardSteps, Entered
from edge.session.card_use import CardWay
from edge.session.counter_session import CounterSession
from intake.errors import IntakeError
from intake.notification import era

Result = dict[str, object]
Action = Callable[[Body], Awaitable[Result | None]]


def resident_card_actions(session: CounterSession) -> Mapping[str, Action]:
    """The resident's page; each secret is taken out of the request as it is used."""
    steps = CardSteps(session)

    async def read_card(body: Body) -> None:
        auth_pin = body.taken("auth_pin")
        text_pin = body.taken("text_pin") or auth_pin
        await steps.read(Entered(auth_pin, text_pin, body.taken("sign_password")))

    async def sign_by_card(body: Body) -> None:
        await steps.sign(body.taken("sign_password"))

    return {"read_card": read_card, "sign_by_card": sign_by_card}


def clerk_card_actions(session: CounterSession) -> Mapping[str, Action]:
    """The clerk's page."""
    steps = CardSteps(session)

    async def card_way(body: Body) -> None:
        try:
            steps.choose_way(CardWay(body.text("card_way")))
        except ValueError:
            raise FieldError("There is no such way to read a card") from None

    async def read_by_check_number(body: Body) -> None:
        try:
            born = era.parse(body.taken("birth_date").strip())
        except IntakeError:
            raise FieldError("The birth date on the card is a whole date") from None
        code = body.taken("security_code").strip()
        await steps.read_by_check_number(born, body.number("expiry_year"), code)

    async def allow_last_try(_body: Body) -> None:
        steps.allow_last_try()

    async def face_same(_body: Body) -> None:
        steps.judge_face(same=True)

    async def face_differs(_body: Body) -> None:
        steps.judge_face(same=False)

    async def waive_signature(_body: Body) -> None:
        steps.waive_signature()

    return {
        "card_way": card_way,
        "read_by_check_number": read_by_check_number,
        "allow_last_try": allow_last_try,
        "face_same": face_same,
        "face_differs": face_differs,
        "waive_signature": waive_signature,
    }
