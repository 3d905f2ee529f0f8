"""The measurement of a batch takes the whole way: a document goes in, messages lie in the box."""

from __future__ import annotations

import pytest

from bench.delivery import batch, mail_merge


def test_a_mail_merge_is_for_as_many_people_as_were_asked_for() -> None:
    document, listed = mail_merge(3)
    assert document.startswith(b"%PDF")
    assert len({one.atena_no for one in listed}) == 3


@pytest.mark.system
@pytest.mark.timeout(120)
def test_every_step_of_a_batch_is_measured() -> None:
    found = batch(3)
    steps = (found.upload, found.read, found.order, found.make, found.rest)
    assert min(steps) > 0
    assert sum(steps) == found.total
    assert 0 < found.signed < found.make
