"""The pair model in bytes says what the same model says in floats; other weights are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hub.precedents import onnx_runtime
from hub.precedents.entailment.body import Body
from hub.precedents.entailment.judge import LABELS, Judge, installed, load
from hub.precedents.entailment.quantised import LARGEST, ZERO, quantised
from hub.precedents.errors import EncoderError
from tests.hub.precedents.entailment import small_body

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

PAIRS = (
    ("犬が走る", "犬が走らない"),
    ("十四日以内", "走る日"),
    ("犬" * 50, "ない"),
    ("", "犬"),
    ("猫は猫。", "猫は猫。"),
)


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    path = tmp_path_factory.mktemp("body") / "body.bin"
    small_body.write(path)
    return Body(path)


def test_bytes_say_what_floats_say(body: Body) -> None:
    from tests.hub.precedents.entailment import small_model  # noqa: PLC0415 after importorskip

    trained = small_model.weights(body)
    judge = Judge(small_model.model(body, trained), body)
    other = Judge(small_model.model(body, small_model.weights(body, seed=4)), body)
    for premise, hypothesis in PAIRS:
        wanted = small_model.shares(body, trained, premise, hypothesis)
        told = judge.verdict(premise, hypothesis, small_body.POSITIONS)
        assert np.abs(np.array(told.shares) - wanted).max() < 0.05
        assert told.score == max(told.shares)
        assert told.label == LABELS[int(np.argmax(told.shares))]
        far = other.verdict(premise, hypothesis, small_body.POSITIONS)
        assert np.abs(np.array(far.shares) - wanted).max() > 0.05


def test_a_matrix_in_bytes_is_near_itself() -> None:
    matrix = np.random.default_rng(1).normal(size=(96, 40)).astype(np.float32)
    matrix[:, 3] = 0
    octets, scales = quantised(matrix)
    values = octets.astype(np.float32) - ZERO
    assert np.abs(values).max() == LARGEST
    assert np.abs(values * scales - matrix).max() <= scales.max() / 2 + 1e-6


def test_a_missing_or_changed_model_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not installed(tmp_path)
    with pytest.raises(EncoderError, match=r"pairs\.onnx: is missing"):
        load(tmp_path)
    (tmp_path / "pairs.onnx").write_bytes(b"changed")
    (tmp_path / "pairs.onnx.sha256").write_text("0" * 64 + "  pairs.onnx\n", encoding="ascii")
    with pytest.raises(EncoderError, match="not the pinned file"):
        load(tmp_path)
    monkeypatch.setattr(onnx_runtime, "NAME", "no_such_package")
    assert not installed(tmp_path)
