"""Pieces are found as in a dictionary, whatever they end with."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hub.precedents.entailment.pieces import Pieces

PIECES = st.text("aZ1 (\u2581走るé", min_size=1, max_size=4).map(str.encode)


@given(st.lists(st.tuples(PIECES, st.booleans()), max_size=30), st.lists(PIECES, max_size=10))
def test_the_first_number_of_every_piece_is_found_and_nothing_else(
    pieces: list[tuple[bytes, bool]], asked: list[bytes]
) -> None:
    known: dict[bytes, int] = {}
    for number, (piece, kept) in enumerate(pieces):
        if kept:
            known.setdefault(piece, number)
    starts = np.array([0, *accumulate(len(piece) for piece, _ in pieces)], np.int64)
    text = b"".join(piece for piece, _ in pieces)
    wanted = np.flatnonzero(np.array([kept for _, kept in pieces], np.bool_))
    found = Pieces(text, starts, wanted)
    for piece in [*asked, *(piece for piece, _ in pieces)]:
        assert found.get(piece) == known.get(piece)
    assert found.longest == max(map(len, known), default=0)
