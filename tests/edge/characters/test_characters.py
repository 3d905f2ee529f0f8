"""`madoguchi-edge characters`: what is answered, what is refused, what is empty."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edge import command_line


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = command_line.main(["characters", *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def table(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    status, out, err = run(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_find_by_everything_together(capsys: pytest.CaptureFixture[str]) -> None:
    found = table(
        capsys, "find", "--reading", "ヘン", "--part", "辶", "--strokes", "17-18", "--radical", "辶"
    )
    assert found["found"] == len(found["glyphs"])
    assert "邉" in [one["text"] for one in found["glyphs"]]
    first = found["glyphs"][0]
    assert set(first) == {
        "mj_name", "text", "codepoint", "koseki", "juki", "strokes", "readings", "radicals"
    }  # fmt: skip
    assert first["radicals"][0]["character"] == "辵"


@pytest.mark.parametrize(
    "asked",
    [
        ("--codepoint", "U+9089"), ("--mj", "MJ026190"), ("--koseki", "445000"),
        ("--juki", "J+9089"), ("--codepoint", "邉"),
    ],
)  # fmt: skip
def test_find_by_any_number(capsys: pytest.CaptureFixture[str], asked: tuple[str, str]) -> None:
    found = table(capsys, "find", *asked)
    assert found["glyphs"][0]["mj_name"] == "MJ026190"
    both = table(capsys, "find", *asked, "--strokes", "17")
    assert 0 < both["found"] <= found["found"]
    assert table(capsys, "find", *asked, "--strokes", "3")["found"] == 0


def test_a_long_list_is_cut_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "find", "--reading", "コウ", "--most", "5")
    assert status == 0
    assert len(out.splitlines()) == 5
    assert "more; narrow it down" in err


def test_nothing_found_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "find", "--reading", "ほげほげ")
    assert (status, out) == (0, "")
    assert "No glyph fits" in err
    assert table(capsys, "find", "--reading", "ほげほげ") == {"glyphs": [], "found": 0}


def test_show_says_everything(capsys: pytest.CaptureFixture[str]) -> None:
    found = table(capsys, "show", "髙")
    assert (found["mj_name"], found["koseki"], found["juki"]) == ("MJ028902", "513280", "J+9AD9")
    assert found["jis_fallback"]["text"] == "高"
    assert found["jis_fallback"]["rule"] == "JIS包摂規準UCS統合規則"
    status, out, _ = run(capsys, "show", "U+9089 U+E0119")
    assert status == 0
    assert "U+9089 U+E0119" in out
    assert "戸籍統一文字番号" in out


def test_variants_say_how_they_are_related(capsys: pytest.CaptureFixture[str]) -> None:
    found = table(capsys, "variants", "MJ026190")["variants"]
    assert {one["relation"] for one in found} == {"same_codepoint", "same_origin"}
    assert all(one["source"] for one in found)
    _, out, _ = run(capsys, "variants", "MJ026190")
    assert "同じ符号位置" in out
    assert "同じ字源" in out


def test_a_glyph_without_variants(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "variants", "㐻")
    assert (status, out) == (0, "")
    assert "only glyph" in err
    assert table(capsys, "variants", "㐻")["variants"] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("find",), "say what to find"),
        (("find", "--strokes", "many"), "8 or 8-12"),
        (("find", "--radical", "阝"), "163"),
        (("find", "--reading", "abc"), "kana"),
        (("find", "--koseki", "1"), "six digits"),
        (("show", "MJ999999"), "no such name"),
        (("show", "あ"), "no such character"),
        (("variants", "渡辺"), "one character"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_way_out(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.startswith("madoguchi-edge: ")
