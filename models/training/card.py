"""Write the model card of an artefact folder from what was measured and what went in.

`python -m models.training.card --run .cache/strokes/quick_split --folder models/artefacts/strokes`
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from models import manifest
from models.recogniser import ARTEFACTS

COLUMNS = ("top5", "top10", "top50")
NAMES = {"all": "as it is", "as_rare": "as if rare", "glyphs": "outlines only"}

TEXT = (Path(__file__).parent / "card_template.md").read_text(encoding="utf-8")


def rows(figures: dict) -> str:
    """Lines of the table of figures."""
    lines = []
    for name, entry in figures.items():
        source, case = name.split()
        for ranking, found in entry.items():
            first = f"{found['top1']:.3f} ({found['low']:.3f} to {found['high']:.3f})"
            cells = " | ".join(f"{found[column]:.3f}" for column in COLUMNS)
            lines.append(
                f"| {source} | {case} | {NAMES[ranking]} | {found['n']} | {first} | {cells} |"
            )
    return "\n".join(lines)


def compared(pairs: dict) -> str:
    """Lines of the table that asks the generation before for the same drawings."""
    lines = []
    for name, one in pairs.items():
        source, case, ranking = name.split()
        lines.append(
            f"| {source} | {case} | {NAMES[ranking]} | {one['n']} "
            f"| {one['other1']:.3f} | {one['top1']:.3f} | {one['won1']} : {one['lost1']} "
            f"| {one['chance']:.4f} | {one['other10']:.3f} | {one['top10']:.3f} |"
        )
    return "\n".join(lines)


def pooled(figures: dict) -> str:
    """The four hard cases taken together, as one figure per source."""
    lines = []
    for source in ("kanjivg", "tomoe", "hanzi"):
        found = [
            figures[f"{source} {case}"]["all"]
            for case in ("missing", "extra", "slanted", "squeezed")
            if f"{source} {case}" in figures
        ]
        if found:
            share = sum(one["top10"] * one["n"] for one in found) / sum(one["n"] for one in found)
            lines.append(
                f"Missing, extra, slanted and squeezed pooled, {source}: top-10 {share:.3f}."
            )
    return "\n" + "\n".join(lines) + "\n"


def read_log(run: Path) -> list[dict]:
    """Entries of the log of a run."""
    return [json.loads(line) for line in (run / "log.jsonl").read_text("utf-8").splitlines()]


def opening(log: list[dict]) -> dict:
    """The last entry that says what went in: a run that was resumed has several."""
    return next(entry for entry in reversed(log) if "inputs" in entry)


def hours(log: list[dict]) -> float:
    """Hours that a training took, all calls together."""
    spent, last = 0.0, 0.0
    for entry in log:
        if "inputs" in entry:
            spent += last
        last = float(entry["seconds"])
    return (spent + last) / 3600


def stage(log: list[dict]) -> str:
    """One training in a few words."""
    start = opening(log)
    rate = f" at rate {start['rate']}" if "rate" in start else ""
    return (
        f"{start['steps']:,} steps of 256 pairs{rate} ({hours(log):.1f} h on a busy 2-core machine)"
    )


def main() -> None:
    """Render CARD.md of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, nargs="+", required=True, help="runs, first to last")
    parser.add_argument("--folder", type=Path, default=ARTEFACTS)
    parser.add_argument("--figures", type=Path, required=True)
    parser.add_argument("--against", type=Path, required=True, help="figures beside the last")
    parser.add_argument("--before", default="before", help="what the other generation is called")
    parser.add_argument("--extra", type=Path, nargs="*", default=[], help="files with paragraphs")
    parser.add_argument("--most", type=int, default=800)
    options = parser.parse_args()
    listed = manifest.load(options.folder)
    logs = [read_log(run) for run in options.run]
    start = opening(logs[-1])
    figures = json.loads(options.figures.read_text())
    size = {name: f"{(options.folder / name).stat().st_size:,}" for name in listed.files}
    inputs = start["inputs"]
    tomoe = any(name.startswith("tomoe") for name in inputs)
    moji = any(name.endswith(".db") for name in inputs)
    text = TEXT.format(
        encoder=size["encoder.tflite"],
        lead=size["gallery_lead.npy"],
        rest=size["gallery_rest.npy"],
        basis=size["basis.npz"],
        prototypes=size["kanjivg/prototypes.npz"],
        labels=size["labels.npz"],
        int8_mean=listed.settings["int8_cosine"]["mean"],
        int8_min=listed.settings["int8_cosine"]["min"],
        stages=", then ".join(stage(one) for one in logs),
        tomoe=", tomoe_data by Hiroyuki Komatsu (Apache-2.0 or CC BY 4.0)" if tomoe else "",
        composed=(
            "- Strokes composed of KanjiVG components by the descriptions (`ids`) of\n"
            "  @mandel59/mojidata 1.8.1, laid on the font's centre lines.\n"
            if moji
            else ""
        ),
        split="strokes of the code points with `md5(str(codepoint)) % 4 == 0`."
        if start["split"]
        else "nothing, so that the figures below flatter; measure the recipe with `--split`.",
        inputs="\n".join(f"- `{name}` `{digest}`" for name, digest in sorted(inputs.items())),
        figures=rows(figures),
        pooled=pooled(figures),
        compared=compared(json.loads(options.against.read_text())),
        before=options.before,
        extra="".join("\n" + path.read_text(encoding="utf-8") for path in options.extra),
        most=options.most,
    )
    (options.folder / "CARD.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
