"""Pairs from statutes: `python -m models.training.entailment.statutes --laws FOLDER --output FILE`.

The premise is a sentence or two of an article; statements are made from it by rule, and added to
those written by hand (written.tsv, short.tsv). Articles that evaluations use are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hub.numerals import KANJI, in_kanji, value_of
from models.training.entailment import wording
from models.training.entailment.pairs import BY_HAND, LABELS, read_written

FILES = ("articles_2013-12", "articles_2016-02", "minpo_2026-01")
_ASIDE = re.compile(r"（[^（）]*）")
_LISTS = re.compile(r"次に掲げる|次の各号|左の|読み替え|附則|施行する。|削除|準用する")
_NUMBER = re.compile(r"^[０-９0-9一二三四五六七八九十]+[\s　]+")
_EXCEPTION = re.compile(
    r"^(?:ただし|但し)、(.+?)(?:については|にあつては|にあっては|は)、?この限りでない。$"
)
_WITHIN = re.compile(rf"([{KANJI}]+)(日|年|月|箇月|週間)以内に、?(.+?)なければならない。$")
_BOUND = re.compile(rf"([{KANJI}]+)(日|年|歳|人|円)(以上|未満|以下)")
_TOPIC = re.compile(r"^([^、。]{2,16}?)(?:は|については|の)、?")
HAND_WEIGHT = 1.0
MADE_WEIGHT = 0.6


@dataclass(frozen=True)
class Passage:
    """A paragraph of an article, without lists and parentheses."""

    law: str
    num: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.sentences)


@dataclass(frozen=True)
class Made:
    """A pair that a rule made."""

    premise: str
    hypothesis: str
    label: str
    rule: str


def passages(folder: Path, banned: set[tuple[str, str]], longest: int = 170) -> list[Passage]:
    """The short paragraphs of all articles but the banned ones (law, num), each text once."""
    found: dict[str, Passage] = {}
    for name in FILES:
        path = folder / f"{name}.jsonl.gz"
        if not path.exists():
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if (row["law"], row["num"]) not in banned:
                    for one in _paragraphs(row, longest):
                        found.setdefault(one.text, one)
    return list(found.values())


def _paragraphs(row: dict, longest: int) -> list[Passage]:
    kept = []
    for paragraph in row["paragraphs"]:
        text = _NUMBER.sub("", paragraph).strip()
        while (shorter := _ASIDE.sub("", text)) != text:
            text = shorter
        fits = 24 <= len(text) <= longest and text.endswith("。")
        if fits and "\n" not in text and "○" not in text and not _LISTS.search(text):
            sentences = tuple(part + "。" for part in text.split("。") if part)
            kept.append(Passage(row["law"], row["num"], sentences))
    return kept


def banned(path: Path | None) -> set[tuple[str, str]]:
    """The articles (law, num) of an evaluation's JSON lines."""
    if path is None:
        return set()
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return {(row["law"], row["num"]) for row in rows}


def from_one(passage: Passage, draw: random.Random) -> list[Made]:
    """Statements of all three labels that rules make from one passage alone."""
    first = passage.sentences[0]
    found: list[Made] = []

    def add(statement: str | None, label: str, rule: str) -> None:
        if statement and statement != passage.text and 6 <= len(statement) <= 150:
            found.append(Made(passage.text, statement, label, rule))

    said = wording.plainly(first, draw)
    add(said, "entailment", "said plainly")
    if len(passage.sentences) > 1:
        add(first, "entailment", "restated")
    add(
        wording.opposite_ending(
            wording.plainly(first, draw, 0.3) if draw.random() < 0.5 else first, draw
        ),
        "contradiction",
        "may and must",
    )
    add(wording.other_count(said, draw), "contradiction", "number")
    add(_varied(wording.opposite_word(first, draw), draw), "contradiction", "opposite")
    add(_varied(wording.other_party(first, draw), draw), "contradiction", "party")
    add(_with_aside(said, draw), "neutral", "detail added")
    topic = _TOPIC.match(first)
    if topic:
        add(draw.choice(wording.NOT_SAID).format(topic[1]), "neutral", "not said")
    for made in _deadline(first, draw) + _limit(first, draw) + _exception(passage, draw):
        add(*made)
    return found


def _varied(text: str | None, draw: random.Random) -> str | None:
    return text and (wording.plainly(text, draw, 0.5) if draw.random() < 0.7 else text)


def _with_aside(text: str, draw: random.Random) -> str | None:
    """A detail that is not stated, put before the last part of the sentence."""
    at = text.rfind("、")
    if at < 0:
        return None
    aside = draw.choice(wording.ASIDES)
    return None if aside in text else f"{text[: at + 1]}{aside}、{text[at + 1 :]}"


def _deadline(text: str, draw: random.Random) -> list[tuple[str, str, str]]:
    """十四日以内: what is in time and what is too late."""
    found = _WITHIN.search(text)
    if not found:
        return []
    count, unit = value_of(found[1]), {"月": "か月", "箇月": "か月"}.get(found[2], found[2])
    late, early = (
        count + draw.choice((1, 2, 5, 10, count)),
        count - draw.choice((1, 1, 2, max(1, count // 2))),
    )
    act = draw.choice(("手続", "この手続", "届出や提出", "これ"))
    made = [
        (f"{act}の期限は、{count}{unit}である。", "entailment", "deadline"),
        (f"{late}{unit}たってからでは、期限に間に合わない。", "entailment", "deadline"),
        (f"{late}{unit}後にしても、期限に遅れたことにはならない。", "contradiction", "deadline"),
        (f"{act}の期限は、{late}{unit}である。", "contradiction", "deadline"),
        (
            f"期限を過ぎた者は、{draw.choice((3, 5, 10))}万円以下の過料に処せられる。",
            "neutral",
            "deadline",
        ),
    ]
    if early > 0:
        made += [
            (f"{early}{unit}後であれば、まだ期限の内である。", "entailment", "deadline"),
            (f"{early}{unit}後にしたのでは、もう遅い。", "contradiction", "deadline"),
        ]
    return draw.sample(made, 3)


def _limit(text: str, draw: random.Random) -> list[tuple[str, str, str]]:
    """三年以上, 二十歳未満, 五万円以下: a value within or beyond, as an example."""
    found = _BOUND.search(text)
    try:
        count = value_of(found[1]) if found else 0
    except ValueError:
        return []
    if not found or not 1 < count < 5000 or count * 2 > 9999:
        return []
    unit, side = found[2], found[3]
    more, less = count + draw.choice((1, 2, 5, count)), count - 1
    within, beyond = (more, less) if side == "以上" else (less, more)
    write = (lambda v: f"{v}{unit}") if draw.random() < 0.5 else (lambda v: f"{in_kanji(v)}{unit}")
    made = [
        (f"{write(within)}は、ここでいう{found[1]}{unit}{side}に当たる。", "entailment", "limit"),
        (
            f"{write(beyond)}は、ここでいう{found[1]}{unit}{side}に当たらない。",
            "entailment",
            "limit",
        ),
        (text.replace(found[0], write(beyond), 1), "contradiction", "limit"),
        (f"{write(beyond)}であっても、この定めの範囲に入る。", "contradiction", "limit"),
        (f"{write(within)}の場合は、この定めに当てはまらない。", "contradiction", "limit"),
    ]
    return draw.sample(made, 2)


def _exception(passage: Passage, draw: random.Random) -> list[tuple[str, str, str]]:
    """ただし、…は、この限りでない: what holds in that case and what does not."""
    if len(passage.sentences) != 2:
        return []
    first, second = passage.sentences
    found = _EXCEPTION.match(second)
    if not found:
        return []
    case = wording.plainly(found[1], draw, 0.4).removesuffix("について")
    tail = first[first.rfind("、") + 1 :]
    free = wording.opposite_ending(tail, draw)
    if free is None or len(tail) < 6:
        return []
    held = wording.plainly(tail, draw, 0.4)
    made = [
        (f"{case}は、{free}", "entailment", "exception"),
        (f"{case}であっても、{held}", "contradiction", "exception"),
        (f"どのような場合でも、{held}", "contradiction", "exception"),
        (f"{case}を除いて、{held}", "entailment", "exception"),
        (f"原則として、{held}", "entailment", "exception"),
        (f"例外なく、{held}", "contradiction", "exception"),
        (f"{case}は、別に許可を受けなければならない。", "neutral", "exception"),
    ]
    return draw.sample(made, 4)


def from_others(found: list[Passage], draw: random.Random, count: int) -> list[Made]:
    """Neutral pairs: a statement of another article of the same law on a like subject."""
    by_law: dict[str, list[Passage]] = {}
    for one in found:
        by_law.setdefault(one.law, []).append(one)
    made = []
    for one in draw.sample(found, min(count, len(found))):
        others = [
            other
            for other in draw.sample(by_law[one.law], min(40, len(by_law[one.law])))
            if other.num != one.num
        ]
        near = sorted(others, key=lambda other: -_alike(one.text, other.text))
        near = [other for other in near if _alike(one.text, other.text) < 0.45]
        if near:
            statement = wording.plainly(near[0].sentences[0], draw)
            if len(statement) <= 110:
                made.append(Made(one.text, statement, "neutral", "elsewhere"))
    return made


def _alike(one: str, two: str) -> float:
    first, second = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one, two))
    return len(first & second) / max(1, min(len(first), len(second)))


def balanced(made: list[Made], most: int, draw: random.Random) -> list[Made]:
    """At most so many of each label, rules with few pairs kept whole."""
    kept: list[Made] = []
    for label in ("entailment", "neutral", "contradiction"):
        own = [one for one in made if one.label == label]
        rules = Counter(one.rule for one in own)
        share = most / max(1, len(rules))
        order = sorted(own, key=lambda one: draw.random() * max(1.0, rules[one.rule] / share))
        kept += order[:most]
    draw.shuffle(kept)
    return kept


def main() -> None:
    """Write the pairs as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laws", type=Path, required=True)
    parser.add_argument("--leave-out", type=Path, help="JSON lines whose articles are not used")
    parser.add_argument("--written", type=Path, default=Path(__file__).parent, help="their folder")
    parser.add_argument("--most", type=int, default=1400, help="made pairs of each label")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 training data, no secret
    found = passages(options.laws, banned(options.leave_out))
    made = [one for passage in found for one in from_one(passage, draw)]
    made += from_others(found, draw, options.most)
    kept = balanced(made, options.most, draw)
    print(Counter((one.label, one.rule) for one in kept))
    rows = [vars(one) | {"weight": MADE_WEIGHT} for one in kept]
    for source in BY_HAND:
        rows += written(options.written / f"{source}.tsv", source)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8"
    )


def written(path: Path, source: str) -> list[dict]:
    """The pairs of a file that were written by hand as rows."""
    return [
        {
            "premise": one.premise,
            "hypothesis": one.hypothesis,
            "label": LABELS[one.label],
            "rule": source,
            "weight": HAND_WEIGHT,
        }
        for one in read_written(path, source)
    ]


if __name__ == "__main__":
    main()
