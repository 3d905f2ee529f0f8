"""Judges pairs of texts: the second follows from the first, contradicts it, or is not said."""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from hub.precedents import onnx_runtime
from hub.precedents.allocation import give_back
from hub.precedents.entailment.body import PACKAGE, Body, Floats, packaged
from hub.precedents.entailment.layers import FROZEN, layer, normalised, positions, stored
from hub.precedents.entailment.overlap import overlap
from hub.precedents.entailment.tokens import Packed, Tokeniser
from hub.precedents.errors import EncoderError

LABELS: Final = ("entailment", "neutral", "contradiction")
LONGEST: Final = 384  # tokens of a pair that are read
ARTEFACTS: Final = Path(__file__).parent / "artefact"
MODEL: Final = "pairs.onnx"
SLOWER: Final = ["SkipLayerNormFusion"]  # of its optimisations: a tenth of the time of a pair


@dataclass(frozen=True)
class Verdict:
    """The likeliest label, its probability, and the probabilities in the order of LABELS."""

    label: str
    score: float
    shares: tuple[float, float, float]
    cut: bool  # whether a part was not read


class Judge:
    """The pair model, loaded; safe to share among threads."""

    def __init__(self, model: bytes, body: Body, *, threads: int = 1) -> None:
        """`model` is the graph without its lower layers, which come from the body."""
        self._body = body
        self._tokeniser = Tokeniser(body.vocabulary)
        self._positions = positions(body)
        self._norm = body.floats("emb.ln.w"), body.floats("emb.ln.b")
        self._session = _session(model, body, threads)
        body.rest()

    def verdict(self, premise: str, hypothesis: str, most: int = LONGEST) -> Verdict:
        """Whether the hypothesis follows from the premise; `most` tokens of both are read."""
        most = min(most, self._body.shape.positions)
        packed = self._tokeniser.pair(premise, hypothesis, most)
        raw = self._outputs(packed, overlap(premise, hypothesis))
        shares = np.exp(raw - raw.max())
        shares /= shares.sum()
        best = int(shares.argmax())
        one, two, three = shares.tolist()
        return Verdict(LABELS[best], float(shares[best]), (one, two, three), packed.cut)

    def _outputs(self, packed: Packed, measures: Floats) -> Floats:
        """What the last layer says of a pair, before it is made probabilities."""
        second, shared = packed.marks()
        given = {
            "x": self._embedded(packed),
            "second": second[None, :, None],
            "shared": shared[None, :, None],
            "overlap": measures[None],
        }
        return np.asarray(self._session.run(["outputs"], given)[0], np.float32)[0]

    def _embedded(self, packed: Packed) -> Floats:
        rows = self._body.words(packed.numbers) + self._positions[: len(packed.numbers)]
        return normalised(rows, *self._norm, self._body.shape.epsilon)[None]


def _session(model: bytes, body: Body, threads: int) -> Any:  # noqa: ANN401 - it has no types
    runtime = onnx_runtime.load()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # with the next: 12 MB less between questions
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    lower = {
        name: value
        for number in range(FROZEN)
        for name, value in stored(layer(body, number)).items()
    }
    values = [runtime.OrtValue.ortvalue_from_numpy(value) for value in lower.values()]
    options.add_external_initializers(list(lower), values)
    session = runtime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER
    )
    session._model_bytes = None  # noqa: SLF001 - kept for other providers, which are not here
    give_back()
    return session


def installed(folder: Path = ARTEFACTS) -> bool:
    """Whether the packages and the weights of the pair model are there."""
    packages = all(importlib.util.find_spec(name) for name in (onnx_runtime.NAME, PACKAGE))
    return packages and (folder / MODEL).exists()


def load(folder: Path = ARTEFACTS, *, threads: int = 1) -> Judge:
    """The shipped pair model; EncoderError when packages or weights are not what is pinned."""
    path, pinned = folder / MODEL, folder / f"{MODEL}.sha256"
    try:
        model, wanted = path.read_bytes(), pinned.read_text("ascii").split()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise EncoderError(f"{path.name}: is missing; set up the hub anew") from error
    if hashlib.sha256(model).hexdigest() != wanted:
        raise EncoderError(f"{path.name}: is not the pinned file; set up the hub anew")
    return Judge(model, packaged(), threads=threads)
