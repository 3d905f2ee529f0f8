"""What is packed along principal axes is what was embedded, in any width."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models import manifest
from models.embeddings import Embeddings, basis_of, packed
from models.gallery import load
from models.training import pack


def unit(count: int, width: int, seed: int) -> np.ndarray:
    """Unit vectors around a mean, most of their spread in few directions, as encoders give."""
    rng = np.random.default_rng(seed)
    spread = np.exp(-np.arange(width) / (width / 12))
    mean = np.random.default_rng(0).normal(size=width)
    raw = mean / np.linalg.norm(mean) + rng.normal(size=(count, width)) * spread
    return (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("width", [96, 128, 256])
def test_cosines_survive_packing(width: int) -> None:
    vectors, queries = unit(3000, width, 1), unit(20, width, 2)
    basis = basis_of(vectors, 64)
    rows, scale = packed(vectors, basis)
    found = Embeddings.of(rows[:, :24].copy(), rows[:, 24:].copy(), scale, basis)
    assert len(found) == 3000
    assert found.width == width
    for query in queries:
        error = found.similarity(query) - vectors @ query
        assert np.abs(error).max() < 0.02
        assert (found.similarity(query) <= found.bounds(found.query(query)) + 1e-5).all()


def test_axes_stand_upright_the_first_along_the_mean() -> None:
    vectors = unit(2000, 64, 3)
    basis = basis_of(vectors, 40)
    np.testing.assert_allclose(basis.axes.T @ basis.axes, np.eye(40), atol=1e-5)
    mean = vectors.mean(axis=0)
    assert abs(basis.axes[:, 0] @ mean) == pytest.approx(float(np.linalg.norm(mean)), rel=1e-5)
    spread = ((vectors - mean) @ basis.axes).std(axis=0)[1:]
    assert (np.diff(spread) < 1e-3).all()


def test_the_same_vectors_give_the_same_axes() -> None:
    vectors = unit(500, 32, 4)
    np.testing.assert_array_equal(basis_of(vectors, 20).axes, basis_of(vectors.copy(), 20).axes)


def test_a_packed_folder_is_loaded(tmp_path: Path) -> None:
    glyphs, drawn = unit(300, 128, 5), unit(7, 128, 6)
    codes = np.repeat(np.arange(0x4E00, 0x4E00 + 150), 2).astype(np.uint32)
    labels = {
        "numbers": np.arange(1, 301, dtype=np.uint32),
        "codepoints": codes,
        "bases": codes,
        "selectors": np.zeros(300, np.uint32),
        "strokes": np.full(300, 9, np.uint8),
        "usage": np.zeros(300, np.uint8),
    }
    owners = {"codepoints": codes[:14:2], "strokes": np.full(7, 9, np.uint8)}
    pack.write(tmp_path, glyphs, drawn, labels, owners)
    (tmp_path / "encoder.tflite").write_bytes(b"an encoder")
    manifest.write(tmp_path, pack.FILES, {})
    found = load(manifest.load(tmp_path))
    assert found.prototypes is not None
    cosines = found.glyphs.similarity(glyphs[17])
    assert int(np.argmax(cosines)) == 17
    assert cosines[17] == pytest.approx(1, abs=0.02)
    assert int(np.argmax(found.prototypes.similarity(drawn[3]))) == 3
    assert found.owners.tolist() == list(range(7))
