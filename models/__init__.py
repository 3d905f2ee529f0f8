"""From pen strokes to ranked characters: features, encoder, gallery of every MJ glyph."""

import os

# One thread a search: a second BLAS thread gains nothing here and waits for a core on a busy unit.
# Effective because this room is the first on a unit to import numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
