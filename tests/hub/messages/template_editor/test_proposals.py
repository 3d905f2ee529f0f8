"""What the editor proposes for a value, and that the rule it makes finds the value again."""

from hypothesis import given
from hypothesis import strategies as st

from hub.messages.documents.glyph import Box
from hub.messages.documents.result import Line, Page
from hub.messages.notices.cells import Cell, Sheet, sheet
from hub.messages.notices.extract import extract
from hub.messages.notices.template import FieldRule, ValueType, Zone, alone, read_toml
from hub.messages.notices.values import ResidentNumber
from hub.messages.template_editor.proposals import How, Proposal, kinds, proposals, rule_for
from hub.messages.template_editor.written import Recognition, as_toml, named, recognised_by, without
from tests.hub.messages.pdf_maker import MadePage, made
from tests.hub.messages.samples import in_process

NUMBER = ResidentNumber()


def letter(
    name: str = "見本　太郎", due: str = "令和8年12月25日", shift: float = 0
) -> tuple[Page, ...]:
    page = MadePage()
    page.lines(60, 60 + shift, ["〒206-0011", "東京都多摩市関戸4-72", f"{name}　様"])
    page.text(220, 150 + shift, "犬の登録のお知らせ", 14)
    page.lines(60, 200 + shift, ["登録者コード：00123456", f"手数料をお納めいただく日　{due}"])
    page.table(60, 260 + shift, [["区分", "手数料", "備考"], ["登録", "3,000円", "新規"]])
    return in_process(made([page])).pages


def at(cells: Sheet, text: str) -> Cell:
    return next(cell for cell in cells.cells() if text in cell.text)


def offers(text: str) -> tuple[Proposal, ...]:
    cells = sheet(letter())
    return proposals(cells, at(cells, text))


def reads(field: str, rule: FieldRule, pages: tuple[Page, ...]) -> object:
    how = Recognition("犬の登録のお知らせ", "犬の登録", required=("atena_no",))
    toml = as_toml(named(recognised_by({}, how), field, rule))
    return extract(pages, (alone("dogs", toml),), NUMBER).value(field)


def test_a_label_in_the_same_line_names_the_value():
    first = offers("00123456")[0]
    assert (first.field, first.how, first.words) == ("atena_no", How.LABEL, "登録者コード")
    assert first.value == "00123456"
    assert reads("atena_no", first.rule, letter()) == "00123456"


def test_the_letter_itself_says_who_it_is_for():
    first = offers("様")[0]
    assert (first.field, first.how, first.value) == ("name", How.BY_ITSELF, "見本　太郎")
    assert reads("name", first.rule, letter("別名　花")) == "別名　花"


def test_a_column_of_a_table_names_its_values():
    first = offers("3,000円")[0]
    assert (first.field, first.how, first.words) == ("amount_yen", How.COLUMN, "手数料")
    assert reads("amount_yen", first.rule, letter()) == 3000


def test_a_place_finds_the_value_that_stands_there_and_no_other():
    cells = sheet(letter())
    due = at(cells, "令和8年12月25日")
    rule = rule_for(cells, due, "due_date", How.ZONE)
    assert reads("due_date", rule, letter(due="令和9年1月5日")) == "2027-01-05"
    assert reads("due_date", rule, letter(shift=60)) is None


def test_a_rule_by_label_wins_over_the_address_block_and_never_guesses():
    page = MadePage()
    page.lines(60, 60, ["〒206-0011", "東京都多摩市関戸4-72", "送付先　花子　様"])
    page.text(220, 150, "犬の登録のお知らせ", 14)
    page.text(60, 200, "飼い主：犬山　太郎")
    rule = FieldRule(ValueType.NAME, labels=("飼い主",), labels_only=True)
    assert reads("name", rule, in_process(made([page])).pages) == "犬山　太郎"
    assert reads("name", rule, letter()) is None  # not the address block's instead


def test_what_has_no_name_beside_it_is_refused_by_label():
    cells = sheet(letter())
    alone_in_its_row = at(cells, "犬の登録")
    try:
        rule_for(cells, alone_in_its_row, "sender", How.LABEL)
    except ValueError:
        return
    raise AssertionError


def test_a_second_label_joins_the_first_and_a_field_is_taken_back():
    one = named({}, "tel", FieldRule(ValueType.TELEPHONE, labels=("でんわ",), labels_only=True))
    both = named(one, "tel", FieldRule(ValueType.TELEPHONE, labels=("電話先",), labels_only=True))
    assert both["fields"]["tel"]["labels"] == ["電話先", "でんわ"]
    assert without(both, "tel") == {"fields": {}}


texts = st.text(st.characters(codec="utf-8"), max_size=20)
ZONES = [Zone(1, 10, 10, 100, 40), Zone(2, 0, 0, 595, 842)]


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, FieldRule]:
    name = draw(st.sampled_from(sorted(kinds())))
    labels = draw(st.lists(texts.filter(bool), min_size=1, max_size=3))
    kind = kinds()[name].type
    ways = (
        FieldRule(kind, labels=tuple(labels), labels_only=True),
        FieldRule(kind, zone=draw(st.sampled_from(ZONES))),
        FieldRule(kind, column=labels[0]),
    )
    return name, draw(st.sampled_from(ways))


@given(texts, texts, st.lists(texts, max_size=3), st.lists(rules(), max_size=4))
def test_whatever_is_written_reads_back_the_same(
    kind: str, title: str, anchors: list[str], given_rules: list[tuple[str, FieldRule]]
):
    table = recognised_by({}, Recognition(kind, title, tuple(anchors), ("name",)))
    for name, rule in given_rules:
        table = named(table, name, rule)
    assert as_toml(read_toml("x", as_toml(table))) == as_toml(table)


lines = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=30), max_size=5
)


@given(lines)
def test_any_page_has_proposals_whose_rules_can_be_written(found: list[str]):
    """Whatever stands on a sample, pointing at it gives rules that are templates, or none."""
    boxes = [Box(60, 60 + 20 * n, 200, 72 + 20 * n) for n in range(len(found))]
    page = Page(595, 842, tuple(Line(t, box) for t, box in zip(found, boxes, strict=True)))
    cells = sheet([page])
    for cell in cells.cells():
        for offer in proposals(cells, cell):
            toml = as_toml(named(recognised_by({}, Recognition("x", "x")), offer.field, offer.rule))
            assert offer.field in alone("x", toml).fields
