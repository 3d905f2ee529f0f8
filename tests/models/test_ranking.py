"""Fusion and grouping on a small gallery made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import search
from models.added import assemble
from models.embeddings import Basis, Embeddings
from models.gallery import NO_CODEPOINT, Gallery
from models.ranking import Fusion, Place, fuse

WIDTH = 8


def vectors(count: int, seed: int) -> np.ndarray:
    raw = np.random.default_rng(seed).normal(size=(count, WIDTH))
    return raw / np.linalg.norm(raw, axis=1, keepdims=True)


def embeddings(rows: np.ndarray) -> Embeddings:
    packed = np.rint(rows * 127).astype(np.int8)
    basis = Basis(np.eye(WIDTH, dtype=np.float32), np.zeros(WIDTH, np.float32))
    scale = np.full(WIDTH, 1 / 127, np.float32)
    return Embeddings.of(packed[:, :3].copy(), packed[:, 3:].copy(), scale, basis)


def rank(
    gallery: Gallery, fusion: Fusion, query: np.ndarray, drawn: int, *, top: int
) -> list[Place]:
    nothing = assemble(gallery, (), ())
    return search.rank(gallery, fusion, query, drawn, top=top, added=nothing)


def small_gallery(codes: list[int], rows: np.ndarray, prototypes: np.ndarray | None) -> Gallery:
    codepoints, starts = np.unique(np.array(codes, np.uint32), return_index=True)
    count = len(codes)
    known = 0 if prototypes is None else len(prototypes)
    return Gallery(
        embeddings(rows),
        np.arange(1, count + 1, dtype=np.uint32),
        codepoints,
        starts,
        np.array(codes, np.uint32),
        np.zeros(count, np.uint32),
        np.full(count, 5, np.uint8),
        np.zeros(len(codepoints), np.uint8),
        None if prototypes is None else embeddings(prototypes),
        np.arange(known),
        np.arange(known),
        np.full(known, 5, np.uint8),
    )


CODES = [0x4E00, 0x4E00, 0x4E00, 0x4E8C, 0x4E09, 0x4E09, NO_CODEPOINT + 3]
CODES.sort()
ROWS = vectors(len(CODES), 1)
FLAT = Fusion(0, 0, prototype_share=1.0)


@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 30))
@settings(max_examples=50, deadline=None)
def test_no_code_point_takes_two_places_and_all_its_glyphs_are_there(
    seed: int, top: int, drawn: int
) -> None:
    gallery = small_gallery(CODES, ROWS, None)
    places = rank(gallery, Fusion(), vectors(1, seed)[0].astype(np.float32), drawn, top=top)
    found = [place.codepoint for place in places]
    assert len(found) == len(set(found)) == min(top, 4)
    assert [place.score for place in places] == sorted((p.score for p in places), reverse=True)
    for place in places:
        assert sorted(row for row, _ in place.glyphs) == list(gallery.members(place.codepoint))


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_the_search_is_exact(seed: int) -> None:
    """Blocks and int8 find what a plain product over all glyphs finds."""
    rows = vectors(1300, seed)
    gallery = small_gallery(list(range(0x4E00, 0x4E00 + 1300)), rows, None)
    query = vectors(1, seed + 1)[0].astype(np.float32)
    plain = (np.rint(rows * 127) / 127) @ query
    places = rank(gallery, FLAT, query, 5, top=20)
    assert [place.codepoint for place in places] == np.argsort(-plain, kind="stable")[:20].tolist()


def test_glyphs_of_a_code_point_stand_best_first() -> None:
    gallery = small_gallery(CODES, ROWS, None)
    place = rank(gallery, FLAT, ROWS[1].astype(np.float32), 5, top=1)[0]
    assert gallery.codepoint(place.codepoint) == "U+4E00"
    assert place.glyphs[0][0] == 1
    shares = [share for _, share in place.glyphs]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=1e-5)


def test_a_glyph_without_code_point_stands_for_itself() -> None:
    gallery = small_gallery(CODES, ROWS, None)
    place = rank(gallery, FLAT, ROWS[-1].astype(np.float32), 5, top=1)[0]
    assert gallery.codepoint(place.codepoint) is None
    assert gallery.mj_name(place.glyphs[0][0]) == "MJ000007"


def test_a_stroke_prototype_lifts_its_code_point_by_its_share() -> None:
    query = vectors(1, 99)[0].astype(np.float32)
    gallery = small_gallery(CODES, ROWS, vectors(1, 99))
    plain = fuse(small_gallery(CODES, ROWS, None), FLAT, query, 5)
    for share in (0.0, 0.5, 1.0):
        lifted = fuse(gallery, replace(FLAT, prototype_share=share), query, 5)
        expected = plain.total[0] + share * (1 - plain.total[0])
        assert lifted.total[0] == pytest.approx(expected, abs=0.02)
        np.testing.assert_allclose(lifted.total[1:], plain.total[1:])


def test_a_prototype_that_is_far_off_never_lowers() -> None:
    query = vectors(1, 99)[0].astype(np.float32)
    gallery = small_gallery(CODES, ROWS, -vectors(1, 99))
    plain = fuse(small_gallery(CODES, ROWS, None), FLAT, query, 5)
    np.testing.assert_allclose(fuse(gallery, FLAT, query, 5).total, plain.total)


def test_stroke_count_weighs_the_side_it_strays_to() -> None:
    penalties = Fusion(fewer=0.1, more=0.3, cap=1.0).penalties(10)
    assert penalties[10] == 0
    assert penalties[20] == pytest.approx(0.1 * np.log(2), abs=1e-6)
    assert penalties[5] == pytest.approx(0.3 * np.log(2), abs=1e-6)
    assert penalties[1] == pytest.approx(0.3, abs=1e-6)


def test_use_breaks_a_tie() -> None:
    rows = np.repeat(vectors(1, 4), 2, axis=0)
    gallery = replace(small_gallery([0x4E00, 0x4E8C], rows, None), usage=np.array([0, 4], np.uint8))
    fusion = replace(FLAT, usage=(0.0, 0.0, 0.0, 0.0, 0.02))
    places = rank(gallery, fusion, rows[0].astype(np.float32), 5, top=2)
    assert gallery.codepoint(places[0].codepoint) == "U+4E8C"
