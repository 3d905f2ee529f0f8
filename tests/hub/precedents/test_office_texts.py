"""Office texts beside laws: they never take a law's id or name, nor each other's place."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path

import pytest

from hub.precedents.article import Kind, Revision
from hub.precedents.citations import Place, citations, is_citation_only
from hub.precedents.collection import take
from hub.precedents.errors import SourceError
from hub.precedents.in_force import histories
from hub.precedents.law_catalogue import Catalogue
from hub.precedents.law_names import id_of, known_laws, own_id
from hub.precedents.links import catalogue_of
from hub.precedents.rows import entries_of, entry, revisions
from hub.precedents.sources.files import SAMPLE, read_files, read_octets
from hub.precedents.sources.json_lines import read_rows
from hub.precedents.store import Store
from tests.hub.precedents.small_town import TODAY

FAMILY = "322AC0000000224"
RESIDENTS = "342AC0000000081"
NOTE = "# {title}\n{head}\n## 印鑑\n{text}\n"


def note(title: str, text: str = "三十日", **fields: str) -> Revision:
    head = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return read_octets("memo.md", NOTE.format(title=title, head=head, text=text).encode())[0]


def faq(answer: str, issuer: str = "") -> bytes:
    return f"質問,回答,発行者\nいつですか,{answer},{issuer}\n".encode()


def row(**changes: object) -> Revision:
    whole = {"law": "戸籍法", "num": "1", "text": "甲", "snapshot": "2013-12"} | changes
    return read_rows("x.jsonl", [json.dumps(whole).encode()])[0]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.LAW, Kind.ORDER)])
def test_an_office_text_never_has_the_id_of_a_law(kind: Kind) -> None:
    assert note("戸籍法", kind=kind).law_id != FAMILY
    found = row(kind=kind)
    assert (found.law_id == FAMILY, found.number) == (False, "")
    if kind is not Kind.ORDINANCE:
        assert row(kind=kind, law_id=FAMILY).law_id == found.law_id
    assert read_octets("戸籍法.csv", faq("今日"))[0].law_id != FAMILY


def test_a_memo_named_like_a_word_makes_no_citation_of_it() -> None:
    texts = (row(), note("転入"))
    catalogue = Catalogue.of([(one.law_id, one.title, one.number, "") for one in texts])
    assert catalogue.named("転入") == note("転入").law_id
    assert is_citation_only("戸籍法1条", catalogue)
    assert not is_citation_only("転入 戸籍法1条", catalogue)


def test_kind_issuer_and_number_tell_texts_of_one_title_apart() -> None:
    plain = note("印鑑の扱い")
    others = [{"kind": "circular"}, {"issuer": "税務課"}, {"number": "住第12号"}]
    ids = [note("印鑑の扱い", **one).law_id for one in others]
    assert len({plain.law_id, *ids}) == 4
    assert note("印鑑の 扱い", "六十日", date="2025-04-01").law_id == plain.law_id
    by_issuer = {read_octets("faq.csv", faq("今日", who))[0].law_id for who in ("", "税務課")}
    assert len(by_issuer) == 2


def test_rows_of_laws_keep_their_ids_and_offices_have_their_own() -> None:
    assert row().law_id == FAMILY
    assert row(law="犬法").law_id == own_id("犬法")
    assert row(law="犬条例", kind="ordinance").law_id == own_id("犬条例")
    (first, other) = (row(kind="handbook", issuer=one).law_id for one in ("甲市", "乙市"))
    assert first != other
    kept = (row(law=title, kind="circular", law_id="tsuchi-12").law_id for title in ("甲", "乙"))
    assert len(set(kept)) == 1


def test_rows_cite_office_texts_of_their_file_by_the_id_that_these_have() -> None:
    cites = [{"law": "手引き", "num": "2"}, {"law": "通知", "law_id": "t-1", "num": "1"}]
    cites.append({"law": "戸籍法", "num": "1"})
    rows = [
        {"law": "手引き", "kind": "handbook", "num": "1", "cites": cites},
        {"law": "通知", "law_id": "t-1", "kind": "circular", "num": "1"},
        {"law": "戸籍法", "kind": "memo", "num": "1"},
    ]
    lines = [json.dumps({"text": "甲", "snapshot": "2026-01"} | one).encode() for one in rows]
    handbook, circular, memo = read_rows("x.jsonl", lines)
    found = [one.law_id for one in handbook.articles[0].cites]
    assert found == [handbook.law_id, circular.law_id, FAMILY]
    assert memo.law_id not in found


def test_a_memo_does_not_end_the_law_of_its_name(store: Store) -> None:
    take(store, [row(), note("戸籍法", date="2026-04-01")], TODAY)
    with store.reading() as connection:
        found = histories(revisions(connection))
    assert len(found) == 2
    valid = found[FAMILY].on(TODAY)
    assert valid is not None
    assert (valid.revision.kind, valid.until) == (Kind.LAW, None)


def test_no_text_takes_a_known_law_s_name(store: Store) -> None:
    texts = [
        note("住基法"),
        note("民法", kind="ordinance"),
        note("戸籍法施行規則", number="昭和42年法律第81号"),
        row(law="住基法", law_id="x-1"),
        row(law="見本町印鑑条例", kind="ordinance"),
    ]
    take(store, texts, TODAY)
    with store.reading() as connection:
        known = catalogue_of(connection)
    plain = Catalogue.of([])
    for text in ("住基法22条", "民法709条", "昭和42年法律第81号第22条", "戸籍法施行規則1条"):
        assert citations(text, known) == citations(text, plain) != []
    context = Place(FAMILY, "1")
    assert citations("規則第1条", known, context) == citations("規則第1条", plain, context)
    (town,) = citations("見本町印鑑条例2条", known)
    assert town.place.law_id == own_id("見本町印鑑条例")


def test_only_laws_orders_and_ordinances_are_cited_by_their_names(store: Store) -> None:
    memo, rule = note("窓口の覚書"), note("窓口要綱", kind="ordinance")
    take(store, [memo, rule], TODAY)
    with store.reading() as connection:
        known = catalogue_of(connection)
    assert citations("窓口の覚書1条", known) == []
    assert [one.place.law_id for one in citations("窓口要綱1条", known)] == [rule.law_id]
    assert known.named("窓口の覚書") == memo.law_id
    assert known.titles[memo.law_id] == "窓口の覚書"


def test_a_law_known_without_an_id_of_e_gov_takes_that_of_the_collection() -> None:
    without = next(law for law in known_laws() if law.law_id.startswith("own-") and law.names)
    given = Catalogue.of([("999AC0000000999", without.title, "", "")])
    for name in (without.title, *without.names):
        assert given.named(name) == "999AC0000000999"


def test_a_later_version_leaves_the_earlier_one_for_its_days(store: Store) -> None:
    early = note("印鑑の扱い", "三十日", date="2025-04-01")
    late = note("印鑑の扱い", "六十日", date="2026-04-01")
    mended = note("印鑑の扱い", "九十日", date="2026-04-01")
    for one in (early, late, mended):
        take(store, [one], TODAY)
    with store.reading() as connection:
        history = histories(revisions(connection))[early.law_id]
        texts = [
            entry(connection, number).article.text
            for day in (dt.date(2025, 12, 1), TODAY)
            for valid in (history.on(day),)
            if valid is not None
            for number in entries_of(connection, valid.revision.id)
        ]
    assert texts == ["三十日", "九十日"]
    assert history.on(dt.date(2025, 3, 31)) is None


def test_two_files_of_one_name_are_refused_unless_they_differ(tmp_path: Path) -> None:
    paths = [tmp_path / section / "faq.csv" for section in ("住民課", "税務課")]
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(faq(path.parent.name))
    with pytest.raises(SourceError, match=r"税務課/faq\.csv.*住民課/faq\.csv.*rename") as refused:
        list(read_files([tmp_path]))
    assert "who issues it" in str(refused.value)
    packed = tmp_path / "both.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in paths:
            archive.write(path, f"{path.parent.name}/faq.csv")
    with pytest.raises(SourceError, match="rename"):
        list(read_files([packed]))
    paths[1].write_bytes(faq("税務課", "税務課"))
    assert len({one.law_id for one in read_files(paths)}) == 2
    paths[1].write_bytes(paths[0].read_bytes())
    assert len({one.law_id for one in read_files(paths)}) == 1


def test_the_sample_has_an_id_of_a_handbook() -> None:
    (handbook,) = read_files([SAMPLE])
    assert handbook.law_id.startswith("own-handbook-")
    assert {one.law_id for article in handbook.articles for one in article.cites} >= {
        RESIDENTS,
        id_of("戸籍法"),
    }
