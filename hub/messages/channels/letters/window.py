"""Where on the sheet the address may stand, for an envelope whose sheet can slip."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.errors import ChannelSettingsError

OURS: Final = Path(__file__).with_name("windows.toml")
SHEET_WIDTH: Final = 210.0


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet in millimetres from its left and top edge."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Window:
    """block: always seen through the window, so the address stands in it. seen: what may show."""

    block: Box
    seen: Box


def load_window(name: str, path: Path = OURS) -> Window:
    """The window of an envelope by its name; ChannelSettingsError when there is none such."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))[name]
        left, top = float(table["window_left"]), float(table["window_top"])
        width, height = float(table["window_width"]), float(table["window_height"])
        seam = float(table["seam"])
        slip_x = float(table["envelope_width"]) - SHEET_WIDTH - seam
        slip_y = float(table["envelope_height"]) - float(table["fold_height"]) - seam
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ChannelSettingsError(
            f"channels.letter.window: there is no envelope {name}; see docs/channels.md"
        ) from error
    right, bottom = left + width, top + height
    return Window(
        block=Box(left - seam, top - seam, right - slip_x, bottom - slip_y),
        seen=Box(max(left - slip_x, 0), max(top - slip_y, 0), right - seam, bottom - seam),
    )
