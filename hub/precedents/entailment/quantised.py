"""Matrices as bytes: one scale for each output, values from -127 to 127 kept 128 higher.

Bytes without a sign: of products with signed ones, processors without instructions made for bytes
add two in 16 bits, which overflow, and give other labels. Of these they add each in 32.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

LARGEST: Final = 127
ZERO: Final = 128


def quantised(
    matrix: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """A matrix (inputs, outputs) as bytes, and the scale of every output."""
    scales = np.abs(matrix).max(axis=0) / LARGEST
    scales = np.where(scales > 0, scales, 1.0).astype(np.float32)
    return (np.rint(matrix / scales) + ZERO).astype(np.uint8), scales
