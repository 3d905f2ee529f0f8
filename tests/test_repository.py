"""What may never be committed: index addresses, paths of one machine, private keys, stubs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
ADDRESS = re.compile(r"://|index-url|find-links")
PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")


def tracked(*patterns: str) -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in listing.split("\0") if name and (path := REPOSITORY / name).is_file()]


def lines_matching(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    found: list[str] = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.name}:{n}"
            for n, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    return found


def test_pinned_requirements_name_no_address() -> None:
    pinned = tracked("requirements/*.txt")
    assert len(pinned) >= 8
    assert lines_matching(ADDRESS, pinned) == []


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml", "package-lock.json"])
def test_no_lock_file_that_records_addresses(name: str) -> None:
    assert tracked(name, f"**/{name}") == []


def test_no_private_key_is_committed() -> None:
    assert lines_matching(PRIVATE_KEY, tracked("*.py", "*.pem", "*.json", "*.toml", "*.key")) == []


def test_no_path_of_this_machine() -> None:
    here = re.compile(re.escape(str(REPOSITORY.parent) + "/"))
    if str(REPOSITORY.parent) == "/":
        pytest.fail("the repository lies at the root; move it into a folder")
    assert (
        lines_matching(here, tracked("*.py", "*.md", "*.toml", "*.txt", "Makefile", "setup")) == []
    )


def test_modules_stay_readable() -> None:
    """No module over 350 lines, tests included; a migration is one frozen list of tables."""
    long = {
        str(path.relative_to(REPOSITORY)): count
        for path in tracked("*.py", ":!hub/storage/migrations/versions")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }
    assert long == {}
