"""The pages of the office's characters over HTTP: upload, look, register, replace, retire."""

from __future__ import annotations

import json
import re
import urllib.parse

import pytest

from hub.accounts.staff import StaffMember
from hub.characters import changes, store
from hub.characters.changes import Origin
from hub.storage.tables import OfficeGlyphUpload
from hub.web.body_limit import LARGEST
from intake.characters import Character, NameText
from intake.event.manifest import PartName
from intake.ink import Ink, PenSample, TabletDescription, log, name_drawings
from intake.ink.sample import AxisRange
from intake.office.glyphs import GlyphState
from intake.office.roster import Role
from tests.hub.browser import Answer, Browser
from tests.hub.characters.files import font, scan
from tests.hub.conftest import Opened, staff
from tests.hub.counter_unit import OFFICE, move_in, text_field
from tests.hub.test_review import accepted, filed
from tests.intake.office.glyph_sets import glyph

pytestmark = pytest.mark.system  # real servers: seconds, apart from the fast part
DETAILS = {
    "code": "g0001",
    "strokes": "２",
    "readings": "つじ、ジュウ",
    "radical": "⼗",
    "base": "十",
}


def send(browser: Browser, token: str, data: bytes, **fields: str) -> Answer:
    """Post the upload form as a browser does."""
    edge = "----edge"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {"csrf_token": token, **fields}.items()
    ]
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="..\\eudc.tte"\r\n\r\n'
    )
    body = b"".join([*parts, head.encode(), data, f"\r\n--{edge}--\r\n".encode()])
    kind = f"multipart/form-data; boundary={edge}"
    return browser.request("POST", "/characters/uploads", body, content_type=kind)


@pytest.fixture
def operator(opened: Opened) -> Browser:
    staff(opened.desk, "op", Role.OPERATOR)
    return opened.browser("op")


def registered(opened: Opened) -> list[str]:
    with opened.desk.office.database.reading() as session:
        return [f"{one.glyph.code} {one.glyph.state}" for one in store.every(session)]


def test_only_operators_find_the_pages(opened: Opened):
    staff(opened.desk, "s001", Role.CLERK, Role.REVIEWER, Role.PROTECTED_DESK)
    clerk = opened.browser("s001")
    assert 'href="/characters"' not in clerk.get("/").text
    for path in ("/characters", "/characters/new", "/characters/G0001", "/characters/uploads/1"):
        assert clerk.get(path).status == 403, path
        assert opened.browser().get(path).headers["location"] == "/login"
    token = clerk.csrf_token
    assert send(clerk, token, scan()).status == 403
    for path in ("keep-drawings", "G0001/retire", "G0001/restore", "G0001/details", "uploads/1"):
        answer = clerk.form(f"/characters/{path}", csrf_token=token, keep="on")
        assert answer.status == 403, path


def test_a_scan_becomes_a_character_that_is_replaced_and_retired(opened: Opened, operator: Browser):
    page = operator.get("/characters")
    assert "まだありません" in page.text
    token = page.csrf_token
    found = send(operator, token, scan()).headers["location"]
    looked = operator.get(found)
    assert "data:image/png;base64," in looked.text
    assert 'value="G0001"' in looked.text
    assert operator.form(f"{found}/trace", csrf_token=token, threshold="120").status == 303
    made = operator.form(found, csrf_token=token, choice="0", **DETAILS, note="戸籍から")
    assert made.headers["location"] == "/characters/G0001"
    assert operator.get(found).status == 404
    with opened.desk.office.database.reading() as session:
        held = store.one(session, "G0001").glyph
    assert (held.readings, held.radical, held.base) == (("つじ", "ジュウ"), 24, "十")
    assert (held.fallback, held.strokes) == ("十", 2)
    page = operator.get("/characters/G0001")
    assert "戸籍から" in page.text
    assert "data:image/png" in page.text
    other = send(operator, token, font(), wanted="U+E002", replaces="G0001").headers["location"]
    assert held.outline.svg_path() in operator.get(other).text
    assert operator.form(other, csrf_token=token).headers["location"] == "/characters/G0001"
    retired = operator.form("/characters/G0001/retire", csrf_token=token, reason="二重登録")
    assert retired.status == 303
    page = operator.get("/characters/G0001").text
    assert page.count("<tr>") == 4
    assert "二重登録" in page
    assert "eudc.tte" in page
    assert registered(opened) == ["G0001 retired"]
    assert operator.form("/characters/G0001/restore", csrf_token=token).status == 303
    assert registered(opened) == ["G0001 active"]


def test_a_font_offers_its_private_use_characters(opened: Opened, operator: Browser):
    token = operator.get("/characters/new").csrf_token
    found = send(operator, token, font()).headers["location"]
    page = operator.get(f"{found}?choice=1")
    assert "U+E001" in page.text
    assert 'value="U+E002"' in page.text
    fields = {**DETAILS, "code": "U+E002"}
    assert operator.form(found, csrf_token=token, choice="1", **fields).status == 303
    assert operator.get("/characters/U+E002").status == 200
    assert registered(opened) == ["U+E002 active"]
    assert operator.get(f"{found}?choice=9").status == 404
    other = send(operator, token, font()).headers["location"]
    assert operator.get(f"{other}?choice=9").status == 400
    taken = operator.form(other, csrf_token=token, choice="0", **fields)
    assert taken.status == 400
    assert 'role="alert"' in taken.text
    assert 'value="U+E002"' in taken.text
    assert operator.form(f"{other}/drop", csrf_token=token).status == 303
    assert operator.get(other).status == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "一"),
        ("strokes", "0"),
        ("strokes", "many"),
        ("strokes", "²"),
        ("readings", "tsuji"),
        ("radical", "215"),
        ("base", "十十"),
        ("base", "U+D800"),
        ("fallback", "𠮷\U000e0100"),
    ],
)
def test_wrong_details_come_back_as_they_were_with_the_reason(
    opened: Opened, operator: Browser, field: str, value: str
):
    token = operator.get("/characters").csrf_token
    found = send(operator, token, scan()).headers["location"]
    answer = operator.form(found, csrf_token=token, **{**DETAILS, field: value})
    assert answer.status == 400
    assert 'role="alert"' in answer.text
    marked = re.search(rf'<input id="{field}"[^>]*>', answer.text)
    assert marked
    assert "aria-invalid" in marked[0]
    assert f'value="{value}"' in marked[0]
    assert registered(opened) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04", "フォントでも、PNG や JPEG の画像でもありません"),
        (b"", "フォントでも、PNG や JPEG の画像でもありません"),
        (b"\x89PNG\r\n\x1a\nx", "画像を読み取れません"),
        (font()[:300], "フォントを読み取れません"),
        (scan(()), "文字が写っていません"),
        (scan(size=(12, 12)), "画像の大きさが合いません"),
    ],
)
def test_what_makes_no_character_is_said_on_the_form(operator: Browser, data: bytes, sentence: str):
    token = operator.get("/characters/new").csrf_token
    answer = send(operator, token, data)
    assert answer.status == 400
    assert sentence in answer.text


def test_a_form_without_its_token_changes_nothing(opened: Opened, operator: Browser):
    changes.add(
        opened.desk.office,
        opened_operator(opened),
        glyph(),
        "",
        Origin("f", bytes(32)),
    )
    assert send(operator, "wrong", scan()).status == 403
    for path in ("keep-drawings", "G0001/retire", "G0001/details"):
        answer = operator.form(f"/characters/{path}", keep="on", **DETAILS)
        assert answer.status == 403, path
    assert registered(opened) == ["G0001 active"]


def opened_operator(opened: Opened) -> StaffMember:
    return staff(opened.desk, "other", Role.OPERATOR)


def test_an_upload_is_its_operators_own_and_ends_after_a_day(opened: Opened, operator: Browser):
    token = operator.get("/characters").csrf_token
    found = send(operator, token, scan()).headers["location"]
    opened_operator(opened)
    assert opened.browser("other").get(found).status == 404
    with opened.desk.office.database.writing() as session:
        for row in session.query(OfficeGlyphUpload).all():
            row.created_us -= 86_400_000_000 + 1
    send(operator, token, scan())
    assert operator.get(found).status == 404


def test_the_details_are_corrected_and_the_outline_stays(opened: Opened, operator: Browser):
    other = opened_operator(opened)
    changes.add(opened.desk.office, other, glyph(), "", Origin("f", bytes(32)))
    token = operator.get("/characters").csrf_token
    wrong = operator.form("/characters/G0001/details", csrf_token=token, strokes="x")
    assert wrong.status == 400
    fields = {"strokes": "12", "readings": "さい", "note": "新しい出典"}
    assert operator.form("/characters/G0001/details", csrf_token=token, **fields).status == 303
    with opened.desk.office.database.reading() as session:
        held = store.one(session, "G0001")
    assert (held.glyph.strokes, held.glyph.readings, held.note) == (12, ("さい",), "新しい出典")
    assert held.glyph.outline == glyph().outline


def test_keeping_drawings_is_off_until_an_operator_allows_it(opened: Opened, operator: Browser):
    def keeps() -> bool:
        with opened.desk.office.database.reading() as session:
            return store.keeps_drawings(session)

    page = operator.get("/characters")
    assert "残していない" in page.text
    assert not keeps()
    for word, now in (("on", True), ("off", False)):
        form = {"csrf_token": page.csrf_token, "keep": word}
        assert operator.form("/characters/keep-drawings", **form).status == 303
        assert keeps() is now


def test_review_register_and_certificate_draw_it_also_when_retired(opened: Opened):
    office = opened.desk.office
    other = opened_operator(opened)
    changes.add(office, other, glyph(), "", Origin("f", bytes(32)))
    notification = move_in()
    first = notification.persons[0]
    character = glyph().character(OFFICE)
    name = NameText((character, Character.ucs("太")))
    changed = first.with_field("name", text_field(name))
    axis = AxisRange(0, 1000, 10)
    samples = tuple(PenSample(n * 5000, 10 * n, 20 * n, 500, contact=True) for n in range(20))
    ink = log.encode(Ink(TabletDescription("sim", "sim", axis, axis, axis), samples))
    offered = (f"office:{OFFICE}/G0001", "MJ026191", "MJ999999", "garbage")
    drawing = name_drawings.NameDrawing("p1", "name", 0, ink, offered, character)
    persons = (changed, *notification.persons[1:])
    event = filed(
        opened.desk,
        type(notification)(
            notification.notification_id, notification.procedure, notification.fields, persons
        ),
        parts={PartName.NAME_INK: name_drawings.encode([drawing])},
    )
    staff(opened.desk, "s002", Role.REVIEWER)
    reviewer = opened.browser("s002")
    path = glyph().outline.svg_path()
    assert reviewer.get(f"/notifications/{event.manifest.notification_id}").text.count(path) >= 3
    changes.set_state(office, other, "G0001", GlyphState.RETIRED, "")
    residents = accepted(opened.desk, event, "s003").residents
    for page in (f"/register/{residents[0]}", f"/register/{residents[0]}/certificate"):
        assert path in reviewer.get(page).text, page
    shown = json.loads(
        reviewer.get(f"/api/register?notification_id={event.manifest.notification_id}").text
    )
    assert shown["residents"][0]["name"][0] == {
        "repertoire": f"office:{OFFICE}",
        "id": "G0001",
        "text": "十",
    }


def test_no_page_takes_in_a_body_without_end(opened: Opened):
    body = urllib.parse.urlencode({"login": "x" * LARGEST}).encode()
    answer = opened.browser().request(
        "POST", "/login", body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status == 400
