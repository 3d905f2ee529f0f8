"""The trained pair model as an ONNX graph for one pair: bytes for matrices, the rest floats.

The lower layers are named but left out (external); the hub puts them in from the package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from hub.precedents.entailment.layers import FROZEN, stored
from hub.precedents.entailment.quantised import ZERO

if TYPE_CHECKING:
    from onnx import ModelProto

    from hub.precedents.entailment.body import Shape

CONTRIBUTED = "com.microsoft"


class Graph:
    """Nodes and weights as they are added; every method returns the name of what it made."""

    def __init__(self, shape: Shape, kept: dict[str, np.ndarray], left_out: dict) -> None:
        self.shape, self.kept, self.left_out = shape, kept, left_out
        self.nodes: list = []
        self.weights: dict[str, np.ndarray] = {}
        self.external: dict[str, np.ndarray] = {}

    def add(self, kind: str, inputs: list[str], domain: str = "", **options: object) -> str:
        """A node with one output."""
        [name] = self.add_many(kind, inputs, 1, domain, **options)
        return name

    def add_many(
        self, kind: str, inputs: list[str], outputs: int, domain: str = "", **options: object
    ) -> list[str]:
        """A node with several outputs."""
        names = [f"n{len(self.nodes)}.{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **options))
        return names

    def weight(self, name: str) -> str:
        """A weight by its name, kept in the file or left out."""
        if name in self.left_out:
            self.external[name] = self.left_out[name]
        else:
            self.weights[name] = self.kept[name]
        return name

    def constant(self, name: str, value: np.ndarray) -> str:
        """A constant of the graph's own."""
        self.weights[name] = value
        return name

    def zeros(self, outputs: int) -> str:
        """What stands for zero in the bytes of so many outputs."""
        return self.constant(f"zeros.{outputs}", np.full(outputs, ZERO, np.uint8))

    def product(self, x: str, name: str) -> str:
        """A dense layer in bytes.

        Every token's row is brought to at most 1 before: one token with large values would else
        leave the others a few steps of the scale that all share.
        """
        least = self.constant("least", np.array(1e-9, np.float32))
        largest = self.add("ReduceMax", [self.add("Abs", [x])], axes=[-1], keepdims=1)
        largest = self.add("Max", [largest, least])
        weights = [self.weight(f"{name}.w.bytes"), self.weight(f"{name}.w.scales")]
        weights.append(self.zeros((self.kept | self.left_out)[weights[1]].size))
        rows = self.add("Div", [x, largest])
        made = self.add("DynamicQuantizeMatMul", [rows, *weights], CONTRIBUTED)
        return self.add("Add", [self.add("Mul", [made, largest]), self.weight(f"{name}.b")])

    def norm(self, x: str, added: str, name: str) -> str:
        """Layer normalisation of a sum."""
        total = self.add("Add", [x, added])
        weights = [self.weight(f"{name}.w"), self.weight(f"{name}.b")]
        return self.add("LayerNormalization", [total, *weights], epsilon=self.shape.epsilon)

    def gelu(self, x: str) -> str:
        """The activation, by tanh: a third of the time of the exact one, the same labels."""
        return self.add("FastGelu", [x], CONTRIBUTED)

    def layer(self, x: str, number: int) -> str:
        """One layer of the body."""
        parts = self.add_many("Split", [self.product(x, f"{number}.qkv")], 3, axis=-1)
        seen = self.add("MultiHeadAttention", parts, CONTRIBUTED, num_heads=self.shape.heads)
        x = self.norm(x, self.product(seen, f"{number}.out"), f"{number}.norm1")
        inner = self.gelu(self.product(x, f"{number}.up"))
        return self.norm(x, self.product(inner, f"{number}.down"), f"{number}.norm2")

    def mean(self, x: str, mask: str) -> str:
        """The mean of the rows that a mask marks."""
        axis = self.constant("rows", np.array([1], np.int64))
        total = self.add("ReduceSum", [self.add("Mul", [x, mask]), axis], keepdims=0)
        return self.add("Div", [total, self.add("ReduceSum", [mask, axis], keepdims=0)])

    def marked(self, x: str) -> str:
        """The marks of the second text and of shared tokens added."""
        for mask in ("second", "shared"):
            x = self.add("Add", [x, self.add("Mul", [mask, self.weight(f"mark.{mask}")])])
        return x

    def head(self, x: str) -> str:
        """The outputs from the last layer."""
        one = self.constant("one", np.array(1, np.float32))
        first = self.mean(x, self.add("Sub", [one, "second"]))
        second = self.mean(x, "second")
        start = self.constant("start", np.array(0, np.int64))
        parts = [
            self.add("Gather", [x, start], axis=1),
            first,
            second,
            self.add("Abs", [self.add("Sub", [first, second])]),
            self.add("Mul", [first, second]),
            "overlap",
        ]
        joined = self.add("Concat", parts, axis=1)
        inner = self.add("Gemm", [joined, self.weight("head.w"), self.weight("head.b")])
        inner = self.gelu(inner)
        return self.add("Gemm", [inner, self.weight("last.w"), self.weight("last.b")])


def model(
    shape: Shape, trained: dict[str, np.ndarray], frozen: dict[str, np.ndarray], measures: int
) -> ModelProto:
    """The graph of a trained model; `frozen` are the layers that stay in the package."""
    graph = Graph(shape, stored(trained), stored(frozen))
    x = "x"
    for number in range(shape.layers):
        if number == FROZEN:
            x = graph.marked(x)
        x = graph.layer(x, number)
    graph.nodes.append(helper.make_node("Identity", [graph.head(x)], ["outputs"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, size)
        for name, size in (
            ("x", [1, "tokens", shape.width]),
            ("second", [1, "tokens", 1]),
            ("shared", [1, "tokens", 1]),
            ("overlap", [1, measures]),
        )
    ]
    weights = [numpy_helper.from_array(value, name) for name, value in graph.weights.items()]
    weights += [_external(name, value) for name, value in graph.external.items()]
    outputs = [helper.make_tensor_value_info("outputs", TensorProto.FLOAT, [1, "kinds"])]
    made = helper.make_model(
        helper.make_graph(graph.nodes, "entailment", inputs, outputs, weights),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(CONTRIBUTED, 1)],
        producer_name="madoguchi",
    )
    made.ir_version = 9
    return made


def _external(name: str, value: np.ndarray) -> TensorProto:
    """A weight that is named and measured, and lies elsewhere."""
    tensor = TensorProto(
        name=name,
        dims=value.shape,
        data_type=helper.np_dtype_to_tensor_dtype(value.dtype),
        data_location=TensorProto.EXTERNAL,
    )
    for key, content in (("location", "package"), ("offset", "0"), ("length", str(value.nbytes))):
        tensor.external_data.add(key=key, value=content)
    return tensor
