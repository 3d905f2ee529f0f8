"""Scans: read by the real tesseract where it is installed, and always left to a person."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.messages.documents.recognised import lines
from hub.messages.documents.result import Line, WarningCode
from hub.messages.notices.checks import reasons
from hub.messages.notices.extract import extract
from hub.messages.notices.template import load_all
from hub.messages.notices.values import ResidentNumber
from hub.messages.sandbox import ocr
from hub.messages.sandbox.pool import Pool
from tests.hub.messages.samples import NOTICES

HEAD = "\t".join(("level", *"abcdefghij", "text")) + "\n"


def word(line: int, left: int, width: int, text: str) -> str:
    return f"5\t1\t1\t1\t{line}\t1\t{left}\t{line * 60}\t{width}\t40\t90\t{text}\n"


def test_words_become_lines_and_cells_with_places():
    tsv = HEAD + "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t\n"
    tsv += word(1, 100, 80, "宛名") + word(1, 180, 80, "番号") + word(1, 400, 90, "0012")
    tsv += word(2, 100, 40, "様")
    found = lines(tsv, 300)
    assert [line.text for line in found] == ["宛名番号\t0012", "様"]
    assert found[0].cells[1].rounded() == (96.0, 14.4, 117.6, 24.0)


@pytest.mark.parametrize("row", ["5\tx", word(1, 1, 1, "x").replace("90\tx", "x")])
def test_what_is_no_list_of_words_is_refused(row: str):
    with pytest.raises(ValueError, match=r"recogniser|invalid"):
        lines(HEAD + row, 300)


@given(st.text(st.characters(codec="utf-8")))
def test_any_output_gives_lines_or_an_error(text: str):
    try:
        found = lines(HEAD + text, 300)
    except ValueError:
        return
    assert all(isinstance(line, Line) for line in found)


@pytest.mark.system
@pytest.mark.skipif(not ocr.installed(), reason=f"needs the Debian packages {ocr.PACKAGES}")
def test_a_scan_is_read_and_waits_for_a_person():
    data = (NOTICES / "scn-01-image-only.pdf").read_bytes()
    with Pool(1) as pool:
        plain = pool.read(data)
        assert ocr.scanned(plain) == [1]
        read = ocr.with_text(pool, data, plain)
    assert WarningCode.OCR in read.codes()
    notice = extract(read.pages, load_all(), ResidentNumber())
    assert notice.value("atena_no") == "900478342277803"
    assert notice.value("due_date") == "2026-06-16"
    doubts = {str(doubt) for doubt in reasons(read, notice, read.pages, range(1, 2))}
    assert {"ocr", "scan"} <= doubts
    # The control: without the marks the same text would have gone.
    unmarked = dataclasses.replace(read, warnings=())
    assert not reasons(unmarked, notice, read.pages, range(1, 2))
