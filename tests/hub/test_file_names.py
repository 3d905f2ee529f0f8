"""Names of files that were sent, as pages show them."""

import pytest

from hub.file_names import LONGEST, shown_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("..\\folder/納税通知　見本.pdf", "納税通知　見本.pdf"),
        ("か\u3099.pdf", "が.pdf"),
        ("a\r\nb\u202e.pdf", "ab.pdf"),
        ("\x00 　", "-"),
        ("長" * 200, "長" * LONGEST),
    ],
)
def test_a_name_is_shown_without_folders_and_what_cannot_be_printed(given: str, shown: str) -> None:
    assert shown_name(given) == shown
