"""Write the trained pair model for the hub, and compare it with the network that was trained.

`python -m models.training.entailment.convert --trained FILE ...`: see --help
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import tensorflow as tf

from hub.precedents import onnx_runtime
from hub.precedents.entailment import layers
from hub.precedents.entailment.body import Body
from hub.precedents.entailment.judge import LABELS, MODEL, Judge
from hub.precedents.entailment.overlap import NAMES
from hub.precedents.entailment.tokens import Tokeniser
from models.training.entailment import batches, graph, network, pairs, train

COMPARED = 200  # pairs


def converted(body: Body, trained: dict[str, np.ndarray]) -> bytes:
    """The pair model's file."""
    frozen: dict[str, np.ndarray] = {}
    for number in range(layers.FROZEN):
        frozen |= layers.layer(body, number)
    made = graph.model(body.shape, trained, frozen, len(NAMES))
    return made.SerializeToString()


def compared(model: bytes, body: Body, net: network.Network, found: list[pairs.Pair]) -> dict:
    """How often both give the same label, and how far their probabilities lie apart."""
    judge = Judge(model, body)
    told = [judge.verdict(one.premise, one.hypothesis) for one in found]
    read = batches.read(found, Tokeniser(body.vocabulary), 384)
    wanted = tf.nn.softmax(train.outputs(net, body, read)).numpy()
    shares = np.array([one.shares for one in told])
    same = np.mean(
        [LABELS[row.argmax()] == one.label for row, one in zip(wanted, told, strict=True)]
    )
    return {
        "pairs": len(found),
        "same_label": round(float(same), 4),
        "mean_distance": round(float(np.abs(shares - wanted).mean()), 4),
        "largest_distance": round(float(np.abs(shares - wanted).max()), 4),
    }


def main() -> None:
    """Convert, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--trained", type=Path, nargs="+", required=True, help="trained.npz of stages, averaged"
    )
    parser.add_argument("--laws", type=Path, required=True)
    parser.add_argument("--body", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    body = Body(options.body)
    trained = train.averaged(options.trained)
    model = converted(body, trained)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / MODEL).write_bytes(model)
    digest = hashlib.sha256(model).hexdigest()
    (options.output / f"{MODEL}.sha256").write_text(f"{digest}  {MODEL}\n", "ascii")
    told: dict = {"bytes": len(model), "sha256": digest}
    if not onnx_runtime.installed():
        print(json.dumps(told | {"compared": f"no, {onnx_runtime.NAME} is not installed here"}))
        return
    everything = network.body_parameters(body) | trained
    net = network.Network(everything, body.shape.layers, body.shape.heads)
    captions = pairs.read_table(options.laws / pairs.FILES["jsick"], "jsick")
    _, check = pairs.parted(captions, pairs.HELD_OUT["jsick"])
    print(json.dumps(told | compared(model, body, net, check[:COMPARED])))


if __name__ == "__main__":
    main()
