"""Which runtime runs the encoder, and what happens when none can."""

from __future__ import annotations

import numpy as np
import pytest

from models import manifest
from models.errors import RuntimeMissingError
from models.interpreter import Encoder
from models.recogniser import ARTEFACTS


def encoder() -> Encoder:
    return Encoder(manifest.load(ARTEFACTS).read("encoder.tflite"))


def test_litert_is_taken_first() -> None:
    assert encoder().runtime == "litert"


def test_an_unknown_runtime_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RuntimeMissingError, match="litert"):
        Encoder(b"", "onnx")


def test_vectors_have_length_one_and_are_the_same_every_time() -> None:
    picture = np.random.default_rng(5).random((16, 16, 8), dtype=np.float32)
    first, second = encoder().embed(picture), encoder().embed(picture)
    assert first.shape == (128,)
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(first, second)


def test_int8_agrees_with_float() -> None:
    """Measured when the artefacts were made, on pictures apart from those of the calibration."""
    cosine = manifest.load(ARTEFACTS).settings["int8_cosine"]
    assert cosine["mean"] > 0.998
    assert cosine["min"] > 0.98
