"""The documents stay true: verbs, commands, folders and links that they name exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
DOCUMENTS = sorted([REPOSITORY / "README.md", *REPOSITORY.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [name for name in targets if not (document.parent / name).exists()] == []


def test_make_help_lists_every_verb_that_the_readme_names() -> None:
    listed = subprocess.run(
        ["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    named = set(
        re.findall(r"(?:`|    )make ([a-z-]+)", (REPOSITORY / "README.md").read_text("utf-8"))
    )
    assert {"demo", "test"} <= named
    assert [verb for verb in sorted(named) if f"make {verb} " not in listed] == []


def test_readme_is_one_screen_or_two() -> None:
    assert len((REPOSITORY / "README.md").read_text("utf-8").splitlines()) <= 120


def test_decisions_are_short() -> None:
    long = [
        path.name
        for path in REPOSITORY.glob("docs/decisions/*.md")
        if len(path.read_text("utf-8").splitlines()) > 60
    ]
    assert long == []
