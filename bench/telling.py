"""How a measurement tells its figures: a table on stderr, JSON on stdout or in a file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def arguments(description: str | None) -> argparse.ArgumentParser:
    """A parser with `--json`; a measurement adds its own options."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write; else stdout")
    return parser


def tell(figures: dict[str, Any], table: Callable[[dict[str, Any]], str], to: Path | None) -> None:
    """Print the table, then write the figures."""
    sys.stderr.write(table(figures) + "\n")
    text = json.dumps(figures, indent=2) + "\n"
    if to:
        to.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
