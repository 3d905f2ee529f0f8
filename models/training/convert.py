"""From a trained encoder to the artefacts that the unit loads: int8 model, gallery, prototypes.

`python -m models.training.convert --run .cache/strokes/quick_split --output FOLDER --tomoe FILE`
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models import manifest
from models.features import feature_maps, segments_of
from models.gallery import NO_CODEPOINT
from models.interpreter import Encoder
from models.ranking import Fusion
from models.training import augmentation, batches, corpus, pack
from models.training.train import arguments

if TYPE_CHECKING:
    import keras

    from models.training.corpus import Corpus

CALIBRATION = 256


def quantise(encoder: keras.Model, pictures: np.ndarray) -> bytes:
    """Full int8 .tflite (int8 in and out) calibrated on feature maps."""
    import tensorflow as tf  # noqa: PLC0415 heavy, and pieces of this module are tested without it

    converter = tf.lite.TFLiteConverter.from_keras_model(encoder)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([picture[None]] for picture in pictures)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    return converter.convert()


def to_float(encoder: keras.Model) -> bytes:
    """The same encoder as a float .tflite, for comparison."""
    import tensorflow as tf  # noqa: PLC0415 see quantise

    return tf.lite.TFLiteConverter.from_keras_model(encoder).convert()


def agreement(encoder: keras.Model, model: bytes, pictures: np.ndarray) -> dict[str, float]:
    """Cosine between the int8 model's vectors and the float encoder's."""
    from models.training.network import embed  # noqa: PLC0415 see quantise

    small = Encoder(model)
    vectors = np.array([small.embed(picture) for picture in pictures])
    cosine = (vectors * embed(encoder, pictures).numpy()).sum(axis=1)
    return {"mean": round(float(cosine.mean()), 5), "min": round(float(cosine.min()), 5)}


def calibration_pictures(found: Corpus, seed: int) -> np.ndarray:
    """Feature maps that span what the encoder will see: half printed, half drawn."""
    rng = np.random.default_rng((seed, 3))
    hand = augmentation.Hand(affine=0.08, warp=0.03)
    printed = rng.choice(
        np.nonzero(found.spans[:, 0, 1] > found.spans[:, 0, 0])[0], CALIBRATION // 2
    )
    drawn = rng.choice(found.drawn, CALIBRATION // 2)
    return np.concatenate(
        [
            batches.gallery_pictures(found, printed, 256),
            batches.pen_pictures(found, drawn, hand, rng),
        ]
    )


def in_batches(encoder: keras.Model, draw: object, count: int) -> np.ndarray:
    """Embeddings of `count` pictures that draw(indices) makes."""
    from models.training.network import embed  # noqa: PLC0415 see quantise

    parts = np.array_split(np.arange(count), max(1, count // 1000))
    return np.concatenate([embed(encoder, draw(part)).numpy() for part in parts])


def printed(found: Corpus, encoder: keras.Model, order: np.ndarray) -> np.ndarray:
    """Unit vectors of the rows `order` as printed: the mean over the fonts that have the glyph."""
    total = np.zeros((len(order), encoder.output_shape[-1]), np.float32)
    for font in range(found.spans.shape[1]):
        there = np.flatnonzero(found.spans[order, font, 1] > found.spans[order, font, 0])

        def draw(part: np.ndarray, rows: np.ndarray = order[there], font: int = font) -> np.ndarray:
            return batches.gallery_pictures(found, rows[part], 256, font)

        total[there] += in_batches(encoder, draw, len(there))
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)


def labels(found: Corpus) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Order of the gallery (by code point, then MJ name) and the columns of its labels."""
    rows = found.rows
    codes = np.array(
        [
            NO_CODEPOINT + at if row.codepoint is None else row.codepoint
            for at, row in enumerate(rows)
        ],
        np.uint32,
    )
    order = np.argsort(codes, kind="stable")
    texts = [row.text for row in rows]
    return order, {
        "numbers": np.array([int(row.name[2:]) for row in rows], np.uint32)[order],
        "codepoints": codes[order],
        "bases": np.array([text[0] for text in texts], np.uint32)[order],
        "selectors": np.array([text[1] for text in texts], np.uint32)[order],
        "strokes": np.array([row.strokes for row in rows], np.uint8)[order],
        "usage": np.array([row.usage for row in rows], np.uint8)[order],
    }


def prototypes(found: Corpus) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """KanjiVG samples of characters in the MJ list: their places in the table, and columns."""
    code_of = {row.implemented: row.codepoint for row in found.rows if row.implemented}
    table = found.table
    drawn = np.char.startswith(table.sources.astype(str), "kanjivg")
    codes = np.array([code_of.get(int(code)) or 0 for code in table.codepoints], np.uint32)
    places = np.nonzero(drawn & (codes > 0))[0]
    places = places[np.argsort(codes[places], kind="stable")]
    return places, {"codepoints": codes[places], "strokes": table.counts[places].astype(np.uint8)}


def main() -> None:
    """Convert one run into an artefact folder."""
    parser = arguments()
    parser.add_argument("--run", type=Path, required=True, help="folder that holds encoder.keras")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import keras  # noqa: PLC0415 see quantise

    found = corpus.load(options.tomoe, options.cache, split=options.split)
    encoder = keras.models.load_model(options.run / "encoder.keras")
    options.output.mkdir(parents=True, exist_ok=True)
    model = quantise(encoder, calibration_pictures(found, options.seed))
    (options.output / "encoder.tflite").write_bytes(model)
    (options.run / "encoder_float.tflite").write_bytes(to_float(encoder))
    export(found, encoder, options.output)
    settings = {"int8_cosine": agreement(encoder, model, calibration_pictures(found, 77))}
    path = options.output / manifest.NAME
    if path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))["settings"]
        settings = {**before, **settings}
    for name in ("fusion", "fusion_glyphs_only"):
        settings.setdefault(name, vars(Fusion()))
    manifest.write(options.output, pack.FILES, settings)
    print(json.dumps({name: (options.output / name).stat().st_size for name in pack.FILES}))


def export(found: Corpus, encoder: keras.Model, output: Path) -> None:
    """Write gallery, labels and prototypes."""
    order, columns = labels(found)
    glyphs = printed(found, encoder, order)
    places, proto_columns = prototypes(found)

    def drawn(part: np.ndarray) -> np.ndarray:
        return feature_maps(segments_of(found.table.ends[places[part]]))

    rows = in_batches(encoder, drawn, len(places))
    pack.write(output, glyphs, rows, columns, proto_columns)


if __name__ == "__main__":
    main()
