"""Text that a file's own table of characters gets wrong is never passed on as right."""

import pytest

from hub.messages.documents.characters import is_control
from hub.messages.documents.result import WarningCode
from tests.hub.messages.pdf_maker import MadePage, made
from tests.hub.messages.samples import in_process


def mapped(text: str, table: str) -> bytes:
    """A notice in a subset font whose /ToUnicode says `table` of its one glyph."""
    data = made([MadePage().text(60, 60, text)])
    cmap = (
        "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
        f"1 beginbfrange <3000> <30FF> <{table}> endbfrange endcmap"
    )
    font = data.replace(
        b"/BaseFont /HeiseiMin-W3 /Encoding /UniJIS-UTF16-H ",
        b"/BaseFont /ABCDEF+Mincho /Encoding /Identity-H /ToUnicode 90 0 R ",
        1,
    )
    stream = f"90 0 obj\n<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream\nendobj\n".encode()
    return font.replace(b"xref\n", stream + b"xref\n", 1)


@pytest.mark.parametrize("table", ["0020", "007F"])
def test_kana_that_the_file_calls_latin_letters_hold_the_page(table: str):
    read = in_process(mapped("のの", table))
    assert WarningCode.NO_UNICODE_MAP in read.codes()


def test_kana_under_their_own_names_do_not():
    read = in_process(mapped("のの", "3000"))
    assert WarningCode.NO_UNICODE_MAP not in read.codes()
    assert read.pages[0].text == "のの"


def test_only_what_nothing_draws_is_a_control_character():
    assert [is_control(c) for c in "\x7f\x01\x9f \t\n　の"] == [True] * 3 + [False] * 5
