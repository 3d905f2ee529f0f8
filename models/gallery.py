"""Every glyph that can be found: int8 embeddings searched exactly, with what each glyph is."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.lib.format

from models.embeddings import Basis, Embeddings
from models.errors import ArtefactError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.manifest import Manifest

NO_CODEPOINT = 0x110000
"""Code point column from here on: the glyph has none and stands for itself."""


@dataclass(frozen=True)
class Gallery:
    """Glyphs in order of code point, and stroke prototypes in order of code point.

    numbers: the digits of the MJ name; codepoints, starts: the distinct code points (NO_CODEPOINT
    and above: none) and their first glyph; bases, selectors: plain text of a glyph (0 = none);
    strokes: 総画数; usage: tier 0-4 per distinct code point. Prototypes: owners index the distinct
    code points, prototype_starts their first row.
    """

    glyphs: Embeddings
    numbers: NDArray[np.uint32]
    codepoints: NDArray[np.uint32]
    starts: NDArray[np.int64]
    bases: NDArray[np.uint32]
    selectors: NDArray[np.uint32]
    strokes: NDArray[np.uint8]
    usage: NDArray[np.uint8]
    prototypes: Embeddings | None
    owners: NDArray[np.int64]
    prototype_starts: NDArray[np.int64]
    prototype_strokes: NDArray[np.uint8]

    def mj_name(self, row: int) -> str:
        """Name of the glyph in a row."""
        return f"MJ{self.numbers[row]:06d}"

    def text(self, row: int) -> str:
        """Most exact plain text of a glyph: code point, or base and variation selector, or 〓."""
        base, selector = int(self.bases[row]), int(self.selectors[row])
        if not base:
            return "〓"
        return chr(base) + (chr(selector) if selector else "")

    def codepoint(self, at: int) -> str | None:
        """`U+XXXX` of a distinct code point, None for a glyph without one."""
        value = int(self.codepoints[at])
        return f"U+{value:04X}" if value < NO_CODEPOINT else None

    def place_of(self, mj_name: str) -> int | None:
        """Index of the distinct code point that a glyph belongs to, None for an unknown name."""
        digits = mj_name.removeprefix("MJ")
        if len(digits) != 6 or not digits.isdecimal():
            return None
        rows = np.flatnonzero(self.numbers == int(digits))
        if not len(rows):
            return None
        return int(np.searchsorted(self.starts, rows[0], side="right")) - 1

    def members(self, at: int) -> range:
        """Rows of the glyphs of a distinct code point."""
        end = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.numbers)
        return range(int(self.starts[at]), int(end))

    @cached_property
    def prototype_sizes(self) -> NDArray[np.int32]:
        """Number of prototypes of each owner."""
        return np.diff(self.prototype_starts, append=len(self.prototype_strokes)).astype(np.int32)

    @cached_property
    def sizes(self) -> NDArray[np.int32]:
        """Number of glyphs of each distinct code point."""
        return np.diff(self.starts, append=len(self.numbers)).astype(np.int32)

    @cached_property
    def places(self) -> NDArray[np.int32]:
        """Index of the distinct code point of each glyph (n,)."""
        return np.repeat(np.arange(len(self.starts), dtype=np.int32), self.sizes)

    @cached_property
    def usage_of_glyphs(self) -> NDArray[np.uint8]:
        """Tier of everyday use of each glyph's code point (n,)."""
        return self.usage[self.places]

    def rows_of(self, places: NDArray[np.int64]) -> NDArray[np.intp]:
        """Rows of all glyphs of some distinct code points, in order."""
        return np.flatnonzero(np.isin(self.places, places))


def spread(
    starts: NDArray[np.int64], sizes: NDArray[np.int32], chosen: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of the chosen groups back to back, and where each group begins among them."""
    counts = sizes[chosen].astype(np.intp)
    begins = np.cumsum(counts) - counts
    return np.arange(counts.sum()) + np.repeat(starts[chosen] - begins, counts), begins


def load(manifest: Manifest, *, prototypes: bool = True) -> Gallery:
    """Gallery of an artefact folder; without `prototypes` the KanjiVG file is not opened."""
    labels = _arrays(manifest, "labels.npz")
    axes = _arrays(manifest, "basis.npz")
    basis = Basis(axes["axes"], axes["mean"])
    lead, rest = _int8(manifest, "gallery_lead.npy"), _int8(manifest, "gallery_rest.npy")
    shapes = {(len(lead), lead.shape[1] + rest.shape[1]), (len(rest), len(axes["scale"]))}
    if shapes != {(len(labels["numbers"]), basis.axes.shape[1])}:
        raise ArtefactError(
            "gallery_lead.npy, gallery_rest.npy, basis.npz and labels.npz are not of one "
            "generation: install the artefacts again"
        )
    codepoints, starts = np.unique(labels["codepoints"], return_index=True)
    found = _prototypes(manifest, codepoints, basis, lead.shape[1]) if prototypes else None
    empty = np.zeros(0, np.int64)
    return Gallery(
        Embeddings.of(lead, rest, axes["scale"], basis),
        labels["numbers"],
        codepoints,
        starts,
        labels["bases"],
        labels["selectors"],
        labels["strokes"],
        np.maximum.reduceat(labels["usage"], starts),
        found[0] if found else None,
        found[1] if found else empty,
        found[2] if found else empty,
        found[3] if found else empty.astype(np.uint8),
    )


def _prototypes(
    manifest: Manifest, codepoints: NDArray[np.uint32], basis: Basis, lead: int
) -> tuple[Embeddings, NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    stored = _arrays(manifest, "kanjivg/prototypes.npz")
    distinct, starts = np.unique(stored["codepoints"], return_index=True)
    owners = np.searchsorted(codepoints, distinct)
    rows = stored["embeddings"]
    embedded = Embeddings.of(rows[:, :lead].copy(), rows[:, lead:].copy(), stored["scale"], basis)
    return embedded, owners, starts, stored["strokes"]


def _arrays(manifest: Manifest, name: str) -> dict[str, NDArray[Any]]:
    data = manifest.read(name)
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except (ValueError, OSError, KeyError) as error:
        raise ArtefactError(f"{name} cannot be read ({error}): install the artefacts") from error


def _int8(manifest: Manifest, name: str) -> NDArray[np.int8]:
    """An int8 array of an .npy file, on the bytes as read: a second copy would be megabytes."""
    data = manifest.read(name)
    stream = io.BytesIO(data)
    try:
        numpy.lib.format.read_magic(stream)
        shape, _, kind = numpy.lib.format.read_array_header_1_0(stream)
        if kind != np.int8:
            raise ArtefactError(f"{name} does not hold int8: install the artefacts again")
        return np.frombuffer(data, np.int8, offset=stream.tell()).reshape(shape)
    except ValueError as error:
        raise ArtefactError(f"{name} cannot be read ({error}): install the artefacts") from error
