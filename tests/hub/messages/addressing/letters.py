"""Mail-merge documents with planted defects, made from a seed."""

import random
from collections.abc import Callable, Mapping
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
    "titled_back",
    "label_of_another",
    "back_of_another",
    "duplicate_by_label",
    "backs_swapped",
)
ANOTHER = "架空　次郎"
NOBODY = "nobody of the list"
Front = Callable[[str | None, str], MadePage]
"""A first page for a number and a name."""


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


def letters(pages: int, seed: int, share: float = 0.1, by_label: float = 0) -> Letters:
    """About `pages` pages of persons with one or two pages each, `share` of them with a defect.

    by_label: the share of letters that name their person by a label, without 様.
    """
    chance = random.Random(seed)  # noqa: S311 a reproducible sample, no secret
    made = Letters()
    while len(made.pages) < pages:
        number, name = _person(made, chance)
        defect = chance.choice(DEFECTS) if chance.random() < share else None
        front = _labelled if by_label and chance.random() < by_label else _front
        if defect is not None and defect in MADE:
            sheets, owners = MADE[defect](number, name, front)
            made.pages += sheets
            made.owners += owners
            made.spoilt.add(number)
        elif defect == "backs_swapped":
            _swap_backs(made, (number, name), front, chance)
        else:
            _add(made, (number, name), defect, front, chance)
    return made


def _person(made: Letters, chance: random.Random, family: str | None = None) -> tuple[str, str]:
    number = f"{len(made.listed) + 1:05d}{chance.randrange(10**5):05d}"
    name = f"{family or chance.choice(FAMILY)}　{chance.choice(GIVEN)}"
    made.listed.append(Addressee(number, name))
    return number, name


def _swap_backs(made: Letters, one: tuple[str, str], front: Front, chance: random.Random) -> None:
    """Two persons, each with the other's back page, which has a name and no number."""
    number, name = one
    other_number, other_name = _person(made, chance, "架空")
    made.pages += [front(number, name), _named_back(None, other_name)]
    made.pages += [front(other_number, other_name), _named_back(None, name)]
    made.owners += [number, other_number, other_number, number]
    made.spoilt |= {number, other_number}


def _add(
    made: Letters,
    person: tuple[str, str],
    defect: str | None,
    front_of: Front,
    chance: random.Random,
) -> None:
    number, name = person
    if defect:
        made.spoilt.add(number)
    printed = {"missing_number": None, "foreign_number": "99999" + number[5:]}.get(
        defect or "", number
    )
    front = front_of(printed, ANOTHER if defect == "wrong_name" else name)
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
        sheets = [*sheets, front_of(number, name)]
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


def _labelled(number: str | None, name: str) -> MadePage:
    """A first page that names its person by labels alone."""
    page = MadePage().text(150, 40, "令和8年度　固定資産税　納税通知書", 14)
    if number is not None:
        page.text(60, 90, f"宛名番号　{number}")
    page.lines(60, 110, [f"被保険者氏名　{name}", "発行日　令和8年5月4日", "架空市長"])
    return page.lines(60, 320, ["合計税額　9,000円", "納期限　令和8年5月26日"])


def _named_back(number: str | None, name: str) -> MadePage:
    page = MadePage().lines(60, 60, ["（裏面）納付の記録", f"氏名　{name}"])
    return page if number is None else page.text(60, 100, f"宛名番号　{number}")


def _titled() -> MadePage:
    """A back page without a number whose heading could be a title."""
    return MadePage().lines(60, 60, ["口座振替のご案内", "銀行で申し込めます。"])


def _back(number: str) -> MadePage:
    page = MadePage().text(60, 60, f"宛名番号　{number}")
    return page.lines(60, 100, ["（裏面）納付場所のご案内", "銀行で納付できます。"])


def _unnumbered() -> MadePage:
    return MadePage().lines(60, 60, ["ほかの書類です。", "だれのものか書かれていません。"])


MADE: Mapping[str, Callable[[str, str, Front], tuple[list[MadePage], list[str]]]] = {
    "titled_back": lambda number, name, front: ([front(number, name), _titled()], [number] * 2),
    "label_of_another": lambda number, name, _: (
        [_labelled(number, name), _labelled(number, ANOTHER)],
        [number, NOBODY],
    ),
    "back_of_another": lambda number, name, front: (
        [front(number, name), _named_back(number, ANOTHER)],
        [number, NOBODY],
    ),
    "duplicate_by_label": lambda number, name, _: (
        [_labelled(number, name), _labelled(number, name)],
        [number] * 2,
    ),
}
"""Defects of one person: their pages, and whose each is."""
