"""Matrices as bytes: one scale for each output, 7 bits of the 8.

With 7 bits, sums of two products fit 16 bits on every processor: the labels are the same on those
with and without instructions made for bytes.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

LARGEST: Final = 63


def quantised(
    matrix: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """A matrix (inputs, outputs) as bytes, and the scale of every output."""
    scales = np.abs(matrix).max(axis=0) / LARGEST
    scales = np.where(scales > 0, scales, 1.0).astype(np.float32)
    return np.rint(matrix / scales).astype(np.int8), scales
