"""What other sides answer is stored as it is: what no table takes is refused before that."""

import pytest

from hub.messages.channels.calling import Answer, accepted
from hub.messages.channels.channel import UnknownOutcomeError


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
