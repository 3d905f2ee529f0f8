"""The house keeps its shape: our package names are ours, and rooms import as designed."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
ROOMS = ("intake", "drivers", "models", "edge", "hub", "provisioning")


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_distribution_claims_a_room(room: str) -> None:
    assert set(packages_distributions().get(room, [])) <= {"madoguchi"}
    path = Path(importlib.import_module(room).__file__ or "")
    assert path.is_relative_to(REPOSITORY)


def test_a_planted_breach_is_found(tmp_path: Path) -> None:
    """The control of the import contracts: with an import from hub to edge they must break."""
    for room in ROOMS:
        shutil.copytree(
            REPOSITORY / room, tmp_path / room, ignore=shutil.ignore_patterns("data", "artefacts")
        )
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    lint = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as c; c()",
        "--no-cache",
    ]
    kept = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert kept.returncode == 0, kept.stdout
    (tmp_path / "hub" / "breach.py").write_text("import edge\n", encoding="utf-8")
    broken = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert "hub.breach -> edge" in broken.stdout
