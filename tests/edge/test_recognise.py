"""The command that answers JSON lines of strokes with JSON lines of candidates."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from edge import recognise
from models.drawing import NOTES

if TYPE_CHECKING:
    from collections.abc import Sequence

CROSS = {"strokes": [[[10, 50], [90, 50]], [[50, 5], [50, 95]]]}


def run(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    recognise.add_arguments(parser)
    return recognise.run(parser.parse_args(arguments))


def answers(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_line_in_one_line_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "drawn.jsonl"
    file.write_text(f"{json.dumps(CROSS)}\n\n{json.dumps(CROSS)}\n")
    assert run([str(file), "--top", "3", "--json"]) == 0
    first, second = answers(capsys)
    assert first["candidates"] == second["candidates"]
    assert set(first) == {"candidates", "sure", "ms"}
    candidates = first["candidates"]
    assert len(candidates) == 3
    assert candidates[0]["text"] == "十"
    assert candidates[0]["codepoint"] == "U+5341"
    assert set(candidates[0]) == {"mj_name", "text", "codepoint", "score", "variants"}
    assert set(first["ms"]) == {"features", "encode", "search", "total"}


def test_bad_lines_get_a_line_with_a_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        "{", "3", "{}", '{"strokes": []}', '{"strokes": [[[NaN, 1]]]}', '{"strokes": [[[1, 1]]]}',
        '{"strokes": ' + "[" * 5000 + "]" * 5000 + "}", json.dumps(CROSS),
    ]  # fmt: skip
    file = tmp_path / "drawn.jsonl"
    file.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\n")
    assert run([str(file), "--json"]) == 0
    found = answers(capsys)
    notes = [answer.get("note") for answer in found]
    assert notes[:6] == [*["not_json"] * 3, "no_strokes", "not_finite", "degenerate"]
    assert notes[6] in {"not_json", "not_strokes"}
    assert notes[7:] == [None, "not_json"]
    assert [answer["candidates"] for answer in found[:7]] == [[]] * 7


def test_stdin_is_read_without_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(CROSS) + "\n"))
    assert run(["--json"]) == 0
    assert len(answers(capsys)) == 1


def test_rows_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "drawn.jsonl"
    file.write_text(json.dumps(CROSS) + '\n{"strokes": []}\nno\n')
    assert run([str(file), "--top", "2"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("十 MJ")
    assert NOTES["no_strokes"] in shown[1]
    assert "not_json" in shown[2]


def test_outlines_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "drawn.jsonl"
    file.write_text(json.dumps(CROSS) + "\n")
    scores = []
    for gallery in ("all", "glyphs"):
        assert run([str(file), "--json", "--gallery", gallery]) == 0
        scores.append(capsys.readouterr().out.split('"ms"')[0])
    assert scores[0] != scores[1]


def test_a_missing_file_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["no/such/file.jsonl"]) == 2
    assert "no/such/file.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize("top", ["0", "-3", "many"])
def test_top_is_a_positive_number(top: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(["--top", top])
    assert stopped.value.code == 2


def test_explanations_add_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "drawn.jsonl"
    file.write_text(json.dumps(CROSS) + "\n")
    assert run([str(file), "--json", "--explain", "--top", "5"]) == 0
    (answer,) = answers(capsys)
    totals: list[float] = []
    for one in answer["candidates"]:
        parts = one["explanation"]
        added = parts["prototype_bonus"] + parts["usage_bonus"]
        assert parts["total"] == pytest.approx(parts["outline"] - parts["stroke_penalty"] + added)
        totals.append(parts["total"])
    assert totals == sorted(totals, reverse=True)
    grounds = answer["grounds"]
    enough = grounds["score"] >= grounds["score_needed"]
    assert answer["sure"] == (enough and grounds["likeness"] >= grounds["likeness_needed"])
    assert run([str(file), "--explain", "--top", "2"]) == 0
    assert "sure: score" in capsys.readouterr().out


def test_a_filter_restricts_what_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "drawn.jsonl"
    file.write_text(json.dumps(CROSS) + '\n{"strokes": []}\n')
    assert run([str(file), "--json", "--strokes", "5-6", "--reading", "ホン", "--explain"]) == 0
    drawn, listed = answers(capsys)
    assert {one["text"] for one in listed["candidates"]} >= {"本"}
    assert {one["mj_name"] for one in drawn["candidates"]} <= {
        name
        for one in listed["candidates"]
        for name in (one["mj_name"], *(other["mj_name"] for other in one["variants"]))
    }
    assert drawn["sure"] is False
    assert drawn["grounds"]["filtered"] is True
