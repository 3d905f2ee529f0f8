"""Reads trust anchors from a folder: sign_*.der, auth_*.der, cv_*.der, and pins beside them."""

import re
from pathlib import Path

from intake.certificates.anchors import AnchorSet, make_anchor_set
from intake.certificates.errors import AnchorError
from intake.office.environment import Environment

PINS_FILE = "pins.sha256"
_PIN = re.compile(r"([0-9a-f]{64})(\s.*)?")


def load_anchors(folder: Path, *, environment: Environment) -> AnchorSet:
    """The anchors in `folder`; other files in it are left alone.

    Where `pins.sha256` stands (lines as sha256sum writes them), each anchor must be in it.
    Raises AnchorError naming what to replace, also when the folder holds no anchor.
    """
    files = [
        (path.name, path.read_bytes())
        for pattern in ("sign_*.der", "auth_*.der", "cv_*.der")
        for path in sorted(folder.glob(pattern))
    ]
    if not files:
        raise AnchorError(f"{folder}: no sign_*.der, auth_*.der or cv_*.der in this folder")
    return make_anchor_set(files, environment=environment, pins=_pins(folder / PINS_FILE))


def _pins(path: Path) -> frozenset[str] | None:
    if not path.exists():
        return None
    pins: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _PIN.fullmatch(line.strip())
        if match is None:
            raise AnchorError(f"{path.name}: {line[:20]!r} does not begin with a SHA-256")
        pins.add(match[1])
    return frozenset(pins)
