"""Findings made from letters with planted defects, and short ways to settle them."""

from collections.abc import Mapping, Sequence
from functools import cache

from hub.messages.addressing.addressees import Addressee, Addressees
from hub.messages.batches.examining import Rules, Source, examine, findings
from hub.messages.batches.finding import Examined, Finding, Value
from hub.messages.batches.fixes import Fix
from hub.messages.batches.settling import Found, Item, settle
from hub.messages.notices.template import load_all
from hub.messages.notices.values import ResidentNumber
from tests.hub.messages.pdf_maker import MadePage, made
from tests.hub.messages.samples import in_process

NUMBERS = ResidentNumber(10, 10)


@cache
def rules() -> Rules:
    return Rules(load_all(), NUMBERS)


def front(number: str | None, name: str, kind: str = "固定資産税　納税通知書") -> MadePage:
    page = MadePage().lines(60, 60, ["〒206-0011", "東京都多摩市関戸6丁目3番29号", f"{name}　様"])
    if number is not None:
        page.text(350, 60, f"宛名番号　{number}")
    page.lines(350, 76, ["税第77号", "発行日　令和8年5月4日", "架空市長"])
    page.text(150, 170, f"令和8年度　{kind}", 14)
    return page.lines(60, 320, ["合計税額　5,000円", "納期限　令和8年5月26日"])


def labelled(number: str, name: str, kind: str = "固定資産税　納税通知書") -> MadePage:
    """A first page that names its person by labels alone, without 様."""
    page = MadePage().text(150, 40, f"令和8年度　{kind}", 14)
    page.lines(60, 90, [f"宛名番号　{number}", f"被保険者氏名　{name}", "発行日　令和8年5月4日"])
    return page.lines(60, 320, ["合計税額　9,000円", "納期限　令和8年5月26日"])


def titled(title: str = "口座振替のご案内") -> MadePage:
    """A page without a number or a name whose heading could be a title."""
    return MadePage().lines(60, 60, [title, "銀行で申し込めます。"])


def loose(text: str = "だれのものか書かれていません。") -> MadePage:
    return MadePage().lines(60, 60, ["ほかの書類です。", text])


class Case:
    """Pages with their list; `settled` gives the items after some fixes."""

    def __init__(self, pages: Sequence[MadePage], people: Sequence[tuple[str, str]]) -> None:
        self.source = Source(dict(enumerate(in_process(made(pages)).pages, 1)))
        self.findings: list[Finding] = findings(self.source, rules(), file=1, first=1)
        self.persons = Addressees(tuple(Addressee(number, name) for number, name in people))

    def examine(self, _file: int, pages: tuple[int, ...], typed: Mapping[str, Value]) -> Examined:
        return examine(self.source, pages, rules(), typed)

    def found(self, *fixes: Fix, protected: Sequence[str] = ()) -> Found:
        return Found(
            self.findings,
            self.persons,
            protected,
            examine=self.examine,
            fixes=tuple(enumerate(fixes, 1)),
        )

    def settled(self, *fixes: Fix, protected: Sequence[str] = ()) -> dict[int, Item]:
        return {item.number: item for item in settle(self.found(*fixes, protected=protected))}


def codes(item: Item) -> list[str]:
    return [str(concern) for concern in item.concerns]
