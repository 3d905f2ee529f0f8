"""Statutory wording: how it is said plainly, and which turns make a statement say the opposite."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hub.numerals import KANJI, in_kanji, value_of

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

PLAIN = (
    ("遅滞なく", ("すぐに", "速やかに", "遅れずに")),
    ("速やかに", ("すぐに", "早く")),
    ("直ちに", ("すぐに", "その場ですぐ")),
    ("あらかじめ", ("前もって", "事前に", "先に")),
    ("当該", ("その",)),
    ("に係る", ("についての", "に関する")),
    ("若しくは", ("か", "または")),
    ("、又は", ("、または",)),
    ("又は", ("か", "または")),
    ("及び", ("と", "や")),
    ("並びに", ("と",)),
    ("に際し", ("のときに",)),
    ("この法律", ("法律", "この法")),
    ("市町村長", ("市長や町村長", "市区町村長", "市町村の長")),
    ("都道府県知事", ("知事", "都道府県の知事")),
    ("の交付を受けた", ("をもらった", "を受け取った")),
    ("交付し", ("渡し",)),
    ("公示し", ("公に知らせ",)),
    ("徴収する", ("取り立てる",)),
    ("選任し", ("選び",)),
    ("何人も", ("だれも", "誰も")),
    ("死亡した", ("亡くなった",)),
    ("配偶者", ("夫や妻", "配偶者")),
    ("未成年者", ("未成年の人", "子ども")),
    ("書面", ("書類", "文書", "紙")),
    ("住所", ("住んでいる所", "住所")),
    ("費用", ("お金", "かかる費用")),
    ("と認めるとき", ("と考えるとき", "と判断したとき")),
    ("場合において", ("とき", "場合")),
    ("場合には", ("ときは",)),
    ("したときは", ("したら", "した場合は")),
    ("政令の定めるところにより、", ("",)),
    ("政令で定めるところにより、", ("",)),
    ("の定めるところにより、", ("の決まりで、", "に従って、")),
    ("の支給を受けた", ("をもらった",)),
    ("通知し", ("知らせ",)),
    ("請求し", ("求め",)),
    ("提出し", ("出し",)),
    ("罰金に処する", ("罰金になる", "罰金を科される")),
    ("懲役", ("懲役刑", "懲役")),
    ("みなす", ("扱う", "見る")),
    ("を有する", ("がある", "を持つ")),
    ("を有しない", ("がない", "を持たない")),
    ("た者は", ("た人は",)),
    ("る者は", ("る人は",)),
    ("た者が", ("た人が",)),
    ("る者に", ("る人に",)),
)
MUST = ("なければならない。", "なければならないものとする。")
MUST_PLAIN = (
    "なければいけない。",
    "ないといけない。",
    "なければなりません。",
    "なくてはならない。",
    "る義務がある。",
)
MAY = ("ことができる。",)
FORBIDDEN = ("てはならない。",)
CANNOT = ("ことができない。",)
OPPOSITES = (
    ("以上", "未満"),
    ("以下の", "を超える"),
    ("以内に", "を過ぎてから"),
    ("未満", "以上"),
    ("あらかじめ", "事後に"),
    ("前に", "後に"),
    ("前まで", "後から"),
    ("全部", "一部だけ"),
    ("書面により", "口頭により"),
    ("書面で", "口頭で"),
    ("同意を得て", "同意を得ないで"),
    ("許可を受けて", "許可を受けないで"),
    ("意見を聴いて", "意見を聴かずに"),
    ("遅滞なく", "いつでもよいので"),
    ("速やかに", "急がずに"),
    ("有する者", "有しない者"),
    ("した者", "していない者"),
    ("されたとき", "されなかったとき"),
    ("公開", "非公開"),
    ("無償", "有償"),
    ("増加", "減少"),
    ("毎年", "五年ごとに"),
)
PARTIES = (
    ("市町村長", "都道府県知事"),
    ("市町村", "都道府県"),
    ("都道府県", "国"),
    ("世帯主", "世帯員"),
    ("債権者", "債務者"),
    ("賃貸人", "賃借人"),
    ("売主", "買主"),
    ("夫", "妻"),
    ("申請者", "行政庁"),
    ("審査請求人", "処分庁"),
    ("代理人", "本人"),
    ("厚生労働大臣", "都道府県知事"),
    ("都道府県知事", "総務大臣"),
    ("選挙管理委員会", "市町村長"),
    ("議長", "市町村長"),
    ("被保険者", "保険者"),
    ("受遺者", "相続人"),
    ("贈与者", "受贈者"),
    ("使用者", "労働者"),
    ("親権者", "子"),
    ("後見人", "被後見人"),
    ("所有者", "占有者"),
    ("任命権者", "人事委員会"),
    ("職員", "住民"),
)
ASIDES = (
    "書面で",
    "本人が窓口に来て",
    "三日以内に",
    "手数料を納めて",
    "弁護士を通じて",
    "実印を押して",
    "電子メールで",
    "家庭裁判所の許可を得て",
    "議会の議決を経て",
    "身分証明書を示して",
    "二人以上の証人の前で",
    "毎年四月に",
    "インターネットで",
    "写真を添えて",
)
NOT_SAID = (
    "{}には、手数料がかかる。",
    "{}は、無料である。",
    "{}の任期は、二年とする。",
    "{}に違反した者は、十万円以下の過料に処せられる。",
    "{}について不服がある者は、審査請求をすることができる。",
    "{}は、インターネットで公表しなければならない。",
    "{}の様式は、省令で定める。",
    "{}は、土曜日や日曜日にも受け付けられる。",
    "{}に要する費用は、国が負担する。",
    "{}に関する書類は、五年間保存する。",
    "{}の決定には、議会の同意が要る。",
    "{}については、代理人を選ぶことができる。",
    "{}は、郵便で申し込むこともできる。",
    "{}に関する事務は、民間に委託することができる。",
    "{}は、満十八歳以上でなければならない。",
    "{}は、年に一度見直される。",
    "{}についての相談は、弁護士にしなければならない。",
    "{}の期限は、延長することができる。",
)
_UNIT = "日|週間|箇月|か月|月|年|歳|人|円|回|分の"
COUNT = re.compile(rf"(?<!第)(?<![{KANJI}])([{KANJI}]+|[0-9]+)({_UNIT})(?![{KANJI}条])")


def plainly(text: str, random: random.Random, share: float = 0.6) -> str:
    """The text with some of its statutory words said in everyday ones, and numerals perhaps."""
    for formal, everyday in PLAIN:
        if formal in text and random.random() < share:
            text = text.replace(formal, random.choice(everyday))
    for ending in MUST:
        if text.endswith(ending) and random.random() < share:
            stem = text.removesuffix(ending)
            turn = random.choice(MUST_PLAIN[:4])
            text = stem + turn
    if text.endswith("ことができる。") and random.random() < share:
        stem = text.removesuffix("ことができる。")
        text = stem + random.choice(
            ("ことができます。", "ことが認められている。", "ことも許される。", "のはかまわない。")
        )
    if random.random() < 0.5:
        text = COUNT.sub(lambda found: _arabic(found[1]) + found[2], text)
    return text


def _arabic(digits: str) -> str:
    try:
        return str(value_of(digits))
    except ValueError:
        return digits


def other_count(text: str, random: random.Random) -> str | None:
    """The text with one of its counts changed, None without any."""
    found = list(COUNT.finditer(text))
    if not found:
        return None
    one = random.choice(found)
    try:
        value = value_of(one[1])
    except ValueError:
        return None
    choices = [
        v
        for v in (value + 1, value * 2, value * 3, value // 2, value - 1, value + 5, value + 10)
        if 0 < v < 9999
    ]
    other = random.choice([v for v in choices if v != value])
    digits = in_kanji(other) if one[1][0] in KANJI else str(other)
    return text[: one.start()] + digits + one[2] + text[one.end() :]


def opposite_ending(text: str, random: random.Random) -> str | None:
    """The text with may, must and must not exchanged, None where it has none of them."""
    turns: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = (
        (MUST, ("なくてもよい。", "ない。", "なくてもかまわない。", "なくて済む。")),
        (FORBIDDEN, ("てもよい。", "てもかまわない。", "てもさしつかえない。")),
        (CANNOT, ("ことができる。", "ことも許される。")),
        (MAY, ("ことはできない。", "ことは認められない。", "ことは禁じられている。")),
        (("ものとする。",), ("必要はない。",)),
        (("しない。",), ("する。",)),
        (("である。",), ("ではない。",)),
        (("とする。",), ("とはしない。",)),
        (("する。",), ("しない。",)),
    )
    for endings, others in turns:
        for ending in endings:
            if text.endswith(ending):
                return text.removesuffix(ending) + random.choice(others)
    return None


def opposite_word(text: str, random: random.Random) -> str | None:
    """The text with one word turned to its opposite, None where it has none of OPPOSITES."""
    found = [(one, other) for one, other in OPPOSITES if one in text]
    if not found:
        return None
    one, other = random.choice(found)
    return text.replace(one, other, 1)


def other_party(text: str, random: random.Random) -> str | None:
    """The text with two parties exchanged, or one put in another's place."""
    rest = re.sub("都道府県知事|市町村長", "", text)
    both = [
        (a, b)
        for a, b in PARTIES
        if text.count(a) == text.count(b) == 1
        and not (a in {"市町村", "都道府県"} and a not in rest)
    ]
    if both:
        a, b = random.choice(both)
        return text.replace(a, "\0").replace(b, a).replace("\0", b)
    begun = [(a, b) for a, b in PARTIES if text.startswith((f"{a}は", f"{a}が")) and b not in text]
    if begun:
        a, b = random.choice(begun)
        return text.replace(a, b, 1)
    return None
