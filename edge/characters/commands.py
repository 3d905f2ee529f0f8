"""What `madoguchi-edge characters find|show|variants` answer."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from edge.characters.filter_options import asked_filter
from intake.characters import lookup, radicals, search
from intake.characters.details import Details, Variant, details
from intake.characters.errors import CharacterError
from intake.characters.name_text import codepoint_name

if TYPE_CHECKING:
    import argparse

    from intake.characters.mj_list import JisFallback, MjGlyph, RadicalStrokes


def find(chosen: argparse.Namespace) -> int:
    """List the glyphs that fit; CharacterError for what cannot be asked."""
    found = _found(chosen)
    shown = found[: max(chosen.most, 1)]
    if chosen.json:
        _write({"glyphs": [short(one) for one in shown], "found": len(found)})
        return 0
    for one in shown:
        _line(_row(one))
    if not found:
        sys.stderr.write("No glyph fits all of that; leave something out, or end a reading in *.\n")
    elif len(found) > len(shown):
        sys.stderr.write(f"{len(found) - len(shown)} more; narrow it down or raise --most.\n")
    return 0


def _found(chosen: argparse.Namespace) -> list[MjGlyph]:
    """Glyphs that fit every option, in order of strokes."""
    numbered = [
        look(value)
        for look, value in (
            (lookup.by_name, chosen.codepoint),
            (lookup.by_name, chosen.mj),
            (lookup.by_koseki, chosen.koseki),
            (lookup.by_juki, chosen.juki),
        )
        if value is not None
    ]
    asked = asked_filter(chosen)
    if asked.asks_nothing:
        if not numbered:
            raise CharacterError("say what to find: a reading, strokes, radical, part or number")
        listed, *numbered = numbered
    else:
        listed = search.find(asked)
    names = [{one.mj_name for one in found} for found in numbered]
    return [one for one in listed if all(one.mj_name in found for found in names)]


def show(chosen: argparse.Namespace) -> int:
    """Show everything about one glyph."""
    found = details(_one(chosen.glyph).mj_name)
    if chosen.json:
        _write(full(found))
        return 0
    for name, value in _facts(found):
        _line(f"{name}: {value}")
    return 0


def variants(chosen: argparse.Namespace) -> int:
    """List the other glyphs of the same character with relation and source."""
    found = details(_one(chosen.glyph).mj_name)
    if chosen.json:
        listed = [_variant(one) for one in found.variants]
        _write({"mj_name": found.mj_name, "text": found.text, "variants": listed})
        return 0
    for one in found.variants:
        _line(f"{_row(one.glyph)}  {_RELATIONS[one.relation]}（{one.source}）")
    if not found.variants:
        sys.stderr.write(f"{found.mj_name} is the only glyph of its character.\n")
    return 0


_RELATIONS = {"same_codepoint": "同じ符号位置", "same_origin": "同じ字源"}


def _one(asked: str) -> MjGlyph:
    found = lookup.by_name(asked)
    if not found:
        raise CharacterError("the MJ list has no such character; find it by reading or part")
    return found[0]


def short(one: MjGlyph) -> dict[str, Any]:
    """A glyph in a list."""
    return {
        "mj_name": one.mj_name,
        "text": one.text,
        "codepoint": one.codepoint,
        "koseki": one.koseki,
        "juki": one.juki,
        "strokes": one.strokes,
        "readings": list(one.readings),
        "radicals": [_radical(item) for item in one.radicals],
    }


def full(found: Details) -> dict[str, Any]:
    """Everything about a glyph."""
    return {
        "mj_name": found.mj_name,
        "text": found.text,
        "codepoint": found.codepoint,
        "selector": found.selector,
        "koseki": found.koseki,
        "juki": found.juki,
        "strokes": found.strokes,
        "readings": list(found.readings),
        "radicals": [_radical(item) for item in found.radicals],
        "in_jis": found.in_jis,
        "jis_fallback": _fallback(found.fallback) if found.fallback else None,
        "variants": [_variant(one) for one in found.variants],
    }


def _radical(item: RadicalStrokes) -> dict[str, Any]:
    shown = radicals.character(item.radical)
    return {"radical": item.radical, "character": shown, "residual": item.residual}


def _fallback(item: JisFallback) -> dict[str, Any]:
    return {
        "text": item.text,
        "x0213": item.x0213,
        "rule": item.rule,
        "order": item.order,
        "hops": item.hops,
    }


def _variant(one: Variant) -> dict[str, Any]:
    return {**short(one.glyph), "relation": one.relation, "source": one.source}


def _facts(found: Details) -> list[tuple[str, str]]:
    point = " ".join(filter(None, (found.codepoint, found.selector)))
    parts = ", ".join(map(_radical_row, found.radicals))
    fallback = "JIS X 0213 にある" if found.in_jis else "なし"
    if found.fallback:
        fallback = f"{found.fallback.text}（{found.fallback.rule}）"
    return [
        ("MJ文字図形名", found.mj_name),
        ("文字", found.text),
        ("符号位置", point or "-"),
        ("戸籍統一文字番号", found.koseki or "-"),
        ("住基ネット統一文字コード", found.juki or "-"),
        ("総画数", str(found.strokes)),
        ("部首", parts or "-"),
        ("読み", " ".join(found.readings) or "-"),
        ("縮退", fallback),
        ("異体字", " ".join(f"{one.glyph.text}({one.glyph.mj_name})" for one in found.variants)),
    ]


def _radical_row(item: RadicalStrokes) -> str:
    residual = "-" if item.residual is None else item.residual
    return f"{radicals.character(item.radical)}（{item.radical}）+{residual}"


def _row(one: MjGlyph) -> str:
    point = " ".join(map(codepoint_name, one.text)) if one.codepoint else "-"
    readings = " ".join(one.readings[:4])
    return f"{one.text}  {one.mj_name}  {point}  {one.strokes}画  {readings}".rstrip()


def _write(table: dict[str, Any]) -> None:
    _line(json.dumps(table, ensure_ascii=False))


def _line(text: str) -> None:
    sys.stdout.write(text + "\n")
