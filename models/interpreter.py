"""The one place that runs .tflite files: ai-edge-litert if installed, else tflite-runtime."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from intake.sha256 import sha256_hex
from models.errors import ArtefactError, RuntimeMissingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

RUNTIMES = {
    "litert": "ai_edge_litert.interpreter",
    "tflite": "tflite_runtime.interpreter",
}


class _Interpreter(Protocol):
    """What both runtimes offer and we use."""

    def allocate_tensors(self) -> None: ...
    def get_input_details(self) -> list[dict[str, Any]]: ...
    def get_output_details(self) -> list[dict[str, Any]]: ...
    def set_tensor(self, index: int, value: NDArray[Any]) -> None: ...
    def invoke(self) -> None: ...
    def get_tensor(self, index: int) -> NDArray[Any]: ...


class Encoder:
    """An int8 (or float) .tflite encoder: feature map in, unit vector out; one thread."""

    def __init__(self, model: bytes, runtime: str | None = None) -> None:
        """Load `model`; runtime "litert" or "tflite", None takes the first that is installed.

        Raises RuntimeMissingError, or ArtefactError when the runtime refuses the model.
        """
        self.runtime, module = _module(runtime)
        try:
            self._interpreter = cast(
                "_Interpreter", module.Interpreter(model_content=model, num_threads=1)
            )
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError, SystemError) as error:
            raise ArtefactError(
                f"{self.runtime} refuses the encoder with SHA-256 "
                f"{sha256_hex(model)} ({error}); with tflite-runtime numpy must be "
                "below 2, otherwise install the artefacts again"
            ) from error
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]

    def embed(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """Unit vector (width,) of one feature map (16, 16, 8)."""
        self._interpreter.set_tensor(self._input["index"], _quantise(picture, self._input))
        self._interpreter.invoke()
        raw = self._interpreter.get_tensor(self._output["index"])[0].astype(np.float32)
        scale, zero = self._output["quantization"]
        vector = (raw - np.float32(zero)) * np.float32(scale) if scale else raw
        return vector / np.float32(max(float(np.linalg.norm(vector)), 1e-9))


def _quantise(picture: NDArray[np.float32], detail: dict[str, Any]) -> NDArray[Any]:
    scale, zero = detail["quantization"]
    if not scale:
        return picture[None].astype(np.float32)
    return np.clip(np.rint(picture[None] / scale + zero), -128, 127).astype(np.int8)


def _module(runtime: str | None) -> tuple[str, Any]:
    wanted = [runtime] if runtime else list(RUNTIMES)
    for name in wanted:
        if name not in RUNTIMES:
            raise RuntimeMissingError(f"no runtime is called {name}; take one of {list(RUNTIMES)}")
        try:
            return name, importlib.import_module(RUNTIMES[name])
        except ImportError:
            continue
    raise RuntimeMissingError(
        f"none of {wanted} can be imported; install the extra edge (or edge-tflite on Python 3.11)"
    )
