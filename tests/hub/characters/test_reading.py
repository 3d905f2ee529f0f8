"""Uploads are read by a child with limits: what it finds, and that its end is not ours."""

from __future__ import annotations

import io
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.characters import font_reading, reading, reading_process
from hub.characters.errors import GlyphRefusedError, Problem
from hub.characters.font_reading import choices, codepoint_of
from hub.characters.reading import read_upload
from intake.office.outline import EM
from tests.hub.characters.files import font, scan


def problem_of(data: bytes, wanted: str = "") -> Problem:
    with pytest.raises(GlyphRefusedError) as refused:
        reading_process.read(data, wanted, None)
    return refused.value.problem


@pytest.mark.parametrize("wanted", ["U+E001", "e001", "\ue001", "shape1", "SJIS F041", "sjis:f041"])
def test_a_glyph_is_found_by_code_name_or_gaiji_code(wanted: str):
    (found,) = choices(font(), wanted)
    assert found.label in ("U+E001", "shape1")
    assert found.outline.box() == (205, 82, 1843, 1966)


def test_without_a_wish_the_private_use_characters_are_offered_and_empty_ones_are_not():
    assert [one.label for one in choices(font(), "")] == ["U+E001", "U+E002"]


@pytest.mark.parametrize("em", [256, 1000, 2048])
def test_every_em_box_becomes_ours(em: int):
    (found,) = choices(font(em=em), "U+E002")
    left, top, right, bottom = found.outline.box()
    assert right - left == pytest.approx(0.8 * EM, abs=8)
    assert bottom - top == pytest.approx(0.8 * EM, abs=8)
    assert bottom == pytest.approx(0.88 * EM, abs=8)


def test_what_a_font_does_not_give():
    assert problem_of(font(), "U+E009") is Problem.NO_SUCH_GLYPH
    assert problem_of(font(), "no such name") is Problem.NO_SUCH_GLYPH
    assert problem_of(font(), "U+E000") is Problem.EMPTY
    assert problem_of(font(shapes=80)) is Problem.CHOOSE_GLYPH
    assert problem_of(font(shapes=0)) is Problem.CHOOSE_GLYPH
    assert problem_of(font(crowded=True), "U+E001") is Problem.TOO_COMPLEX
    assert problem_of(font()[:700], "U+E001") is Problem.FONT_UNREADABLE
    assert problem_of(b"PK\x03\x04 a document") is Problem.NOT_KNOWN
    assert problem_of(b"") is Problem.NOT_KNOWN


def test_codes_as_operators_write_them():
    assert codepoint_of("SJIS F040") == 0xE000
    assert codepoint_of("SJIS F9FC") == 0xE757
    assert codepoint_of("SJIS F07F") is None
    assert codepoint_of("SJIS 8140") is None
    assert codepoint_of("U+110000") is None
    assert codepoint_of("辺") == ord("辺")


@settings(deadline=None)
@given(st.data())
def test_a_damaged_font_is_a_font_or_refused(data: st.DataObject):
    broken = bytearray(font())
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(4, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = choices(bytes(broken), data.draw(st.sampled_from(["", "U+E001", "shape2"])))
    except GlyphRefusedError:
        return
    assert all(len(one.outline.data) <= 12 * 1024 for one in found)


def test_the_child_reads_a_font_and_a_scan():
    upload = read_upload(io.BytesIO(font()), "U+E001")
    assert [label for label, _ in upload.choices] == ["U+E001"]
    assert upload.original is None
    traced = read_upload(io.BytesIO(scan()), "", 130)
    assert traced.threshold == 130
    assert traced.original is not None
    assert traced.original.startswith(b"\x89PNG")
    assert upload.file_sha256 != traced.file_sha256


def test_a_picture_that_unpacks_to_more_than_memory_holds_is_refused():
    row = b"\0" + bytes(2_000_000)
    packed = zlib.compress(row * 40, 9)

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = (2_000_000).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed)
    with pytest.raises(GlyphRefusedError) as refused:
        read_upload(io.BytesIO(bomb + chunk(b"IEND", b"")))
    assert refused.value.problem is Problem.IMAGE_SIZE


def test_a_child_that_is_late_is_killed():
    begun = time.monotonic()
    with pytest.raises(GlyphRefusedError) as refused:
        read_upload(io.BytesIO(font()), "U+E001", patience_s=0.01)
    assert refused.value.problem is Problem.TOO_LONG
    assert time.monotonic() - begun < 5


def test_a_child_that_dies_is_a_refusal_and_no_fault_of_ours(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "MODULE", "hub.characters.no_such_module")
    with pytest.raises(GlyphRefusedError) as refused:
        read_upload(io.BytesIO(font()))
    assert refused.value.problem is Problem.TOO_LONG


def test_a_file_beyond_the_limit_is_refused_before_a_child_is_started(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(reading, "MOST_BYTES", 500)
    assert len(font()) > 500
    with pytest.raises(GlyphRefusedError) as refused:
        read_upload(io.BytesIO(font()))
    assert refused.value.problem is Problem.TOO_LARGE


def test_a_nul_in_what_was_typed_is_no_name():
    with pytest.raises(GlyphRefusedError) as refused:
        read_upload(io.BytesIO(font()), "a\0b")
    assert refused.value.problem is Problem.NO_SUCH_GLYPH


def test_other_formats_of_pictures_have_no_way_in():
    assert font_reading.is_font(font())
    assert problem_of(scan(kind="GIF")) is Problem.NOT_KNOWN
    assert problem_of(scan(kind="TIFF")) is Problem.NOT_KNOWN
