"""What can be known of the card on the reader before any PIN, and what will be asked for then.

Nothing is asked of the resident before the card has said how many tries are left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from drivers.card_reader.card_reading import CardReading
from drivers.card_reader.outcomes import Outcome
from drivers.card_reader.profile import Secret
from edge.session.card_use import CardWay


class AskState(StrEnum):
    """Whether a PIN can be asked for now."""

    ASK = "ask"
    ONE_LEFT = "one_left"  # only after the clerk's override
    BLOCKED = "blocked"
    ABSENT = "absent"  # the card has no signing certificate, so nobody asks for its password


ASKED: Final[Mapping[CardWay, tuple[Secret, ...]]] = {
    CardWay.PIN: (Secret.AUTH, Secret.TEXT),
    CardWay.CERTIFICATE: (Secret.AUTH, Secret.TEXT, Secret.SIGN),
    CardWay.CHECK_NUMBER: (Secret.B_CODE,),
    CardWay.SIGNATURE: (Secret.SIGN,),
}
ONE: Final = 1
PHONES: Final = frozenset({"android", "iphone"})
UNKNOWN_KIND: Final = "unknown"


@dataclass(frozen=True)
class CardSeen:
    """One card as it lay there at `insertion`; `outcome` is not ok when it could not be looked at.

    `tries_left` is by secret (auth, text, sign, b_code).
    """

    insertion: int
    outcome: Outcome
    kind: str = UNKNOWN_KIND
    has_signing_certificate: bool = True
    tries_left: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def is_phone(self) -> bool:
        """Whether it is a phone, which shows nothing before its PIN."""
        return self.kind in PHONES


@dataclass(frozen=True)
class Ask:
    """One PIN that the way of reading needs: its name, the tries left, whether to ask for it."""

    pin: str
    tries: int | None
    state: AskState


def seen_by(insertion: int, reading: CardReading) -> CardSeen:
    """What a reading without any wish has said of the card."""
    return CardSeen(
        insertion,
        reading.outcome,
        reading.kind or UNKNOWN_KIND,
        reading.has_signing_certificate is not False,
        dict(reading.tries_left),
    )


def asks(seen: CardSeen, way: CardWay, *, allow_last_try: bool) -> tuple[Ask, ...]:
    """What is asked for on the way given, in order; a card without such a PIN is not asked."""
    return tuple(
        _ask(seen, secret, allow_last_try=allow_last_try)
        for secret in ASKED[way]
        if secret in seen.tries_left or secret is Secret.SIGN
    )


def _ask(seen: CardSeen, secret: Secret, *, allow_last_try: bool) -> Ask:
    tries = seen.tries_left.get(secret)
    if tries is None:
        return Ask(secret, None, AskState.ABSENT)
    if tries == 0:
        return Ask(secret, tries, AskState.BLOCKED)
    if tries == ONE and not allow_last_try:
        return Ask(secret, tries, AskState.ONE_LEFT)
    return Ask(secret, tries, AskState.ASK)
