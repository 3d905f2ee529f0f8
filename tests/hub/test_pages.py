"""The staff pages over HTTP: sessions, form tokens, roles, errors, and a walk to the register."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import hub
from hub.accounts import staff as accounts
from hub.errors import HubError
from hub.web.text import catalogue
from intake.characters import NameText
from intake.event.manifest import PartName
from intake.ink import Ink, PenSample, TabletDescription, log, name_drawings
from intake.ink.sample import AxisRange
from intake.office.roster import Role
from tests.hub.conftest import PASSWORD, Opened, staff
from tests.hub.counter_unit import move_in
from tests.hub.test_review import filed

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part


def test_nobody_sees_a_page_without_a_session(opened: Opened):
    browser = opened.browser()
    for path in ("/", "/register", "/operator", "/notifications/x", "/events", "/quarantine/1"):
        answer = browser.get(path)
        assert (answer.status, answer.headers["location"]) == (303, "/login")
    answer = browser.get("/api/queue")
    assert answer.status == 401
    error = answer.json()["error"]
    assert set(error) == {"code", "message_ja", "message_en"}
    assert error["code"] == "not_logged_in"


def test_a_reviewer_accepts_through_the_pages(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    event = filed(opened.desk)
    browser = opened.browser("s002")
    assert event.manifest.reception_number in browser.get("/").text
    path = f"/notifications/{event.manifest.notification_id}"
    page = browser.get(path)
    assert "<svg" in page.text
    answer = browser.form(
        f"{path}/accept", csrf_token=page.csrf_token, identity=event.identity.hex()
    )
    assert (answer.status, answer.headers["location"]) == (303, path)
    assert opened.pages.units.decisions == [event.manifest.notification_id]
    found = browser.form("/register", csrf_token=page.csrf_token, words="ワタナベ")
    assert found.text.count("/register/R0000000") == 3
    assert "svg" in browser.get("/register/R00000001/certificate").text
    assert "H00000001" in browser.get("/register/R00000001").text


def test_a_script_walks_the_same_way(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    event = filed(opened.desk)
    browser = opened.browser("s002")
    (row,) = browser.get("/api/queue").json()["notifications"]
    view = browser.get(f"/api/notifications/{row['notification_id']}").json()
    assert view["identity"] == event.identity.hex()
    path = f"/api/notifications/{row['notification_id']}/accept"
    decided = browser.post(path, {"identity": view["identity"]}).json()
    assert decided["state"] == "accepted"
    url = f"/api/register?notification_id={row['notification_id']}"
    residents = browser.get(url).json()["residents"]
    assert [one["resident_id"] for one in residents] == decided["residents"]
    assert residents[0]["name"][0] == {"repertoire": "mj", "id": "MJ026191", "text": "邉\U000e0102"}
    again = browser.post(path, {"identity": view["identity"]})
    assert (again.status, again.json()["error"]["code"]) == (409, "superseded")


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_form_without_its_token_is_refused(opened: Opened, token: str):
    staff(opened.desk, "s002", Role.REVIEWER)
    event = filed(opened.desk)
    browser = opened.browser("s002")
    path = f"/notifications/{event.manifest.notification_id}/accept"
    assert browser.form(path, csrf_token=token, identity=event.identity.hex()).status == 403
    browser.csrf_token = token
    refused = browser.post(f"/api{path}", {"identity": event.identity.hex()})
    assert refused.json()["error"]["code"] == "csrf"
    assert not opened.pages.units.decisions
    assert browser.form("/logout", csrf_token=token).status == 403
    assert browser.get("/").status == 200


def test_the_log_in_form_needs_its_own_token(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    browser = opened.browser()
    fields = {"login": "s002", "password": PASSWORD}
    assert browser.form("/login", **fields).status == 403
    token = browser.get("/login").text.split('name="login_token" value="')[1].split('"')[0]
    assert browser.form("/login", **fields, login_token=token).status == 303
    assert browser.get("/").status == 200


def test_cookies_are_for_the_browser_and_this_site_only(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    answer = opened.browser().log_in("s002", PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Content-Security-Policy".lower() in {name.lower() for name in answer.headers}
    assert answer.headers["cache-control"] == "no-store"


def test_wrong_passwords_make_the_next_wait(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    browser = opened.browser()
    codes = [browser.log_in("s002", "wrong").json()["error"]["code"] for _ in range(4)]
    assert codes == ["wrong_password"] * 3 + ["locked_out"]
    assert browser.log_in("s002", PASSWORD).json()["error"]["code"] == "locked_out"
    assert browser.log_in("nobody", PASSWORD).json()["error"]["code"] == "wrong_password"


def test_a_disabled_account_loses_its_sessions(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    browser = opened.browser("s002")
    accounts.disable(opened.desk.office.journal, "s002", "test")
    assert browser.get("/").status == 303
    assert browser.log_in("s002", PASSWORD).status == 401


def test_roles_are_asked_for(opened: Opened):
    staff(opened.desk, "s001", Role.CLERK)
    event = filed(opened.desk)
    browser = opened.browser("s001")
    assert browser.get("/operator").status == 403
    path = f"/api/notifications/{event.manifest.notification_id}/accept"
    refused = browser.post(path, {"identity": event.identity.hex()})
    assert refused.json()["error"]["code"] == "role"


def test_an_operator_sees_neither_register_nor_notifications(opened: Opened):
    staff(opened.desk, "op", Role.OPERATOR)
    event = filed(opened.desk)
    one = f"/notifications/{event.manifest.notification_id}"
    browser = opened.browser("op")
    for path in ("/register", "/register/R00000001", "/register/R00000001/certificate", one):
        assert browser.get(path).status == 403, path
    for path in ("/api/queue", "/api/register", f"/api{one}", f"/api{one}/ink"):
        assert browser.get(path).json()["error"]["code"] == "role", path
    token = browser.csrf_token
    assert browser.form("/register", csrf_token=token, words="ワタナベ").status == 403
    assert browser.form(f"{one}/open", csrf_token=token).status == 403


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        ((Role.OPERATOR,), "/operator"),
        ((Role.OPERATOR, Role.CLERK), "/"),
        ((Role.PROTECTED_DESK,), "/"),
    ],
)
def test_each_lands_where_their_work_is_and_is_offered_no_dead_link(
    opened: Opened, roles: tuple[Role, ...], home: str
):
    staff(opened.desk, "s003", *roles)
    browser = opened.browser()
    token = browser.get("/login").text.split('name="login_token" value="')[1].split('"')[0]
    answer = browser.form("/login", login="s003", password=PASSWORD, login_token=token)
    assert (answer.status, answer.headers["location"]) == (303, home)
    assert browser.get("/").status == (200 if home == "/" else 303)
    page = browser.get(home).text
    links = re.findall(
        r'<a href="([^"#]+)"', page.split('<nav class="pages"')[1].split("</nav>")[0]
    )
    assert home in links
    assert [browser.get(link).status for link in links] == [200] * len(links)


def test_the_operator_sees_units_quarantine_and_checkpoints(opened: Opened):
    staff(opened.desk, "op", Role.OPERATOR)
    filed(opened.desk)
    opened.desk.take(b"garbled")
    browser = opened.browser("op")
    page = browser.get("/operator")
    assert "unit-01" in page.text
    assert "garbled" in page.text
    item = browser.get("/quarantine/1")
    refused = browser.form("/quarantine/1/accept", csrf_token=item.csrf_token, reason="お願い")
    assert refused.status == 409
    done = browser.form("/quarantine/1/discard", csrf_token=item.csrf_token, reason="試験")
    assert done.status == 303
    assert "garbled" not in browser.get("/operator").text
    assert browser.get("/api/operator").json()["checkpoints"]


def test_ink_is_replayed_from_the_decoded_log(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    notification = move_in()
    axis = AxisRange(0, 1000, 10)
    tablet = TabletDescription("sim", "sim", axis, axis, axis)
    samples = tuple(
        PenSample(1_000_000 + n * 5000, 10 * n, 20 * n, 500, contact=True) for n in range(20)
    )
    first = notification.persons[0].value("name")
    assert isinstance(first, NameText)
    drawing = name_drawings.NameDrawing(
        "p1", "name", 0, log.encode(Ink(tablet, samples)), ("MJ026191",), next(iter(first))
    )
    parts = {PartName.NAME_INK: name_drawings.encode([drawing])}
    event = filed(opened.desk, notification, parts=parts)
    browser = opened.browser("s002")
    ink = browser.get(f"/api/notifications/{event.manifest.notification_id}/ink").json()
    (shown,) = ink["drawings"]
    assert shown["strokes"][0][0] == [0, 0, 0]
    assert shown["strokes"][0][-1] == [190, 380, 95]
    page = browser.get(f"/notifications/{event.manifest.notification_id}")
    assert "data-ink=" in page.text


def test_health_and_metrics_say_nothing_about_residents(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    filed(opened.desk)
    browser = opened.browser()
    assert browser.get("/healthz").json() == {"ok": True, "broker": True}
    text = browser.get("/metrics").text
    assert 'madoguchi_hub_notifications{state="waiting"} 1' in text
    assert "渡辺" not in text
    assert browser.get("/metrics", x_forwarded_for="198.51.100.7").status == 401


def test_a_page_in_the_other_language(opened: Opened):
    browser = opened.browser()
    assert browser.form("/language", language="en", back="//elsewhere").headers["location"] == "/"
    assert "Log in" in browser.get("/login").text


def test_an_unknown_page_and_a_bad_form_have_the_same_shape(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    browser = opened.browser("s002")
    assert browser.get("/api/nothing").json()["error"]["code"] == "not_found"
    assert browser.post("/api/notifications/x/accept", {}).json()["error"]["code"] == "bad_request"


def test_both_catalogues_have_the_same_keys_and_placeholders():
    ja, en = catalogue("ja"), catalogue("en")
    assert ja.keys() == en.keys()
    for key in sorted(ja.keys()):
        fields = [
            sorted(part.split("}")[0] for part in (t.sentence(key) or "").split("{")[1:])
            for t in (ja, en)
        ]
        assert fields[0] == fields[1], key


def test_every_error_has_its_sentences():
    for module in pkgutil.walk_packages(hub.__path__, "hub."):
        if module.name.endswith(".errors"):  # each room's, whatever ran before this test
            importlib.import_module(module.name)
    said = {key.split(".")[1] for key in sorted(catalogue("ja").keys()) if key.startswith("error.")}
    waiting = [HubError]
    while waiting:
        found = waiting.pop()
        assert found.code in said
        waiting += found.__subclasses__()


def test_templates_use_only_known_keys_and_no_inline_script_or_style():
    templates = Path(__file__).parents[2] / "hub" / "web" / "templates"
    keys = catalogue("ja").keys()
    for path in templates.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for key in re.findall(r"\bt\([\"']([^\"']+)", text):
            assert key in keys or key.endswith((".", "_")), (path.name, key)
        assert "style=" not in text
        assert "<script>" not in text
        assert "onclick" not in text
