"""When an address that bounced is used again: on a new word of the resident, and only then."""

import pytest
from sqlalchemy import select

from hub.clock import now_us
from hub.messages.delivery.recipients import address_hash, reach
from hub.messages.delivery.registering import register
from hub.storage.tables import MessageSuppression
from tests.hub.messages.delivery.post import Post

WHO, ADDRESS = "100000000000001", "a@example.jp"
BOUNCED_US = now_us()


@pytest.fixture
def bounced(post: Post) -> Post:
    says(post)
    with post.database.writing() as session:
        session.add(
            MessageSuppression(
                channel="mail",
                address_sha256=address_hash(ADDRESS),
                reason="no_such_mailbox",
                since_us=BOUNCED_US,
            )
        )
    return post


def says(post: Post, address: str = ADDRESS, **how: bool | int) -> bool:
    """Register it; whether messages go there now."""
    with post.database.writing() as session:
        register(session, WHO, "mail", address, "somebody", **how)  # pyright: ignore[reportArgumentType]
        return reach(session, WHO).way("mail") is not None


def test_a_list_that_says_the_same_each_night_lifts_no_bounce(bounced: Post):
    assert [says(bounced) for _ in range(2)] == [False, False]
    assert not says(bounced, rank=2)


def test_a_person_who_writes_the_same_address_again_does(bounced: Post):
    assert says(bounced, by_person=True)


def test_noting_an_opt_out_uses_no_dead_address_again(bounced: Post):
    assert not says(bounced, by_person=True, opted_in=False)
    with bounced.database.reading() as session:
        assert session.scalars(select(MessageSuppression)).one()


def test_whoever_opts_in_again_is_written_to_again(bounced: Post):
    says(bounced, opted_in=False)
    assert says(bounced)


def test_another_address_is_used(bounced: Post):
    assert says(bounced, "b@example.jp")
    assert says(bounced), "and the old one, once the resident goes back to it"


@pytest.mark.parametrize(("later_us", "lifted"), [(-1, False), (1, True)])
def test_what_was_said_before_the_bounce_lifts_nothing(bounced: Post, later_us: int, lifted: bool):
    assert says(bounced, by_person=True, said_us=BOUNCED_US + later_us) is lifted
