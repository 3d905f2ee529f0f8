"""Pages of A4 with lines in an embedded font, written by WeasyPrint: what a printer gets."""

from functools import cache

from weasyprint import HTML


@cache
def pages(*texts: tuple[float, float, str], size: str = "A4", count: int = 1) -> bytes:
    """A document; each text stands at so many millimetres from the left and the top of page 1."""
    style = f"@page{{size:{size};margin:0}}body{{margin:0}}p{{position:absolute;margin:0}}"
    placed = "".join(
        f'<p style="left:{left}mm;top:{top}mm">{text}</p>' for left, top, text in texts
    )
    breaks = '<div style="break-after:page">&nbsp;</div>' * (count - 1)
    written = HTML(string=f"<style>{style}</style>{placed}{breaks}").write_pdf()
    assert isinstance(written, bytes)
    return written
