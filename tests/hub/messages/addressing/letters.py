"""Mail-merge documents with planted defects, made from a seed."""

import random
from dataclasses import dataclass, field

from hub.messages.addressing.addressees import Addressee, Addressees
from tests.hub.messages.pdf_maker import MadePage

FAMILY = ["佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤", "山本", "中村", "小林", "加藤"]
GIVEN = ["太郎", "花子", "一郎", "美穂", "健太", "由美", "翔", "彩", "隆", "恵子"]
DEFECTS = (
    "missing_number",
    "swapped_page",
    "duplicate",
    "foreign_number",
    "wrong_name",
    "lost_back",
    "twice_in_list",
    "unknown_page",
)


@dataclass
class Letters:
    """Pages, the list, whose each page truly is, and the numbers with a planted defect."""

    pages: list[MadePage] = field(default_factory=list[MadePage])
    owners: list[str] = field(default_factory=list[str])
    listed: list[Addressee] = field(default_factory=list[Addressee])
    spoilt: set[str] = field(default_factory=set[str])

    @property
    def addressees(self) -> Addressees:
        return Addressees(tuple(self.listed))


def letters(pages: int, seed: int, share: float = 0.1) -> Letters:
    """About `pages` pages of persons with one or two pages each, `share` of them with a defect."""
    chance = random.Random(seed)  # noqa: S311 a reproducible sample, no secret
    made = Letters()
    while len(made.pages) < pages:
        number = f"{len(made.listed) + 1:05d}{chance.randrange(10**5):05d}"
        name = f"{chance.choice(FAMILY)}　{chance.choice(GIVEN)}"
        made.listed.append(Addressee(number, name))
        defect = chance.choice(DEFECTS) if chance.random() < share else None
        _add(made, number, name, defect, chance)
    return made


def _add(made: Letters, number: str, name: str, defect: str | None, chance: random.Random) -> None:
    if defect:
        made.spoilt.add(number)
    printed = {"missing_number": None, "foreign_number": "99999" + number[5:]}.get(
        defect or "", number
    )
    front = _front(printed, "架空　次郎" if defect == "wrong_name" else name)
    back = _back(number)
    sheets = (
        [front, back]
        if chance.random() < 0.5 or defect in ("swapped_page", "lost_back")
        else [front]
    )
    if defect == "swapped_page":
        sheets.reverse()
    if defect == "lost_back":
        sheets[1] = _unnumbered()
    if defect == "duplicate":
        sheets = [*sheets, _front(number, name)]
    if defect == "unknown_page":
        sheets = [*sheets, _unnumbered()]
    if defect == "twice_in_list":
        made.listed.append(Addressee(number, name))
    made.pages += sheets
    made.owners += [number] * len(sheets)


def _front(number: str | None, name: str) -> MadePage:
    page = MadePage().lines(60, 60, ["〒206-0011", "東京都多摩市関戸6丁目3番29号", f"{name}　様"])
    if number is not None:
        page.text(350, 60, f"宛名番号　{number}")
    page.lines(350, 76, ["税第77号", "発行日　令和8年5月4日", "架空市長"])
    page.text(150, 170, "令和8年度　固定資産税　納税通知書", 14)
    rows = [["期別", "納期限", "税額"], ["第1期", "令和8年5月26日", "5,000円"]]
    page.table(60, 220, [*rows, ["合計", "", "5,000円"]])
    return page.lines(60, 320, ["合計税額　5,000円", "納期限　令和8年5月26日"])


def _back(number: str) -> MadePage:
    page = MadePage().text(60, 60, f"宛名番号　{number}")
    return page.lines(60, 100, ["（裏面）納付場所のご案内", "銀行で納付できます。"])


def _unnumbered() -> MadePage:
    return MadePage().lines(60, 60, ["ほかの書類です。", "だれのものか書かれていません。"])
