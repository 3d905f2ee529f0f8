"""An operator's own encoder: a tiny ONNX model, made here, in the slot."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from hub.precedents.collection import take
from hub.precedents.encoders import chosen
from hub.precedents.encoding import encode_all
from hub.precedents.errors import EncoderError
from hub.precedents.onnx_model import OnnxModel
from hub.precedents.question import Question
from hub.precedents.rows import current_entries
from hub.precedents.search import Searcher
from hub.precedents.store import Store
from hub.precedents.vectors import encode_missing, missing
from tests.hub.precedents.small_town import TODAY, TOWN, PairEncoder, article, revision

LETTERS = "犬猫登録届出転入印鑑出生月日十四三町長。、のをにはとしたけなれば"
WIDTH = 16


def _unheard(_name: str, _done: int, _whole: int) -> None: ...


def model(folder: Path, **changes: object) -> Path:
    """A folder whose model looks a letter's row up in a table."""
    folder.mkdir(exist_ok=True)
    rows = np.random.default_rng(7).normal(size=(len(LETTERS) + 1, WIDTH)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "letters",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "length"])],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(rows, "table")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(made, folder / "model.onnx")
    vocabulary = {"[UNK]": 0} | {letter: place for place, letter in enumerate(LETTERS, 1)}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": "."},
            "behavior": "Isolated",
            "invert": False,
        },
        "post_processor": None,
        "decoder": None,
        "truncation": None,
        "padding": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    digest = {
        key: hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for key, file in (("sha256", "model.onnx"), ("tokenizer_sha256", "tokenizer.json"))
    }
    told: dict[str, object] = {
        "name": "letters",
        "file": "model.onnx",
        "tokenizer": "tokenizer.json",
        "pooling": "mean",
        "dimension": WIDTH,
        "passage_prefix": "文：",
        **digest,
        **changes,
    }
    lines = (f"{key} = {json.dumps(value)}" for key, value in told.items())
    (folder / "model.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_a_model_of_ones_own_answers(town: Store, tmp_path: Path) -> None:
    found = OnnxModel(model(tmp_path / "m"))
    encoder = found.verified()
    vector = encoder.question("犬の登録")
    assert vector.shape == (WIDTH,)
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0)
    assert float(vector @ encoder.question("犬の登録を")) > float(vector @ encoder.question("出生"))
    assert encode_all(town, [found], _unheard) == {found.name: 4}
    assert encode_all(town, [found], _unheard) == {found.name: 0}
    result = Searcher(town, [encoder]).search(Question("犬の登録", TODAY))
    assert result.answers[0].article.num == "3"


def test_until_a_new_model_has_read_enough_the_former_one_ranks(
    town: Store, tmp_path: Path
) -> None:
    new = OnnxModel(model(tmp_path / "m"))
    both = [new.verified(), PairEncoder()]

    def ranking() -> list[str]:
        return [one.encoder for one in Searcher(town, both).view().matrices]

    assert ranking() == ["test-pairs"]
    encode_all(town, [new], _unheard)
    assert ranking() == [new.name, "test-pairs"]
    more = [article(str(place), f"第{place}の届出", "町長に届け出る。") for place in range(4)]
    take(town, [revision(more, law_id="x-more", title="届出条例")], TODAY)
    encode_missing(town, PairEncoder(), lambda _done, _whole: None)
    assert ranking() == ["test-pairs"]
    encode_all(town, [new], _unheard)
    assert ranking() == [new.name, "test-pairs"]


def test_it_comes_first_and_the_default_stays_second(tmp_path: Path) -> None:
    names = [one.name for one in chosen(model(tmp_path / "m"))]
    assert names[0].startswith("letters/")
    assert len(names) == 2
    assert names[1].startswith("e5-small")


def test_another_prefix_makes_other_vectors(tmp_path: Path) -> None:
    first = OnnxModel(model(tmp_path / "a")).name
    assert OnnxModel(model(tmp_path / "b", passage_prefix="passage: ")).name != first


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sha256": "0" * 64}, "is not the file"),
        ({"tokenizer_sha256": "0" * 64}, "is not the file"),
        ({"dimension": 17}, "gives vectors of form"),
        ({"dimension": "many"}, "wrong keys: dimension"),
        ({"pooling": "max"}, "pooling is one of"),
        ({"file": "../model.onnx"}, "names in this folder"),
        ({"url": "x"}, "wrong keys: url"),
        ({"file": "absent.onnx"}, "cannot be read"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(EncoderError, match=said):
        OnnxModel(model(tmp_path / "m", **changes)).verified()


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    folder = model(tmp_path / "m")
    (folder / "model.onnx").write_bytes(b"no model")
    pinned = hashlib.sha256(b"no model").hexdigest()
    told = (folder / "model.toml").read_text(encoding="utf-8").splitlines()
    told = [f'sha256 = "{pinned}"' if line.startswith("sha256") else line for line in told]
    (folder / "model.toml").write_text("\n".join(told), encoding="utf-8")
    with pytest.raises(EncoderError, match="cannot be loaded"):
        OnnxModel(folder).verified()
    with pytest.raises(EncoderError, match="cannot be read"):
        OnnxModel(tmp_path / "nowhere").verified()


@dataclass(frozen=True)
class _Pairs:
    name: str = PairEncoder.name

    def verified(self) -> PairEncoder:
        return PairEncoder()


@pytest.mark.parametrize("description", ["name = ", None])
def test_the_default_encoder_reads_though_the_own_one_cannot(
    store: Store, tmp_path: Path, description: str | None
) -> None:
    take(store, [TOWN], TODAY)
    if description:
        (tmp_path / "model.toml").write_text(description, encoding="utf-8")
    with pytest.raises(EncoderError, match=r"model\.toml: cannot be read"):
        encode_all(store, [OnnxModel(tmp_path), _Pairs()], _unheard)
    with store.reading() as connection:
        assert missing(connection, PairEncoder.name, current_entries(connection)) == []
