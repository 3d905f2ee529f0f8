"""Golden vectors of notifications and ink logs, for this code and for any other language.

`python -m tests.intake.notification.vectors` from the repository root writes them; a test compares.
Once released a vector never changes: a new form gets new files beside the old.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from intake import canonical
from intake.characters import Character
from intake.ink import AxisRange, Ink, PenSample, TabletDescription, name_drawings
from intake.ink.log import LogWriter, encode
from intake.ink.name_drawings import NameDrawing
from intake.notification import content_digest, individual_number
from intake.notification import encode as encode_notification
from intake.notification.codec import SIZE_LIMIT
from intake.notification.individual_number import IndividualNumbers
from tests.intake.ink.samples import TABLET, handwriting
from tests.intake.notification import samples

GOLDEN = Path(__file__).parents[3] / "intake" / "golden"
_ODD = Ink(
    TabletDescription(
        "browser", "Browser pen", AxisRange(100, 200), AxisRange(0, 1), AxisRange(0, 0)
    ),
    (
        PenSample(2_000, -5, 2**31, 9, 90, -90, contact=True),
        PenSample(400, 0, -(2**31), -1, in_range=False, dropped_before=True),
        PenSample(400, 0, -(2**31), -1, in_range=False),
    ),
)
INKS = {
    "handwriting": handwriting(130),
    "outside-ranges": _ODD,
    "empty": Ink(TABLET, ()),
}
DRAWINGS = (
    NameDrawing("p1", "name", 1, encode(_ODD), ("MJ026191", "MJ026190"), samples.FAMILY_NAME),
    NameDrawing(None, "notifier_name", 0, encode(_ODD), (), Character.unresolved("name_ink/1")),
)
NUMBERS = IndividualNumbers(samples.MOVE_IN.notification_id, {"p1": "123456789018"})


def files() -> dict[str, str]:
    """Give every vector file by name."""
    notifications = {
        f"notification-{name}.json": {
            "cbor": (data := encode_notification(notification)).hex(),
            "content_sha256": content_digest(notification).hex(),
            "value": _readable(canonical.decode(data, limit=SIZE_LIMIT)),
        }
        for name, notification in samples.ALL.items()
    }
    inks = {f"ink-{name}.json": _ink(ink) for name, ink in INKS.items()}
    parts = {
        "part-name-ink.json": _part(name_drawings.encode(DRAWINGS)),
        "part-individual-number.json": _part(individual_number.encode(NUMBERS)),
    }
    return {name: _text(vector) for name, vector in {**notifications, **inks, **parts}.items()}


def _part(data: bytes) -> dict[str, object]:
    return {"cbor": data.hex(), "value": _readable(canonical.decode(data, limit=SIZE_LIMIT))}


def _ink(ink: Ink) -> dict[str, object]:
    writer = LogWriter(ink.tablet)
    streamed = writer.header() + writer.extend(ink.samples) + writer.flush()
    header = canonical.decode(_header(streamed), limit=4096)
    columns = (
        "time_us",
        "x",
        "y",
        "pressure",
        "tilt_x",
        "tilt_y",
        "in_range",
        "contact",
        "dropped_before",
    )
    rows = [[int(getattr(sample, name)) for name in columns] for sample in ink.samples]
    return {
        "log": encode(ink).hex(),
        "streamed_in_blocks_of_64": streamed.hex(),
        "header": header,
        "columns": columns,
        "samples": rows,
    }


def _header(log: bytes) -> bytes:
    size, start = log[5] & 0x7F, 6
    if log[5] & 0x80:
        size, start = size | log[6] << 7, 7
    return log[start : start + size]


def _readable(value: object) -> object:
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, list):
        return [_readable(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        return {k: _readable(v) for k, v in cast("dict[str, object]", value).items()}
    return value


def _text(vector: dict[str, object]) -> str:
    lines = (f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in vector.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Write all vectors."""
    for name, text in files().items():
        (GOLDEN / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
