"""`precedents entail`: a line in, a line out; a bad line says what is wrong and stops nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.command_line import main, precedents_entail
from hub.precedents.entailment import judge as judge_module
from hub.precedents.entailment.body import Body
from hub.precedents.entailment.judge import LABELS, Judge
from tests.hub.precedents.entailment import small_body

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

Asked = Callable[[bytes], list[dict[str, Any]]]


class _Stdin:
    def __init__(self, text: bytes) -> None:
        self.buffer = io.BytesIO(text)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    from tests.hub.precedents.entailment import small_model  # noqa: PLC0415 after importorskip

    path = tmp_path_factory.mktemp("body") / "body.bin"
    small_body.write(path)
    body = Body(path)
    return Judge(small_model.model(body, small_model.weights(body)), body)


@pytest.fixture
def asked(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Asked:
    monkeypatch.setattr(precedents_entail, "load", lambda: judge)

    def ask(text: bytes) -> list[dict[str, Any]]:
        monkeypatch.setattr("sys.stdin", _Stdin(text))
        assert main(["precedents", "entail", "--json"]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return ask


def _line(**texts: object) -> bytes:
    return json.dumps(texts, ensure_ascii=False).encode() + b"\n"


def test_every_pair_gets_its_label(asked: Asked) -> None:
    good = _line(premise="犬が走る", hypothesis="走らない")
    told = asked(good + b"\n" + good.rstrip())
    assert len(told) == 2
    assert told[0] == told[1]
    assert told[0]["label"] in LABELS
    assert 1 / 3 <= told[0]["score"] <= 1
    assert set(told[0]) == {"label", "score"}
    assert asked(b"") == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{\n", "not JSON"),
        (b"\xff\xfe\n", "not JSON"),
        (b"[" * 50_000 + b"\n", "not JSON"),
        (b"[1]\n", "not an object"),
        (_line(premise="a"), "hypothesis is missing"),
        (_line(premise=3, hypothesis="a"), "premise is missing"),
        (_line(premise="a", hypothesis=" "), "hypothesis is missing, empty"),
        (_line(premise="犬" * 10_001, hypothesis="a"), "premise is longer"),
        (b"x" * 400_000 + b"\n", "line is longer"),
    ],
)
def test_a_bad_line_is_answered_and_the_next_is_read(asked: Asked, line: bytes, said: str) -> None:
    refused, told = asked(line + _line(premise="犬が走る", hypothesis="犬"))
    assert refused["error"] == "precedents_question"
    assert said in refused["message"]
    assert "label" in told


def test_a_text_that_was_not_read_whole_is_told(asked: Asked) -> None:
    (told,) = asked(_line(premise="犬" * 200, hypothesis="走る"))
    assert told["cut"] is True


def test_without_the_weights_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(precedents_entail, "load", lambda: judge_module.load(tmp_path))
    monkeypatch.setattr("sys.stdin", _Stdin(b""))
    assert main(["precedents", "entail"]) == 2
    assert "pairs.onnx: is missing" in capsys.readouterr().err
