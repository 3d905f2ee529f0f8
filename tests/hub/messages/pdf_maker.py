"""PDFs written by hand: text at places, lines, any number of pages, with a font of the viewer."""

from collections.abc import Iterable
from dataclasses import dataclass, field

FONT_OBJECTS = """\
<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /UniJIS-UTF16-H \
/DescendantFonts [4 0 R] >>
<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 /DW 1000 \
/W [1 [500] 2 94 500 231 632 500] /FontDescriptor 5 0 R \
/CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>
<< /Type /FontDescriptor /FontName /HeiseiMin-W3 /Flags 6 /FontBBox [-123 -257 1001 910] \
/ItalicAngle 0 /Ascent 859 /Descent -140 /CapHeight 709 /StemV 69 >>""".splitlines()
RESOURCES = "/Resources << /Font << /F 3 0 R >> >>"


@dataclass
class MadePage:
    """What to draw, in points from the upper left corner of an A4 page."""

    marks: list[str] = field(default_factory=list[str])

    def text(self, x: float, y: float, text: str, size: float = 10.5) -> "MadePage":
        """One line with its upper left corner at (x, y)."""
        code = text.encode("utf-16-be").hex()
        self.marks.append(f"BT /F {size} Tf {x:.2f} {842 - y - size * 0.88:.2f} Td <{code}> Tj ET")
        return self

    def lines(self, x: float, y: float, texts: Iterable[str], step: float = 16) -> "MadePage":
        """Lines below each other."""
        for number, text in enumerate(texts):
            self.text(x, y + number * step, text)
        return self

    def table(
        self, x: float, y: float, rows: list[list[str]], width: float = 110, *, ruled: bool = True
    ) -> "MadePage":
        """A table of equally wide columns."""
        height = 18
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell:
                    self.text(x + column * width + 4, y + number * height + 4, cell)
        if ruled:
            right, bottom = x + width * len(rows[0]), y + height * len(rows)
            for number in range(len(rows) + 1):
                self._line(x, y + number * height, right, y + number * height)
            for column in range(len(rows[0]) + 1):
                self._line(x + column * width, y, x + column * width, bottom)
        return self

    def _line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.marks.append(f"0.5 w {x0:.2f} {842 - y0:.2f} m {x1:.2f} {842 - y1:.2f} l S")


def made(pages: Iterable[MadePage]) -> bytes:
    """The document."""
    drawn = list(pages)
    first = 6
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(drawn)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(drawn)} >>",
        *FONT_OBJECTS,
    ]
    for number, page in enumerate(drawn):
        stream = "\n".join(page.marks)
        contents = f"/Contents {first + 2 * number + 1} 0 R"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {contents} {RESOURCES} >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    return _written(objects)


def _written(objects: list[str]) -> bytes:
    data = bytearray(b"%PDF-1.5\n")
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    at = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    data += (
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n".encode()
    )
    return bytes(data)
