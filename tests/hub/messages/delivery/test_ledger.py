"""The ledger's sums: a message saves one letter at most, and none when it went by letter."""

import pytest

from hub.messages.channels.channel import PermanentError, ReceiptKind
from hub.messages.delivery.ledger import SENT, sums
from hub.messages.delivery.registering import Wishes
from hub.messages.delivery.rules import Rules
from tests.hub.messages.delivery.post import DAY, HOME, TRAITS, Obeying, Post, outgoing

WHO, BATCH = "100000000000001", "7"


def yen(post: Post, batch: str | None = BATCH) -> dict[str, tuple[int, int]]:
    """How many lines of a channel there are, and what they add up to."""
    with post.database.reading() as session:
        found = sums(session, Rules(TRAITS), batch)
    return {
        one.channel: (one.count, one.postage_yen + one.print_yen)
        for one in found
        if one.what == SENT
    }


@pytest.fixture
def sent(post: Post) -> Post:
    """A message of a batch that lies unread in the resident's box."""
    post.registers(WHO, "box", "mail")
    post.wishes(WHO, Wishes(postal=HOME))
    post.accept(outgoing(batch=BATCH))
    post.wait(0)
    return post


def written(post: Post) -> list[tuple[str, int]]:
    return [(one.channel, one.postage_yen + one.print_yen) for one in post.ledger()]


def test_a_message_in_the_box_saves_a_letter(sent: Post):
    count, saved = yen(sent)["box"]
    assert count == 1
    assert saved > 0
    assert yen(sent, None) == yen(sent)


def test_what_went_by_letter_after_all_saved_nothing(sent: Post, mail: Obeying, paper: Obeying):
    mail.always = lambda: PermanentError("full")
    before = written(sent)
    for _ in range(11):
        sent.wait(DAY)
    assert len(paper.taken) == 1
    spent = dict(written(sent))["paper"]
    assert spent > 0
    for batch in (BATCH, None):
        assert yen(sent, batch) == {"box": (1, 0), "paper": (1, spent)}
    assert written(sent)[:1] == before, "lines stay as they were written"


def test_a_second_channel_saves_no_second_letter(sent: Post, box: Obeying, mail: Obeying):
    saved = yen(sent)["box"][1]
    box.report(ReceiptKind.REFUSED)
    sent.wait(0)
    assert len(mail.taken) == 1
    assert yen(sent) == {"box": (1, 0), "mail": (1, saved)}


def test_each_message_counts_by_itself(sent: Post, box: Obeying):
    saved = yen(sent)["box"][1]
    sent.accept(outgoing(number="税-2", batch=BATCH))
    sent.accept(outgoing(number="税-3", batch="8"))
    sent.wait(0)
    assert len(box.taken) == 3
    assert yen(sent)["box"] == (2, 2 * saved)
    assert yen(sent, None)["box"] == (3, 3 * saved)
