"""What other sides answer is stored as it is: what no table takes is refused before that."""

import json

import pytest

from hub.messages.channels.calling import Answer, accepted
from hub.messages.channels.channel import (
    ChannelError,
    PermanentError,
    TemporaryError,
    UnknownOutcomeError,
)


@pytest.mark.parametrize(
    "body",
    [
        rb'{"reference": "\ud800"}',
        rb'{"reports": [{"key": "\udfff"}]}',
        b'{"reference": "\xed\xa0\x80"}',
        rb'{"reference": "\u0000"}',
        b"[" * 100_000,
        b"[]",
        b"",
    ],
)
def test_an_answer_that_cannot_be_stored_is_an_unknown_outcome(body: bytes):
    with pytest.raises(UnknownOutcomeError):
        accepted(Answer(200, {}, body))


def test_any_other_text_is_taken_as_it_is():
    body = '{"reference": "受付😀"}'.encode()
    assert accepted(Answer(200, {}, body)) == {"reference": "受付😀"}


UNKNOWN = {"key": "k-1", "error": "no_such_recipient"}


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize(
    ("body", "error"),
    [
        (json.dumps(UNKNOWN), PermanentError),
        ("", TemporaryError),
        ("<h1>Not Found</h1>", TemporaryError),
        ('{"detail": "Not Found"}', TemporaryError),
        (json.dumps(UNKNOWN | {"key": "k-2"}), TemporaryError),
        (json.dumps(UNKNOWN | {"error": "no_such_page"}), TemporaryError),
    ],
)
def test_an_address_is_dead_only_where_the_service_says_so(
    status: int, body: str, error: type[ChannelError]
):
    with pytest.raises(error) as raised:
        accepted(Answer(status, {}, body.encode()), "k-1")
    dead = error is PermanentError
    assert raised.value.reason == ("no_such_address" if dead else f"not_found_{status}")
    assert getattr(raised.value, "suppress", False) is dead


def test_a_server_that_is_not_the_service_refuses_nothing_for_good():
    with pytest.raises(TemporaryError, match="not_found_405"):
        accepted(Answer(405, {}, json.dumps(UNKNOWN).encode()), "k-1")


def test_nothing_sent_nobody_dead():
    with pytest.raises(TemporaryError):
        accepted(Answer(404, {}, json.dumps(UNKNOWN | {"key": ""}).encode()))
