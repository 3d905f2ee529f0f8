"""Filters of the MJ list as masks over the rows of a gallery."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from intake.characters import mj_list, search

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from intake.characters.search import Filter


class Masks:
    """Masks of one gallery; the last few filters are kept, as a filter stays while one draws."""

    def __init__(self, numbers: NDArray[np.uint32]) -> None:
        """`numbers` are the digits of the MJ name of each row."""
        self._numbers = numbers
        self._rows: NDArray[np.int64] | None = None
        self._kept = lru_cache(maxsize=16)(self._made)

    def of(self, asked: Filter) -> NDArray[np.bool_]:
        """Which rows fit."""
        return self._kept(asked)

    def _made(self, asked: Filter) -> NDArray[np.bool_]:
        if self._rows is None:
            listed = np.array([int(row[2:8]) for row in mj_list.rows()], np.uint32)
            self._rows = np.searchsorted(listed, self._numbers)
        fitting = np.frombuffer(search.rows_fitting(asked), np.bool_)
        return np.append(fitting, np.False_)[self._rows]
