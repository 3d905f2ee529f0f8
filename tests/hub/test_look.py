"""The look of both kinds of pages begins with the same values."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_office_and_counter_share_their_tokens_byte_for_byte():
    office = ROOT / "hub" / "web" / "static" / "tokens.css"
    counter = ROOT / "edge" / "static" / "tokens.css"
    assert office.read_bytes() == counter.read_bytes()


def test_the_offices_own_style_names_no_colour():
    style = (ROOT / "hub" / "web" / "static" / "office.css").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", style)
    assert "rgb(" not in style
