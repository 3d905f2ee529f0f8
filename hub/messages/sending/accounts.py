"""The ledger's sums as a page draws them: bars by channel, money spent and saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.messages.delivery.ledger import RETURNED, SENT, Line

WIDTH: Final = 1000


@dataclass(frozen=True)
class Bar:
    """Messages by one channel; `width` of the longest bar, in per mille."""

    channel: str
    count: int
    paper: bool
    postage_yen: int
    print_yen: int
    width: int


@dataclass(frozen=True)
class Account:
    """The ledger. Yen: spent on letters, and saved because no letter was needed."""

    bars: tuple[Bar, ...]
    returned: int
    spent_yen: int
    saved_postage_yen: int
    saved_print_yen: int

    @property
    def saved_yen(self) -> int:
        """Postage and print together."""
        return self.saved_postage_yen + self.saved_print_yen


def account_of(lines: Sequence[Line]) -> Account:
    """The sums, the channel with most messages first."""
    sent = sorted((one for one in lines if one.what == SENT), key=lambda one: -one.count)
    most = max((one.count for one in sent), default=1)
    saved = [one for one in sent if not one.paper]
    return Account(
        bars=tuple(
            Bar(
                one.channel,
                one.count,
                one.paper,
                one.postage_yen,
                one.print_yen,
                max(1, one.count * WIDTH // most),
            )
            for one in sent
        ),
        returned=sum(one.count for one in lines if one.what == RETURNED),
        spent_yen=sum(one.postage_yen + one.print_yen for one in sent if one.paper),
        saved_postage_yen=sum(one.postage_yen for one in saved),
        saved_print_yen=sum(one.print_yen for one in saved),
    )
