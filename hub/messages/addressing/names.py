"""Names printed on one page: those with 様, and those that the templates' labels name.

Labels may name others too: members of a household in a table, its head beside the person written
to. Such names are left out where something else on the page says who is written to.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hub.messages.notices import address_block
from hub.messages.notices.cells import OPENING, Cell, Sheet
from hub.messages.notices.extract import LABEL_AND_VALUE
from hub.messages.notices.template import FieldRule, Template, ValueType
from hub.messages.notices.values import HONORIFIC, read_name

OF_A_HOUSEHOLD: Final = frozenset({"世帯主", "世帯主氏名", "被保険者氏名", "対象者氏名"})
"""Labels that often name another than the person written to."""
HEADINGS: Final = frozenset(
    {"続柄", "生年月日", "性別", "年齢", "備考", "区分", "月額", "資格", "学年", "押印", "番号"}
)
"""Words that stand in tables beside a label, besides the templates' own labels."""
SEPARATED: Final = r"(?:[\s　]*[】\]）)＞>〉》:：]+[\s　]*|[\s　]+|$)"
NO_NAME: Final = re.compile(
    r"^[（(・,，/／]|[＿_…□■○●※「」→]|を|ください|です|ます|場合|とき|記入|変更|届|同上|別紙|本人|の方|欄$"
)
BEHIND: Final = re.compile(r"[\s　]*[(（][^()（）]*[)）]$|[\s　]+[印㊞]$")
DIGIT: Final = re.compile(r"[0-9０-９]")


@dataclass(frozen=True)
class Labels:
    """The templates' labels: those of names, those of resident numbers, and all of them."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    all: frozenset[str]


def labels_of(templates: Sequence[Template]) -> Labels:
    """Every label once, in the templates' order."""
    rules = [pair for template in templates for pair in template.fields.items()]
    numbers = [rule for _, rule in rules if rule.type is ValueType.RESIDENT_NUMBER]
    return Labels(
        names=_once(rule for name, rule in rules if name == "name"),
        numbers=_once(numbers),
        all=frozenset(_once(rule for _, rule in rules)) | HEADINGS,
    )


def addressed(cells: Sheet) -> tuple[str, ...]:
    """Names with 様, as a letter names the person it is for."""
    return tuple(
        name
        for cell in cells.cells()
        if address_block.ADDRESSEE.match(cell.text)
        and HONORIFIC.search(cell.text)
        and (name := read_name(cell.text)) is not None
    )


def by_rule(
    cells: Sheet, template: Template | None, labels: Labels, *, beside: bool
) -> tuple[str, ...]:
    """Names that the template's rule for names finds; without any, those of all labels.

    beside: another name on the page has 様 already.
    """
    rule = None if template is None else template.fields.get("name")
    found = () if rule is None else _ruled(cells, rule, labels, beside=beside)
    return found or _labelled(cells, labels.names, labels, beside=beside)


def _once(rules: Iterable[FieldRule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label for rule in rules for label in rule.labels))


def _ruled(cells: Sheet, rule: FieldRule, labels: Labels, *, beside: bool) -> tuple[str, ...]:
    if rule.zone is not None:
        texts = [" ".join(cell.text for cell in cells.in_zone(rule.zone))]
    elif rule.column is not None:
        texts = [cell.text for cell in cells.below(rule.column)]
    else:
        return _labelled(cells, rule.labels, labels, beside=beside)
    names = (read_name(text) for text in texts)
    return tuple(name for name in names if name is not None)[:1]


def _labelled(
    cells: Sheet, wanted: Sequence[str], labels: Labels, *, beside: bool
) -> tuple[str, ...]:
    """The names that labels name, each once."""
    found: dict[str, list[str]] = {}
    for label in wanted:
        # A template that puts 受給者氏名 before 氏名 says that the bare 氏名 may be another's.
        names = [] if any(one.endswith(label) for one in found) else _of(cells, label, labels)
        if names:
            found[label] = names
    own = [name for label, names in found.items() if label not in OF_A_HOUSEHOLD for name in names]
    if not own and not beside:
        own = next(iter(found.values()), [])
    return tuple(dict.fromkeys(own))


def _of(cells: Sheet, label: str, labels: Labels) -> list[str]:
    """The names that one label names, wherever it stands."""
    spread = r"[\s　]*".join(re.escape(character) for character in label)
    pattern = re.compile(f"{OPENING}{spread}(?:は|が)?(?P<gap>{SEPARATED})?")
    names: list[str] = []
    for cell in cells.cells():
        match = pattern.match(cell.text)
        if match is None:
            continue
        rest = cell.text[match.end() :].strip()
        # Words that only begin like a label (氏名変更届) go on without a gap, and have none.
        if rest and not match["gap"] and not re.search(r"[\s　]", rest):
            continue
        texts = [rest] if rest else _around(cells, cell, labels)
        names += [name for text in texts if (name := _name(text, labels)) is not None]
    return names


def _around(cells: Sheet, cell: Cell, labels: Labels) -> list[str]:
    """What may be the name beside or below a label that stands alone in its cell."""
    row = cells.rows[cell.row]
    right = [other.text for other in row[cell.column + 1 :] if other.text.strip()]
    if _is_heading(cells, cell, labels):
        numbered = any(_squashed(other.text) in labels.numbers for other in row)
        # A column of names beside one of resident numbers is of persons written to, not of others.
        return _column(cells, cell) if numbered else []
    if right:
        return right[:1]
    return _column(cells, cell)[:1] if not any(c.text.strip() for c in row if c != cell) else []


def _is_heading(cells: Sheet, cell: Cell, labels: Labels) -> bool:
    """Whether a label stands over a column rather than before its value."""
    row = cells.rows[cell.row]
    near = [row[n] for n in (cell.column - 1, cell.column + 1) if 0 <= n < len(row)]
    if any(_squashed(other.text) in labels.all for other in near):
        return True
    if len(row) <= LABEL_AND_VALUE:
        return False
    below = _column(cells, cell)[:1]
    if below and _squashed(below[0]) in labels.all:
        return False
    others = [other for other in row if other != cell and other not in near]
    return not any(_squashed(o.text) in labels.all or DIGIT.search(o.text) for o in others)


def _column(cells: Sheet, cell: Cell) -> list[str]:
    """The texts below a cell in the rows of its table."""
    width = len(cells.rows[cell.row])
    found: list[str] = []
    for row in cells.rows[cell.row + 1 :]:
        if len(row) != width:
            break
        found.append(row[cell.column].text)
    return found


def _name(text: str, labels: Labels) -> str | None:
    """The name that a text is; None for a label, a sentence, a place to write in."""
    name = read_name(BEHIND.sub("", text.strip()))
    if name is None or len(_squashed(name)) == 1 or NO_NAME.search(name):
        return None
    return None if _squashed(name) in labels.all else name


def _squashed(text: str) -> str:
    return re.sub(r"[\s　]", "", text)
