"""Reads trust anchors from a folder: sign_*.der, auth_*.der, cv_*.der, and pins beside them."""

from collections.abc import Mapping
from pathlib import Path

from intake.certificates.anchors import PINS_FILE, AnchorSet, make_anchor_set, parse_pins
from intake.certificates.errors import AnchorError
from intake.office.environment import Environment


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


def _pins(path: Path) -> Mapping[str, str] | None:
    if not path.exists():
        return None
    try:
        return parse_pins(path.read_text(encoding="utf-8"))
    except AnchorError as error:
        raise AnchorError(f"{path.name}: {error}") from error
