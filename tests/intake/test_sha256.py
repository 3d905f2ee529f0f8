"""The same digests as hashlib's, whichever implementation is at hand."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from intake.sha256 import sha256_hex


@given(st.binary(max_size=500))
def test_digests_are_those_of_hashlib(data: bytes) -> None:
    assert sha256_hex(data) == hashlib.sha256(data).hexdigest()
