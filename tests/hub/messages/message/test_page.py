"""The page says what the message says, in order, safely, and needs nothing from elsewhere."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from lxml import etree

from hub.messages.message.checking import Checked
from hub.messages.message.content import Content, Document, Link, Paragraph
from hub.messages.message.making import make
from hub.messages.message.page import as_html
from hub.messages.message.plain import as_text
from hub.messages.message.to_xml import PREFIX
from intake.characters import Character
from intake.characters.glyphs import GlyphFont, Outline
from tests.hub.messages.message.message_samples import NOW, PDF, full, key, minimal, trusted

VOID = {"meta", "br", "link"}


class Reader(HTMLParser):
    """The text that a screen reader would read, without style and outlines."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in VOID:
            hidden = tag in ("head", "svg") or found.get("aria-hidden") == "true"
            self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self._open):
            self.text.append(data)


def read(page: str) -> Reader:
    found = Reader()
    found.feed(page)
    found.close()
    assert not found._open
    return found


def squashed(text: str) -> str:
    return "".join(text.split())


def checked(content: Content) -> Checked:
    return Checked(content, NOW, trusted()[0].der)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("content", [minimal(), full()], ids=["minimal", "full"])
def test_the_page_says_what_the_text_says(language: str, content: Content):
    page = as_html(checked(content), language)
    assert squashed("".join(read(page).text)) == squashed(as_text(checked(content), language))


def test_everything_a_person_must_know_of_the_xml_is_on_the_page():
    """Every text of the XML but its own header data and the files' bytes."""
    root = etree.fromstring(make(full(), key(), NOW))
    unseen = {
        "MessageId",
        "Title",
        "CreatedAt",
        "Kind",
        "LegalNotification",
        "DoNotDeliverUntil",
        "Code",
    }
    moments = {"Yen", "Start", "End", "Jis", "File", "Character"}
    page = squashed("".join(read(as_html(checked(full()))).text))
    for node in root.iter(f"{PREFIX}*"):
        tag = etree.QName(node).localname
        if tag not in unseen | moments and node.text:
            assert squashed(node.text) in page, tag
            assert squashed(node.get("era", "")) in page
    assert "12,000円" in page
    assert squashed(full().title) in page
    assert "10:00-11:00" in page
    assert squashed(full().recipient.name.plain()) in page


def test_the_page_is_built_for_every_reader():
    found = read(as_html(checked(full()), "en"))
    tags = [tag for tag, _ in found.tags]
    assert ("html", {"lang": "en"}) in found.tags
    assert tags.count("main") == tags.count("h1") == tags.count("footer") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(later - sooner <= 1 for sooner, later in pairwise(levels))
    assert ("h1", {"lang": "ja"}) in found.tags
    scopes = [a.get("scope") for tag, a in found.tags if tag == "th"]
    assert scopes.count("row") == len(full().actions)
    assert set(scopes) == {"row", "col"}
    assert tags.count("dt") == tags.count("dd") > 0


def test_large_print_is_a_word_on_the_page():
    assert '<html lang="ja" class="large">' in as_html(checked(full()), large=True)
    assert "html.large" in as_html(checked(full()))


def test_nothing_is_fetched_and_nothing_runs():
    page = as_html(checked(full()))
    assert "<script" not in page
    assert "style=" not in page
    addresses = [v for _, a in read(page).tags for k, v in a.items() if k in ("src", "href")]
    assert [one for one in addresses if one and not one.startswith("data:")] == [
        "https://pay.example/step?id=1&next=2"
    ]


def test_a_page_under_a_strict_policy_names_its_style_sheet():
    page = as_html(checked(full()), stylesheet="/static/message.css", downloads=False)
    assert "<style" not in page
    assert ("link", {"rel": "stylesheet", "href": "/static/message.css"}) in read(page).tags
    assert "data:" not in page


def test_files_can_be_saved_from_the_page():
    links = [a for tag, a in read(as_html(checked(full()))).tags if tag == "a" and "download" in a]
    assert [one["download"] for one in links] == ["notice.pdf", "how-to-pay.pdf", "payment.json"]
    address = links[0]["href"] or ""
    assert base64.b64decode(address.removeprefix("data:application/pdf;base64,")) == PDF


def test_what_looks_like_markup_is_text():
    evil = '<script>alert(1)</script>"&amp;<img src=x>'
    content = replace(
        minimal(),
        title=evil,
        main=Document(evil, text=(Paragraph(evil, heading=True), Paragraph(evil))),
        actions=(Link(evil, "https://a.example/'onclick='x"),),
    )
    found = read(as_html(checked(content)))
    assert not {"script", "img"} & {tag for tag, _ in found.tags}
    assert "".join(found.text).count(evil) == 5


def test_a_name_is_drawn_by_its_glyphs_and_read_as_text():
    page = as_html(checked(full()))
    for drawn in (Character.ucs("渡"), Character.mj("MJ026191")):
        outline = GlyphFont.load().outline(drawn)
        assert outline is not None
        assert outline.path in page
    assert f'<span class="unseen">{full().recipient.name.plain()}</span>' in page


def test_an_offices_own_character_is_drawn_by_its_own_outline():
    own = Outline("M0,0 L9,9 L0,9 Z", 2048, 2048)
    page = as_html(checked(full()), own=lambda _: own)
    assert own.path in page
    assert own.path not in as_html(checked(full()))
