"""The slot for an encoder that an operator brings: an ONNX model, its tokenizer, a description.

The folder holds `model.toml`; docs/precedents.md has its keys. Both files are pinned there by their
SHA-256, and nothing is ever fetched. The libraries are an extra, loaded only here.
"""

import hashlib
import importlib
import importlib.util
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hub.precedents import onnx_runtime
from hub.precedents.encoders import Encoder, Vectors, shortened
from hub.precedents.errors import EncoderError

DESCRIPTION: Final = "model.toml"
POOLINGS: Final = ("mean", "cls", "none")
LIBRARIES: Final = (onnx_runtime.NAME, "tokenizers")
LARGEST_DIMENSION: Final = 4096
LONGEST: Final = 8192
_TEXTS: Final = ("name", "file", "sha256", "tokenizer", "tokenizer_sha256", "pooling")


@dataclass(frozen=True)
class Description:
    """What `model.toml` says; `none` as pooling: the model gives one vector a text."""

    name: str
    file: str
    sha256: str
    tokenizer: str
    tokenizer_sha256: str
    pooling: str
    dimension: int
    longest: int  # tokens of one text that are read
    question_prefix: str
    passage_prefix: str


@dataclass(frozen=True)
class OnnxModel:
    """A model in a folder, not loaded yet."""

    folder: Path

    @cached_property
    def description(self) -> Description:
        """The description; EncoderError names what is wrong with it."""
        path = self.folder / DESCRIPTION
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise EncoderError(f"{path}: cannot be read as TOML: {error}") from error
        return _description(path, table)

    @property
    def name(self) -> str:
        """Its own name and a digest of all that its vectors depend on."""
        about = self.description
        whole = hashlib.sha256(repr(about).encode()).hexdigest()
        return f"{about.name}/{whole[:12]}"

    def verified(self) -> Encoder:
        """The encoder; EncoderError unless both files are the pinned ones and fit together."""
        about = self.description
        for library in LIBRARIES:
            if importlib.util.find_spec(library) is None:
                raise EncoderError(f"{library} is not installed; install the extra for own models")
        model = _pinned(self.folder / about.file, about.sha256)
        tokens = _pinned(self.folder / about.tokenizer, about.tokenizer_sha256)
        encoder = _Onnx(self.name, about, model, tokens)
        encoder.try_out()
        return encoder


class _Onnx:
    """The loaded model: one thread, one text at a time where lengths differ."""

    def __init__(self, name: str, about: Description, model: bytes, tokens: bytes) -> None:
        self.name = name
        self._about = about
        runtime = onnx_runtime.load()
        tokenizers: Any = importlib.import_module("tokenizers")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = runtime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = tokenizers.Tokenizer.from_str(tokens.decode("utf-8"))
        except Exception as error:
            # Both libraries raise errors of many kinds, without a common root.
            raise EncoderError(f"{about.name}: cannot be loaded: {error}") from error
        self._tokenizer.enable_truncation(max_length=about.longest)
        self._tokenizer.no_padding()
        self._inputs = {one.name for one in self._session.get_inputs()}

    def question(self, text: str) -> Vectors:
        return self._vector(self._about.question_prefix + shortened(text))

    def passages(self, texts: Sequence[str]) -> Vectors:
        plain = (self._about.passage_prefix + text.replace("\0", " ") for text in texts)
        return np.stack([self._vector(text) for text in plain])

    def try_out(self) -> None:
        """EncoderError unless the model gives a vector of the dimension that is described."""
        try:
            found = self.question("届出")
        except Exception as error:
            raise EncoderError(f"{self._about.name}: does not run: {error}") from error
        if found.shape != (self._about.dimension,) or not np.isfinite(found).all():
            raise EncoderError(
                f"{self._about.name}: gives vectors of form {found.shape}, not of the"
                f" {self._about.dimension} parts that {DESCRIPTION} says"
            )

    def _vector(self, text: str) -> Vectors:
        read = self._tokenizer.encode(text)
        given = {
            "input_ids": np.array([read.ids], np.int64),
            "attention_mask": np.array([read.attention_mask], np.int64),
            "token_type_ids": np.array([read.type_ids], np.int64),
        }
        output = self._session.run(None, {key: given[key] for key in self._inputs})[0]
        found = self._pooled(np.asarray(output, np.float32)[0])
        length = float(np.linalg.norm(found)) or 1.0
        return found / np.float32(length)

    def _pooled(self, output: npt.NDArray[np.float32]) -> Vectors:
        if self._about.pooling == "mean":
            return output.mean(axis=0)
        return output[0] if self._about.pooling == "cls" else output


def _description(path: Path, table: dict[str, Any]) -> Description:
    prefixes = ("question_prefix", "passage_prefix")
    unknown = set(table) - {*_TEXTS, "dimension", "longest", *prefixes}
    texts = {key: table.get(key) for key in _TEXTS}
    numbers = {"dimension": table.get("dimension"), "longest": table.get("longest", 512)}
    wrong = [key for key, value in texts.items() if not isinstance(value, str) or not value]
    wrong += [key for key, value in numbers.items() if type(value) is not int or value < 1]
    wrong += [key for key in prefixes if not isinstance(table.get(key, ""), str)]
    if unknown or wrong:
        raise EncoderError(
            f"{path}: unknown or wrong keys: {', '.join(sorted({*unknown, *wrong}))}"
        )
    about = Description(  # what `wrong` let pass has the fields' types
        **texts,  # pyright: ignore[reportArgumentType]
        **numbers,  # pyright: ignore[reportArgumentType]
        question_prefix=table.get("question_prefix", ""),
        passage_prefix=table.get("passage_prefix", ""),
    )
    plain = all(Path(file).name == file for file in (about.file, about.tokenizer))
    if not plain or about.pooling not in POOLINGS:
        raise EncoderError(
            f"{path}: file and tokenizer are names in this folder, pooling is one of"
            f" {', '.join(POOLINGS)}"
        )
    if about.dimension > LARGEST_DIMENSION or about.longest > LONGEST:
        raise EncoderError(f"{path}: dimension or longest is too large")
    return about


def _pinned(path: Path, wanted: str) -> bytes:
    try:
        octets = path.read_bytes()
    except OSError as error:
        raise EncoderError(f"{path.name}: cannot be read: {error.strerror}") from error
    if hashlib.sha256(octets).hexdigest() != wanted.lower():
        raise EncoderError(f"{path.name}: is not the file that {DESCRIPTION} pins")
    return octets
