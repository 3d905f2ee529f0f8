"""A folder like that of the real data, made of a few words: what `check` trains on.

`python -m models.training.entailment.tiny --output FOLDER`
"""

from __future__ import annotations

import argparse
import gzip
import json
from itertools import product
from pathlib import Path

WHO = ("犬", "猫", "男性", "女性", "子供", "先生", "職員", "少年")
WHERE = ("公園", "庭", "部屋", "海辺", "駅前", "窓口")
DOES = (
    ("走っている", "走っていない"),
    ("歌っている", "歌っていない"),
    ("立っている", "立っていない"),
)


def captions() -> list[tuple[str, str, str]]:
    """Pairs of captions with their labels."""
    rows = []
    for number, (who, where, (does, does_not)) in enumerate(product(WHO, WHERE, DOES)):
        premise = f"{where}で{who}が{does}"
        other = WHO[(WHO.index(who) + 3) % len(WHO)]
        rows.append(
            (
                (premise, f"{who}が{does}", "entailment"),
                (premise, f"{where}で{who}が{does_not}", "contradiction"),
                (premise, f"{other}が昼食を食べている", "neutral"),
            )[number % 3]
        )
    return rows


def articles() -> list[dict]:
    """Articles of a law that there is not."""
    return [
        {
            "law": "見本法",
            "num": str(number),
            "paragraphs": [
                (
                    f"{who}を飼う者は、飼い始めた日から{days}日以内に、市町村長に届け出なければならない。"
                    "ただし、市町村長が認めた場合は、この限りでない。"
                ),
                f"{who}の{what}は、市町村長の許可を受けて、公園を利用することができる。",
            ],
        }
        for number, (who, (days, what)) in enumerate(
            product(WHO, (("十", "保護者"), ("三十", "所有者"), ("六十", "管理者"))), 1
        )
    ]


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    folder = parser.parse_args().output
    (folder / "nli").mkdir(parents=True, exist_ok=True)
    for name in ("jsick_train.tsv", "jnli_valid.tsv"):
        lines = ["premise\thypothesis\tlabel", *("\t".join(row) for row in captions())]
        (folder / "nli" / name).write_text("\n".join(lines) + "\n", "utf-8")
    with gzip.open(folder / "articles_2013-12.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in articles())


if __name__ == "__main__":
    main()
