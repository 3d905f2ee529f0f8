"""The names of a layer's tensors, and the lower layers as the encoder package has them.

Query, key and value are one matrix. The pair model's file leaves the lower layers out; they are
unpacked from the package when it is loaded.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hub.precedents.entailment.body import Body, Floats
from hub.precedents.entailment.quantised import quantised

FROZEN: Final = 4  # lower layers that were not trained
MATRICES: Final = ("qkv", "out", "up", "down")
NORMS: Final = ("norm1", "norm2")
_THEIRS: Final = {"out": "ao", "up": "fi", "down": "fo", "norm1": "aln", "norm2": "oln"}


def layer(body: Body, number: int) -> dict[str, Floats]:
    """A layer's tensors by their names; matrices (inputs, outputs)."""
    width = body.shape.width
    joined = [body.matrix(f"l{number}.{part}.w", width).T for part in "qkv"]
    found = {
        f"{number}.qkv.w": np.ascontiguousarray(np.concatenate(joined, axis=1)),
        f"{number}.qkv.b": np.concatenate([body.floats(f"l{number}.{part}.b") for part in "qkv"]),
    }
    for ours, inputs in (("out", width), ("up", width), ("down", body.shape.inner)):
        matrix = body.matrix(f"l{number}.{_THEIRS[ours]}.w", inputs).T
        found[f"{number}.{ours}.w"] = np.ascontiguousarray(matrix)
        found[f"{number}.{ours}.b"] = body.floats(f"l{number}.{_THEIRS[ours]}.b")
    for ours in NORMS:
        for part in "wb":
            found[f"{number}.{ours}.{part}"] = body.floats(f"l{number}.{_THEIRS[ours]}.{part}")
    return found


def stored(tensors: dict[str, Floats]) -> dict[str, npt.NDArray[Any]]:
    """The tensors as the pair model keeps them: matrices of layers as bytes and scales."""
    found: dict[str, npt.NDArray[Any]] = {}
    for name, value in tensors.items():
        if name.split(".")[-2] in MATRICES and name.endswith(".w"):
            found[f"{name}.bytes"], found[f"{name}.scales"] = quantised(value)
        else:
            found[name] = value
    return found


def positions(body: Body) -> Floats:
    """What is added to the word vector at each position."""
    width = body.shape.width
    return body.floats("emb.pos").reshape(-1, width) + body.floats("emb.type")[:width]


def normalised(rows: Floats, weights: Floats, shifts: Floats, epsilon: float) -> Floats:
    """Every row with mean 0 and deviation 1, then scaled and shifted."""
    centred = rows - rows.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + epsilon)
    return (centred / spread * weights + shifts).astype(np.float32)
