"""Writes gallery, prototypes and labels as the unit loads them, from embeddings of any width.

The gallery is kept along its principal axes (models.embeddings), `KEPT` of them. Run as a module it
packs a folder of the older format (`gallery.npy`, one scale) anew:
`python -m models.training.pack --folder FOLDER`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from models import manifest
from models.embeddings import basis_of, packed

KEPT = 96
"""Axes that are kept of an embedding: the others hold about a thousandth of the spread."""

LEADING = 40
"""Axes by which everything is compared before anything is compared in full."""

PROTOTYPE_FILE = "kanjivg/prototypes.npz"
FILES = [
    "encoder.tflite", "basis.npz", "gallery_lead.npy", "gallery_rest.npy", "labels.npz",
    PROTOTYPE_FILE,
]  # fmt: skip


def write(
    output: Path,
    glyphs: np.ndarray,
    prototypes: np.ndarray,
    labels: dict[str, np.ndarray],
    prototype_labels: dict[str, np.ndarray],
) -> None:
    """Write all FILES but the encoder: unit vectors (n, width), (m, width) and their labels.

    The axes are those of the glyphs alone, so that what comes of KanjiVG stays in its own file.
    """
    (output / "kanjivg").mkdir(parents=True, exist_ok=True)
    basis = basis_of(glyphs, KEPT)
    rows, scale = packed(glyphs, basis)
    np.savez(output / "basis.npz", axes=basis.axes, mean=basis.mean, scale=scale)
    np.save(output / "gallery_lead.npy", np.ascontiguousarray(rows[:, :LEADING]))
    np.save(output / "gallery_rest.npy", np.ascontiguousarray(rows[:, LEADING:]))
    np.savez_compressed(output / "labels.npz", **labels)
    drawn, drawn_scale = packed(prototypes, basis)
    np.savez_compressed(
        output / PROTOTYPE_FILE, embeddings=drawn, scale=drawn_scale, **prototype_labels
    )


def main() -> None:
    """Pack an older folder anew in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    folder = parser.parse_args().folder
    settings = json.loads((folder / manifest.NAME).read_text(encoding="utf-8"))["settings"]
    scales = settings.pop("gallery_scale"), settings.pop("prototype_scale")
    with np.load(folder / PROTOTYPE_FILE) as stored, np.load(folder / "labels.npz") as labels:
        prototypes, named = dict(stored), dict(labels)
    glyphs = np.load(folder / "gallery.npy").astype(np.float32) * np.float32(scales[0])
    drawn = prototypes.pop("embeddings").astype(np.float32) * np.float32(scales[1])
    write(folder, glyphs, drawn, named, prototypes)
    (folder / "gallery.npy").unlink()
    manifest.write(folder, FILES, settings)


if __name__ == "__main__":
    main()
