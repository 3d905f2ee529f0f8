"""Train the encoder: `python -m models.training.train --mode quick --tomoe FILE`.

Reproducible (every step has its own seed) and resumable (checkpoint every 500 steps). One log,
JSON lines: what went in with its hashes, then the progress, then the result.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models import features
from models.training import batches, corpus, skeletons, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.training.corpus import Corpus
    from models.training.network import Trainer

CHECKPOINT_EVERY = 500
WORKING: list[Corpus] = []
"""The corpus, kept where forked workers find it."""


@dataclass(frozen=True)
class Stage:
    """One training of a mode, going on from the stage before.

    refined: with residual branches; composed: also with strokes composed of components; hurried: by
    hands in a hurry, else by patient ones.
    """

    name: str
    steps: int
    rate: float = 2e-3
    batch: int = 256
    embed_at: tuple[int, ...] = (200, 1000)
    embed_every: int = 2000
    warm_up: int = 100
    refined: bool = True
    composed: bool = True
    hurried: bool = True


PLAIN = Stage("plain", 6000, refined=False, composed=False, hurried=False)
COMPOSED = replace(PLAIN, name="composed", steps=2400, rate=1e-3, embed_at=(1,), composed=True)
HURRIED = Stage("hurried", 3000, rate=1e-3, embed_at=(1,))
TINY = {"batch": 64, "warm_up": 5}
MODES = {
    "check": (
        replace(PLAIN, steps=20, embed_at=(10,), **TINY),
        replace(HURRIED, steps=10, **TINY),
    ),
    "quick": (replace(PLAIN, steps=3000), replace(HURRIED, steps=2000)),
    "full": (PLAIN, COMPOSED, HURRIED),
}
"""Stages of each mode; `full` is how the shipped encoder was trained."""


def _pairs(rows: np.ndarray, seed: tuple[int, ...], stage: Stage) -> tuple[np.ndarray, np.ndarray]:
    share = batches.COMPOSED_SHARE if stage.composed else 0.0
    return batches.pairs(WORKING[0], rows, seed, composed_share=share, hurried=stage.hurried)


def _gallery(rows: np.ndarray) -> np.ndarray:
    return batches.gallery_pictures(WORKING[0], rows, 256)


@dataclass
class Run:
    """One stage in a folder of its own."""

    folder: Path
    stage: Stage
    seed: int
    workers: ProcessPoolExecutor
    started: float

    def log(self, **entry: object) -> None:
        """Append one line to the log and show it."""
        entry["seconds"] = round(time.monotonic() - self.started, 1)
        line = json.dumps(entry, ensure_ascii=False)
        print(line, flush=True)
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    def train(self, found: Corpus, trainer: Trainer) -> None:
        """All steps from the last checkpoint to the end."""
        import tensorflow as tf  # noqa: PLC0415 after the workers have been forked

        miner = batches.Miner(found, self.stage.batch)
        keeper = tf.train.CheckpointManager(
            trainer.checkpoint(), str(self.folder / "checkpoint"), max_to_keep=1
        )
        first = 0
        if keeper.latest_checkpoint:
            trainer.checkpoint().restore(keeper.latest_checkpoint).expect_partial()
            first = int(keeper.latest_checkpoint.rsplit("-", 1)[1])
            if first >= min(self.stage.embed_at):
                miner.table = self.embed_everything(found, trainer)
        recent: deque[tuple[float, float]] = deque(maxlen=200)
        for step, rows, (query, gallery) in self._stream(miner, first):
            labels = found.labels[rows].astype(np.int32)
            loss, right, printed = trainer.step(query, gallery, labels)
            if miner.table is not None:
                miner.table[rows] = printed.numpy()
            recent.append((float(loss), float(right)))
            done = step + 1
            if done in self.stage.embed_at or done % self.stage.embed_every == 0:
                miner.table = self.embed_everything(found, trainer)
            if done % 200 == 0 or done == self.stage.steps:
                mean = np.mean(recent, axis=0).round(4).tolist()
                scale = round(float(tf.exp(trainer.log_scale)), 2)
                self.log(step=done, loss=mean[0], right=mean[1], scale=scale)
            if done % CHECKPOINT_EVERY == 0 or done == self.stage.steps:
                keeper.save(done)

    def _stream(
        self, miner: batches.Miner, first: int
    ) -> Iterator[tuple[int, np.ndarray, tuple[np.ndarray, np.ndarray]]]:
        """Batches in order; two are always being drawn ahead, so that a rerun chooses alike."""
        ahead: deque[tuple[int, np.ndarray, object]] = deque()
        for step in range(first, self.stage.steps + 2):
            if step < self.stage.steps:
                rows = miner.choose((self.seed, 1, step))
                drawn = self.workers.submit(_pairs, rows, (self.seed, 2, step), self.stage)
                ahead.append((step, rows, drawn))
            if ahead and (len(ahead) > 2 or step >= self.stage.steps):
                at, rows, drawn = ahead.popleft()
                yield at, rows, drawn.result()
        while ahead:
            at, rows, drawn = ahead.popleft()
            yield at, rows, drawn.result()

    def embed_everything(self, found: Corpus, trainer: Trainer) -> np.ndarray:
        """Embeddings (rows, 128) of every glyph as printed."""
        from models.training.network import embed  # noqa: PLC0415 see train

        parts = np.array_split(np.arange(len(found.rows)), 64)
        drawn = self.workers.map(_gallery, parts)
        return np.concatenate([embed(trainer.encoder, pictures).numpy() for pictures in drawn])


def fingerprints(options: argparse.Namespace, start: Path | None) -> dict[str, str]:
    """SHA-256 of everything that decides the result."""
    files = [path for path in (options.tomoe, options.moji_db, start) if path]
    files += [Path(path) for path in skeletons.FONTS.values()]
    files += [*sorted(Path(__file__).parent.glob("*.py")), Path(features.__file__)]
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    kanjivg = hashlib.sha256()
    for path in sorted(sources.kanjivg_folder().glob("*.svg")):
        kanjivg.update(path.name.encode() + path.read_bytes())
    return {**found, "kanjivg": kanjivg.hexdigest()}


def arguments() -> argparse.ArgumentParser:
    """Options shared by training, conversion and evaluation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", choices=MODES, default="quick")
    parser.add_argument("--split", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--tomoe", type=Path, help="tomoe_data as JSON lines")
    parser.add_argument("--moji-db", type=Path, help="moji.db of @mandel59/mojidata 1.8.1")
    parser.add_argument("--cache", type=Path, default=Path(".cache/strokes"))
    parser.add_argument("--name", help="folder of this run in the cache")
    parser.add_argument("--start", type=Path, help="encoder.keras the first stage goes on from")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    return parser


def main() -> None:
    """Train stage after stage, resuming where an earlier call stopped."""
    options = arguments().parse_args()
    started = time.monotonic()
    name = options.name or f"{options.mode}{'_split' if options.split else ''}"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    WORKING.append(
        corpus.load(options.tomoe, options.cache, split=options.split, moji_db=options.moji_db)
    )
    with ProcessPoolExecutor(1) as workers:
        workers.submit(int).result()
        start = options.start
        for stage in MODES[options.mode]:
            folder = options.cache / name / stage.name
            if not (folder / "encoder.keras").exists():
                folder.mkdir(parents=True, exist_ok=True)
                run = Run(folder, stage, options.seed, workers, started)
                run.log(
                    mode=options.mode,
                    **asdict(stage),
                    split=options.split,
                    inputs=fingerprints(options, start),
                )
                _train(run, start, options.threads)
            start = folder / "encoder.keras"


def _train(run: Run, start: Path | None, threads: int) -> None:
    import keras  # noqa: PLC0415 after the workers have been forked
    import tensorflow as tf  # noqa: PLC0415 as above

    from models.training.network import LARGEST_SCALE, Trainer, go_on_from  # noqa: PLC0415 as above

    with suppress(RuntimeError):  # a later stage: they are set already
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(run.seed)
    stage = run.stage
    trainer = Trainer(stage.steps, stage.rate, stage.warm_up, refined=stage.refined)
    if start:
        go_on_from(trainer.encoder, keras.models.load_model(start))
        trainer.log_scale.assign(np.log(0.9 * LARGEST_SCALE))
    run.train(WORKING[0], trainer)
    trainer.encoder.save(run.folder / "encoder.keras")
    run.log(result="encoder.keras", sha256=_digest(run.folder / "encoder.keras"))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
