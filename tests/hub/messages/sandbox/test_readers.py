"""The office's pool of children: started when it is needed, ended with the office."""

from hub.messages.documents.result import Opened
from hub.messages.sandbox.readers import Readers
from tests.hub.messages.samples import NOTICES


def test_children_start_with_the_first_document_and_end_with_the_office():
    readers = Readers(1)
    readers.close()  # nothing was started
    pool = readers.pool()
    assert readers.pool() is pool
    assert pool.read((NOTICES / "rl-01-cid-h.pdf").read_bytes()).opened is Opened.OK
    assert pool.kind is readers.confinement
    readers.close()
    assert readers.pool() is not pool
    readers.close()
