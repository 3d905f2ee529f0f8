"""Citations are read anew when a law that a text names has come or gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.precedents import links
from hub.precedents.collection import take, undo
from hub.precedents.rows import Entry
from hub.precedents.store import Store
from tests.hub.precedents.small_town import DOGS, MOVING, TODAY, TOWN, article, revision

CITING = revision(
    [
        article("1", "登録", "犬の登録は、乙 条例（令和三年条例第二号）第三条の例による。"),
        article("2", "届出", "前条の届出は、町長にする。"),
    ],
    law_id="x-kou",
    title="甲条例",
)
OTSU = revision([MOVING, DOGS], law_id="x-otsu", title="乙条例")


def cited(store: Store, law_id: str = "x-kou") -> set[tuple[str, str, str]]:
    with store.reading() as connection:
        rows = connection.execute(
            "SELECT e.num, c.law_id, c.num FROM citation c JOIN entry e ON e.id = c.entry"
            " WHERE e.law_id = ?",
            (law_id,),
        )
        return {(num, law, there) for num, law, there in rows}


def test_a_text_cites_a_law_that_comes_after_it(store: Store) -> None:
    take(store, [CITING], TODAY)
    own = {("2", "x-kou", "1")}
    assert cited(store) == own
    take(store, [OTSU], TODAY)
    assert cited(store) == own | {("1", "x-otsu", "3")}
    undo(store, TODAY)
    assert cited(store) == own


def test_a_law_number_names_the_law_too(store: Store) -> None:
    text = "昭和五十年見本町条例第四号第三条による。"
    take(store, [revision([article("1", "例", text)], law_id="x-kou", title="甲条例")], TODAY)
    assert ("1", "x-otsu", "3") not in cited(store)
    take(store, [replace(OTSU, number="昭和五十年見本町条例第四号")], TODAY)
    assert cited(store) == {("1", "x-otsu", "3")}


def test_an_act_and_its_order_find_each_other_in_any_order(store: Store) -> None:
    act = revision([article("1", "例", "令第三条による。")], law_id="x-act", title="見本法")
    order = revision([article("3", "例", "法第一条による。")], law_id="x-ord", title="見本法施行令")
    for first, second in ((act, order), (order, act)):
        take(store, [first], TODAY)
        take(store, [second], TODAY)
        assert cited(store, "x-act") == {("1", "x-ord", "3")}
        assert cited(store, "x-ord") == {("3", "x-act", "1")}
        undo(store, TODAY)
        undo(store, TODAY)


def test_only_texts_that_a_new_name_concerns_are_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(store, [CITING, TOWN], TODAY)
    read: list[tuple[str, str]] = []
    cites = links._cited

    def heard(one: Entry, order: list[str], known: links.Catalogue) -> object:
        read.append((one.law_id, one.article.num))
        return cites(one, order, known)

    monkeypatch.setattr(links, "_cited", heard)
    take(store, [OTSU], TODAY)
    assert sorted(read) == [("x-kou", "1"), ("x-otsu", "1"), ("x-otsu", "3")]
    monkeypatch.setattr(links, "MOST_NAMES", 0)
    undo(store, TODAY)
    assert cited(store) == {("2", "x-kou", "1")}
