"""A scan of one character: grey picture, threshold, cut to the ink, traced into the em box.

Runs in the child process: what decodes the picture is foreign code, fed with a stranger's bytes.
"""

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from hub.characters.errors import GlyphRefusedError, Problem
from hub.characters.tracing import Polygon, area, contours, simplified
from intake.errors import IntakeError
from intake.office.outline import EM, MAX_CONTOURS, Command, GlyphOutline

FORMATS: Final = ("PNG", "JPEG")
LEAST_SIDE: Final = 24
MOST_PIXELS: Final = 40_000_000
SHOWN_SIDE: Final = 480
"""Longer side of the picture that is traced and shown as the original."""
MARGIN: Final = 16
FILLS: Final = 0.92
"""Share of the em box that the longer side of the ink takes: that of a full-width kanji."""
MOST_POINTS: Final = 1400
SPECK: Final = 50.0
"""Square pixels of the traced picture below which a spot is dirt."""

Image.MAX_IMAGE_PIXELS = None  # the size is judged below, before anything is unpacked


@dataclass(frozen=True)
class Traced:
    """The outline, the picture it was traced from (PNG), and the threshold that was used."""

    outline: GlyphOutline
    original: bytes
    threshold: int


def trace(data: bytes, threshold: int | None = None) -> Traced:
    """The character on a PNG or JPEG; without `threshold` the one that divides ink and paper best.

    GlyphRefusedError when it is no such picture, too large or small, without ink, or too ragged.
    """
    picture = _dark_on_light(_opened(data))
    ink = _ink_of(picture, threshold or _between(picture))
    if ink is None:
        raise GlyphRefusedError(Problem.EMPTY)
    cut = _cut(picture, ink)
    level = threshold or _between(cut)
    width, height = cut.size
    flat = cut.filter(ImageFilter.GaussianBlur(0.8)).tobytes()
    rows = [flat[y * width : (y + 1) * width] for y in range(height)]
    found = [one for one in contours(_bordered(rows), level) if abs(area(one)) >= SPECK]
    if not found:
        raise GlyphRefusedError(Problem.EMPTY)
    fewer = simplified(found, MOST_POINTS)
    if not fewer or len(fewer) > MAX_CONTOURS:
        raise GlyphRefusedError(Problem.TOO_COMPLEX)
    return Traced(_outline(fewer), _png(cut), level)


def _opened(data: bytes) -> Image.Image:
    """The picture in grey on white, turned as its camera says; refused before it is unpacked."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            width, height = picture.size
            if min(width, height) < LEAST_SIDE or width * height > MOST_PIXELS:
                raise GlyphRefusedError(Problem.IMAGE_SIZE)
            picture.draft("L", (4 * SHOWN_SIDE, 4 * SHOWN_SIDE))
            upright = ImageOps.exif_transpose(picture)
            if upright.has_transparency_data:
                clear = upright.convert("RGBA")
                upright = Image.new("RGBA", clear.size, "white")
                upright.alpha_composite(clear)
            if upright.mode.startswith("I"):
                upright = upright.point(lambda value: value / 256).convert("L")  # 16 bits
            return upright.convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise GlyphRefusedError(Problem.IMAGE_UNREADABLE) from None


def _dark_on_light(picture: Image.Image) -> Image.Image:
    """Paper is what most of the border is."""
    width, height = picture.size
    edge = [(0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height)]
    edge.append((width - 1, 0, width, height))
    border = sorted(b"".join(picture.crop(box).tobytes() for box in edge))
    light = border[len(border) // 2] >= _between(picture)
    return picture if light else ImageOps.invert(picture)


def _between(picture: Image.Image) -> int:
    """The grey that divides ink and paper best (Otsu's way), 1 to 255."""
    counts = picture.histogram()
    total, weighted = sum(counts), sum(grey * count for grey, count in enumerate(counts))
    best, chosen, dark, dark_weighted = -1.0, 128, 0, 0
    for grey in range(255):
        dark += counts[grey]
        dark_weighted += grey * counts[grey]
        if not dark or dark == total:
            continue
        apart = dark_weighted / dark - (weighted - dark_weighted) / (total - dark)
        spread = dark * (total - dark) * apart * apart
        if spread > best:
            best, chosen = spread, grey + 1
    return chosen


def _ink_of(picture: Image.Image, level: int) -> tuple[int, int, int, int] | None:
    """The box around the ink; None for paper alone."""
    low, high = picture.getextrema()
    assert isinstance(low, int)
    assert isinstance(high, int)
    if high - low < 24:
        return None
    mask = picture.point([255 if grey < level else 0 for grey in range(256)])
    return mask.filter(ImageFilter.MedianFilter(3)).getbbox()


def _cut(picture: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """The ink alone, its longer side of SHOWN_SIDE pixels, with a margin of paper."""
    ink = picture.crop(box)
    scale = (SHOWN_SIDE - 2 * MARGIN) / max(ink.size)
    size = max(1, round(ink.width * scale)), max(1, round(ink.height * scale))
    sized = ink.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    paper = Image.new("L", (size[0] + 2 * MARGIN, size[1] + 2 * MARGIN), 255)
    paper.paste(sized, (MARGIN, MARGIN))
    return paper


def _bordered(rows: list[bytes]) -> list[bytes]:
    """The rows with white around them, as tracing wants it."""
    white = b"\xff" * len(rows[0])
    return [white, *(b"\xff" + row[1:-1] + b"\xff" for row in rows[1:-1]), white]


def _outline(polygons: list[Polygon]) -> GlyphOutline:
    """The polygons in the middle of the em box."""
    xs, ys = ([point[axis] for one in polygons for point in one] for axis in (0, 1))
    scale = EM * FILLS / max(max(xs) - min(xs), max(ys) - min(ys))
    left = EM / 2 - scale * (min(xs) + max(xs)) / 2
    top = EM / 2 - scale * (min(ys) + max(ys)) / 2
    commands: list[Command] = []
    for polygon in polygons:
        points = [(round(left + scale * x), round(top + scale * y)) for x, y in polygon]
        commands.append(("M", (points[0],)))
        commands += [("L", (point,)) for point in points[1:]]
        commands.append(("Z", ()))
    try:
        return GlyphOutline.of(commands)
    except IntakeError:
        raise GlyphRefusedError(Problem.TOO_COMPLEX) from None


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()
