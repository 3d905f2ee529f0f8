"""A pair model over the small body, with drawn weights, and the same computed plainly."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from hub.precedents.entailment.body import Body
from hub.precedents.entailment.layers import FROZEN, layer, normalised, positions
from hub.precedents.entailment.overlap import NAMES, overlap
from hub.precedents.entailment.tokens import Tokeniser
from models.training.entailment import graph

Floats = npt.NDArray[np.float32]
Weights = dict[str, Floats]
_erf = np.vectorize(math.erf, otypes=[np.float32])


def weights(body: Body, seed: int = 3) -> Weights:
    """The trained layers (those of the body from FROZEN on) and a drawn head."""
    random = np.random.default_rng(seed)
    width, inner = body.shape.width, 32

    def drawn(*size: int, spread: float = 0.2) -> Floats:
        return random.normal(0, spread, size).astype(np.float32)

    found = {
        "mark.second": drawn(width),
        "mark.shared": drawn(width),
        "head.w": drawn(5 * width + len(NAMES), inner, spread=0.1),
        "head.b": drawn(inner),
        "last.w": drawn(inner, 3),
        "last.b": drawn(3),
    }
    for number in range(FROZEN, body.shape.layers):
        found |= layer(body, number)
    return found


def model(body: Body, trained: Weights) -> bytes:
    """The pair model's file."""
    frozen: Weights = {}
    for number in range(FROZEN):
        frozen |= layer(body, number)
    return graph.model(body.shape, trained, frozen, len(NAMES)).SerializeToString()


def shares(body: Body, trained: Weights, premise: str, hypothesis: str) -> Floats:
    """The probabilities, computed in single precision without bytes."""
    packed = Tokeniser(body.vocabulary).pair(premise, hypothesis, body.shape.positions)
    second, shared = packed.marks()
    x = body.words(packed.numbers) + positions(body)[: len(packed.numbers)]
    x = normalised(x, body.floats("emb.ln.w"), body.floats("emb.ln.b"), body.shape.epsilon)
    everything = dict(trained)
    for number in range(body.shape.layers):
        if number < FROZEN:
            everything |= layer(body, number)
        if number == FROZEN:
            x = np.add(x, np.outer(second, trained["mark.second"]), dtype=np.float32)
            x = np.add(x, np.outer(shared, trained["mark.shared"]), dtype=np.float32)
        x = _layer(body, everything, x, str(number))
    first, last = x[second == 0].mean(axis=0), x[second == 1].mean(axis=0)
    parts = [x[0], first, last, abs(first - last), first * last, overlap(premise, hypothesis)]
    inner = _gelu(np.concatenate(parts) @ trained["head.w"] + trained["head.b"])
    raw = inner @ trained["last.w"] + trained["last.b"]
    powers = np.exp(raw - raw.max())
    return powers / powers.sum()


def _gelu(x: Floats) -> Floats:
    return 0.5 * x * (1 + _erf(x / math.sqrt(2)))


def _layer(body: Body, every: Weights, x: Floats, name: str) -> Floats:
    heads, epsilon = body.shape.heads, body.shape.epsilon

    def product(rows: Floats, part: str) -> Floats:
        return rows @ every[f"{name}.{part}.w"] + every[f"{name}.{part}.b"]

    def norm(rows: Floats, part: str) -> Floats:
        return normalised(rows, every[f"{name}.{part}.w"], every[f"{name}.{part}.b"], epsilon)

    q, k, v = (
        part.reshape(len(x), heads, -1).transpose(1, 0, 2)
        for part in np.split(product(x, "qkv"), 3, axis=1)
    )
    scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    seen = (powers / powers.sum(axis=-1, keepdims=True)) @ v
    x = norm(x + product(seen.transpose(1, 0, 2).reshape(len(x), -1), "out"), "norm1")
    return norm(x + product(_gelu(product(x, "up")), "down"), "norm2")
