"""Write the model card of an artefact folder from what was measured and what went in.

`python -m models.training.card --run .cache/strokes/quick_split --folder models/artefacts/strokes`
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from models import manifest
from models.recogniser import ARTEFACTS

COLUMNS = ("top1", "top5", "top10", "top50")
NAMES = {"all": "as it is", "as_rare": "as if rare", "glyphs": "outlines only"}

TEXT = (Path(__file__).parent / "card_template.md").read_text(encoding="utf-8")


def rows(figures: dict) -> str:
    """Lines of the table of figures."""
    lines = []
    for name, entry in figures.items():
        source, case = name.split()
        for ranking, found in entry.items():
            cells = " | ".join(f"{found[column]:.3f}" for column in COLUMNS)
            lines.append(f"| {source} | {case} | {NAMES[ranking]} | {found['n']} | {cells} |")
    return "\n".join(lines)


def pooled(figures: dict) -> str:
    """The four hard cases taken together, as one figure per source."""
    lines = []
    for source in ("kanjivg", "tomoe"):
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
    """The entry that says what went in."""
    return next(entry for entry in log if "inputs" in entry)


def stage(log: list[dict]) -> str:
    """One training in a few words."""
    start = opening(log)
    hours = sum(entry["seconds"] for entry in log if "result" in entry) / 3600
    rate = f" at rate {start['rate']}" if "rate" in start else ""
    return f"{start['steps']:,} steps of 256 pairs{rate} ({hours:.1f} h on a busy 2-core machine)"


def commands(starts: list[dict]) -> str:
    """How to run the trainings again, in order."""
    lines = []
    for start in starts:
        inputs = start["inputs"]
        line = f".venv-training/bin/python -m models.training.train --mode {start['mode']}"
        line += f" --steps {start['steps']}"
        line += " --tomoe tomoe_data.jsonl" if any("tomoe" in name for name in inputs) else ""
        line += " --moji-db moji.db" if "moji.db" in inputs else ""
        if "encoder.keras" in inputs:
            line += f" --rate {start['rate']} --start FIRST/encoder.keras --name second"
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    """Render CARD.md of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, nargs="+", required=True, help="runs, first to last")
    parser.add_argument("--folder", type=Path, default=ARTEFACTS)
    parser.add_argument("--figures", type=Path, required=True)
    parser.add_argument("--extra", default="", help="a paragraph of other measurements")
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
        layers=3,
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
        extra=pooled(figures) + ("\n" + options.extra + "\n" if options.extra else ""),
        commands=commands([opening(one) for one in logs]),
        most=options.most,
    )
    (options.folder / "CARD.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
