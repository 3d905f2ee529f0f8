"""The pruned search finds what scoring everything finds: on the shipped gallery, also filtered."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import gallery, manifest, search
from models.added import AddedError, OwnGlyph, OwnPrototype, assemble
from models.embeddings import Embeddings
from models.features import stroke_features
from models.gallery import Gallery
from models.interpreter import Encoder
from models.ranking import Fusion, Place, Restriction, fuse
from models.recogniser import ARTEFACTS

DRAWN = sorted((Path(__file__).parent / "drawn").glob("U+*.json"))
CLOSE = 2e-5


@pytest.fixture(scope="module")
def listed() -> manifest.Manifest:
    return manifest.load(ARTEFACTS)


@pytest.fixture(scope="module")
def found(listed: manifest.Manifest) -> Gallery:
    return gallery.load(listed)


@pytest.fixture(scope="module")
def fusion(listed: manifest.Manifest) -> Fusion:
    return Fusion.from_settings(listed.settings["fusion"])


@pytest.fixture(scope="module")
def drawings(listed: manifest.Manifest) -> list[tuple[np.ndarray, int]]:
    encoder = Encoder(listed.read("encoder.tflite"))
    tables = [json.loads(path.read_text("utf-8"))["strokes"] for path in DRAWN]
    return [
        (encoder.embed(stroke_features([np.array(one, float) for one in table])), len(table))
        for table in tables
    ]


def best(totals: np.ndarray, top: int) -> np.ndarray:
    return np.lexsort((np.arange(len(totals)), -totals))[:top]


def same(places: list[Place], totals: np.ndarray, top: int) -> bool:
    """Whether the places are the best ones in order, up to the rounding of float32."""
    codes = [place.codepoint for place in places]
    difference = np.abs(totals[codes] - totals[best(totals, top)])
    return len(set(codes)) == len(codes) == top and bool((difference < CLOSE).all())


def some_query(gallery_: Gallery, seed: int) -> np.ndarray:
    """A unit vector somewhere near a glyph, or nowhere near any."""
    rng = np.random.default_rng(seed)
    row = np.array([rng.integers(len(gallery_.numbers))])
    glyphs = gallery_.glyphs
    packed = np.concatenate([glyphs.lead[row], glyphs.rest[row]], axis=1) * glyphs.scale
    near = (packed @ glyphs.basis.axes.T)[0]
    away = rng.normal(size=len(near)) / np.sqrt(len(near))
    mixed = near + rng.uniform(0, 2) * away
    return (mixed / np.linalg.norm(mixed)).astype(np.float32)


@pytest.mark.parametrize("top", [1, 10, 50, 300])
def test_drawings_find_what_scoring_everything_finds(
    found: Gallery, fusion: Fusion, drawings: list[tuple[np.ndarray, int]], top: int
) -> None:
    nothing = assemble(found, (), ())
    for vector, count in drawings:
        places = search.rank(found, fusion, vector, count, top=top, added=nothing)
        assert same(places, fuse(found, fusion, vector, count).total, top)


@given(st.integers(0, 2**32), st.integers(1, 40), st.sampled_from([5, 50]))
@settings(max_examples=25, deadline=None)
def test_any_vector_finds_what_scoring_everything_finds(
    found: Gallery, fusion: Fusion, seed: int, count: int, top: int
) -> None:
    vector = some_query(found, seed)
    strange = replace(fusion, usage=(0.0, 0.01, 0.02, 0.03, 0.05), prototype_bias=0.05)
    nothing = assemble(found, (), ())
    places = search.rank(found, strange, vector, count, top=top, added=nothing)
    assert same(places, fuse(found, strange, vector, count).total, top)


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_no_cosine_is_above_its_bound(found: Gallery, seed: int) -> None:
    vector = some_query(found, seed)
    bounds = found.glyphs.bounds(found.glyphs.query(vector))
    assert (found.glyphs.similarity(vector) <= bounds + search.ROUNDING).all()


def test_a_bound_without_the_other_axes_would_lose_candidates(
    found: Gallery, drawings: list[tuple[np.ndarray, int]]
) -> None:
    """The control: what the bound adds to the leading axes is needed."""
    bare = replace(found.glyphs, lengths=np.zeros_like(found.glyphs.lengths))
    above = [
        (bare.similarity(vector) > bare.bounds(bare.query(vector)) + CLOSE).mean()
        for vector, _ in drawings
    ]
    assert min(above) > 0.1


def test_a_filter_ranks_what_fits_in_the_same_order(
    found: Gallery, fusion: Fusion, drawings: list[tuple[np.ndarray, int]]
) -> None:
    nothing = assemble(found, (), ())
    vector, count = drawings[0]
    fitting = np.random.default_rng(3).random(len(found.numbers)) < 0.001
    allowed = Restriction(fitting, np.zeros(0, np.bool_))
    places = search.rank(found, fusion, vector, count, top=500, added=nothing, allowed=allowed)
    shown = {row for place in places for row, _ in place.glyphs}
    assert shown == set(np.flatnonzero(fitting).tolist())
    alone = np.logical_or.reduceat(fitting, found.starts) & (found.sizes == 1)
    totals = fuse(found, fusion, vector, count).total
    codes = [place.codepoint for place in places if alone[place.codepoint]]
    assert (np.diff(totals[codes]) < CLOSE).all()


def test_nothing_fits_nothing_is_found(
    found: Gallery, fusion: Fusion, drawings: list[tuple[np.ndarray, int]]
) -> None:
    nobody = Restriction(np.zeros(len(found.numbers), np.bool_), np.zeros(0, np.bool_))
    nothing = assemble(found, (), ())
    assert not search.rank(found, fusion, *drawings[0], top=9, added=nothing, allowed=nobody)


def test_an_own_glyph_and_a_confirmed_drawing_are_found(
    found: Gallery, fusion: Fusion, drawings: list[tuple[np.ndarray, int]]
) -> None:
    (vector, count), (other, strokes) = drawings[0], drawings[1]
    own = OwnGlyph("office:131016/E001", "〓", vector, count)
    added = assemble(found, [own], [])
    assert search.rank(found, fusion, vector, count, top=1, added=added)[0].glyphs == ()
    fifth = search.rank(found, fusion, other, strokes, top=5, added=added)[4]
    name = found.mj_name(fifth.glyphs[0][0])
    taught = assemble(found, [own], [OwnPrototype(name, other, strokes)])
    sure = replace(fusion, prototype_share=1.0)
    first = search.rank(found, sure, other, strokes, top=5, added=taught)[0]
    assert first.codepoint == fifth.codepoint


def test_what_does_not_fit_is_not_added(found: Gallery) -> None:
    unit = np.zeros(found.glyphs.width, np.float32)
    unit[0] = 1
    own = OwnGlyph("office:131016/E001", "〓", unit)
    with pytest.raises(AddedError, match="same name"):
        assemble(found, [own, own], [])
    with pytest.raises(AddedError, match="embed it again"):
        assemble(found, [replace(own, vector=unit[:64])], [])
    with pytest.raises(AddedError, match="embed it again"):
        assemble(found, [replace(own, vector=unit * 2)], [])
    with pytest.raises(AddedError, match="MJ999999"):
        assemble(found, [own], [OwnPrototype("MJ999999", unit, 3)])


def test_lengths_are_those_of_the_other_axes(found: Gallery) -> None:
    glyphs = found.glyphs
    again = Embeddings.of(glyphs.lead[:9], glyphs.rest[:9], glyphs.scale, glyphs.basis)
    rest = glyphs.rest[:9] * glyphs.scale[glyphs.lead.shape[1] :]
    np.testing.assert_allclose(again.lengths, np.linalg.norm(rest, axis=1), rtol=1e-5)
