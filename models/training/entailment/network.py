"""The pair model for training: the encoder's body, its upper layers trained, and a small head.

Matrix products run in bfloat16, everything else in single precision. What `hub` computes is the
same network (`graph`); a check compares both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from hub.precedents.entailment import layers
from hub.precedents.entailment.layers import FROZEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.precedents.entailment.body import Body

HEAD = 256
OUTPUTS = 3  # entailment, neutral, contradiction
DROPOUT = 0.1


@dataclass(frozen=True)
class Batch:
    """Inputs padded to one length, and what is known of them."""

    words: np.ndarray  # (n, length, width): word vectors
    real: np.ndarray  # (n, length): 1 for a token, 0 for padding
    second: np.ndarray  # (n, length): 1 for tokens of the second text
    shared: np.ndarray  # (n, length): 1 for tokens that the other text has too
    overlap: np.ndarray  # (n, measures)


def body_parameters(body: Body) -> dict[str, np.ndarray]:
    """Every tensor of the body by name."""
    found = {
        "position": layers.positions(body),
        "norm.w": body.floats("emb.ln.w"),
        "norm.b": body.floats("emb.ln.b"),
    }
    for number in range(body.shape.layers):
        found |= layers.layer(body, number)
    return found


def head_parameters(width: int, measures: int, seed: int) -> dict[str, np.ndarray]:
    """A fresh head."""
    random = np.random.default_rng(seed)
    inputs = 5 * width + measures

    def drawn(*shape: int, spread: float) -> np.ndarray:
        return random.normal(0, spread, shape).astype(np.float32)

    return {
        "mark.second": drawn(width, spread=0.02),
        "mark.shared": drawn(width, spread=0.02),
        "head.w": drawn(inputs, HEAD, spread=1 / math.sqrt(inputs)),
        "head.b": np.zeros(HEAD, np.float32),
        "last.w": drawn(HEAD, OUTPUTS, spread=1 / math.sqrt(HEAD)),
        "last.b": np.zeros(OUTPUTS, np.float32),
    }


class Network:
    """Parameters by name and the computation over them."""

    def __init__(self, parameters: dict[str, np.ndarray], depth: int, heads: int) -> None:
        self.layers, self.heads = depth, heads
        self.all = {
            name: tf.Variable(value, trainable=trained(name), name=name.replace(".", "_"))
            for name, value in parameters.items()
        }

    def variables(self) -> Iterator[tuple[str, tf.Variable]]:
        """The trained ones, by name."""
        return ((name, one) for name, one in self.all.items() if trained(name))

    def product(self, x: tf.Tensor, name: str) -> tf.Tensor:
        """A dense layer, the product in bfloat16."""
        weights = self.all[f"{name}.w"]
        shape = tf.shape(x)
        flat = tf.cast(tf.reshape(x, (-1, x.shape[-1])), tf.bfloat16)
        weights = tf.cast(weights, tf.bfloat16)
        made = tf.cast(tf.matmul(flat, weights), tf.float32) + self.all[f"{name}.b"]
        return tf.reshape(made, tf.concat([shape[:-1], [weights.shape[1]]], 0))

    def norm(self, x: tf.Tensor, name: str) -> tf.Tensor:
        """Layer normalisation."""
        mean = tf.reduce_mean(x, -1, keepdims=True)
        spread = tf.reduce_mean(tf.math.squared_difference(x, mean), -1, keepdims=True)
        return (x - mean) * tf.math.rsqrt(spread + 1e-12) * self.all[f"{name}.w"] + self.all[
            f"{name}.b"
        ]

    def layer(self, x: tf.Tensor, bias: tf.Tensor, name: str, dropout: float) -> tf.Tensor:
        """Attention and feed-forward, each with its residual."""
        n, length, width = tf.shape(x)[0], tf.shape(x)[1], x.shape[-1]
        qkv = self.product(x, f"{name}.qkv")
        parts = tf.reshape(qkv, (n, length, 3, self.heads, width // self.heads))
        q, k, v = tf.unstack(tf.transpose(parts, (2, 0, 3, 1, 4)))
        weights = tf.matmul(q, k, transpose_b=True) / math.sqrt(width // self.heads) + bias
        seen = tf.matmul(tf.nn.softmax(weights), v)
        seen = tf.reshape(tf.transpose(seen, (0, 2, 1, 3)), (n, length, width))
        added = _dropped(self.product(seen, f"{name}.out"), dropout)
        x = self.norm(x + added, f"{name}.norm1")
        inner = tf.nn.gelu(self.product(x, f"{name}.up"))
        added = _dropped(self.product(inner, f"{name}.down"), dropout)
        return self.norm(x + added, f"{name}.norm2")

    def outputs(self, batch: tuple[tf.Tensor, ...], dropout: float = 0.0) -> tf.Tensor:
        """(n, OUTPUTS) of a batch's fields in their order."""
        words, real, second, shared, overlap = batch
        bias = (1 - real)[:, None, None, :] * -1e9
        x = self.norm(words + self.all["position"][: tf.shape(words)[1]], "norm")
        for layer in range(self.layers):
            if layer == FROZEN:
                x = tf.stop_gradient(x)
                x += second[:, :, None] * self.all["mark.second"]
                x += shared[:, :, None] * self.all["mark.shared"]
            x = self.layer(x, bias, str(layer), dropout if layer >= FROZEN else 0.0)
        return self.head(x, real, second, overlap, dropout)

    def head(
        self,
        x: tf.Tensor,
        real: tf.Tensor,
        second: tf.Tensor,
        overlap: tf.Tensor,
        dropout: float,
    ) -> tf.Tensor:
        """The first token, the means of both texts, their difference and product, the overlap."""
        one, two = (_mean(x, mask) for mask in (real - second, second))
        joined = tf.concat([x[:, 0], one, two, tf.abs(one - two), one * two, overlap], -1)
        inner = tf.nn.gelu(_dropped(joined, dropout) @ self.all["head.w"] + self.all["head.b"])
        return _dropped(inner, dropout) @ self.all["last.w"] + self.all["last.b"]


def trained(name: str) -> bool:
    """Whether a parameter is trained: the head, the marks, and the layers from FROZEN on."""
    first = name.split(".", 1)[0]
    return first in {"mark", "head", "last"} or (first.isdigit() and int(first) >= FROZEN)


def _mean(x: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    total = tf.reduce_sum(x * mask[:, :, None], 1)
    return total / tf.reduce_sum(mask, 1, keepdims=True)


def _dropped(x: tf.Tensor, share: float) -> tf.Tensor:
    return tf.nn.dropout(x, share) if share else x
