"""The key of a delivery: the same one is accepted once, another one never by mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import BadRequestError, DeliveryConflictError
from hub.messages.delivery.outgoing import delivery_key, message_id
from tests.hub.messages.delivery.post import Obeying, Post, outgoing

PARTS = st.tuples(
    st.text(max_size=4), st.text(max_size=4), st.text(max_size=4), st.none() | st.text(max_size=4)
)


def test_the_same_delivery_is_accepted_once(post: Post, box: Obeying):
    post.registers("100000000000001", "box")
    first, second = post.accept(outgoing()), post.accept(outgoing())
    assert first == second
    post.wait(0)
    assert post.accept(outgoing()) == first
    post.wait(0)
    assert len(box.taken) == 1
    assert box.taken[0].message_id == outgoing().message_id == message_id(outgoing().key)


def test_another_text_under_the_same_number_is_refused(post: Post):
    post.accept(outgoing())
    with pytest.raises(DeliveryConflictError):
        post.accept(outgoing(text=b"another"))


def test_without_a_number_the_text_tells_messages_apart(post: Post):
    numbers = {post.accept(outgoing(number=None, text=text)) for text in (b"a", b"b", b"a")}
    assert len(numbers) == 2


@given(PARTS, PARTS)
def test_different_parts_never_give_the_same_key(
    one: tuple[str, str, str, str | None], other: tuple[str, str, str, str | None]
):
    same = delivery_key(*one, bytes(32)) == delivery_key(*other, bytes(32))
    assert same == (one == other)


def test_a_number_that_looks_like_a_hash_is_not_taken_for_one():
    digest = bytes(32)
    by_text = delivery_key("1", "k", "a", None, digest)
    assert by_text != delivery_key("1", "k", "a", digest.hex(), digest)


@pytest.mark.parametrize("number", ["", "x" * 129])
def test_what_does_not_fit_is_refused(post: Post, number: str):
    with pytest.raises(BadRequestError):
        post.accept(outgoing(number=number))
