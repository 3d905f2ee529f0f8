"""Nothing about a resident leaves through a log line, an event stream, a metric or an error."""

import http.client
import io
import logging
import threading

import pytest

from hub.logs import JsonLines
from intake.office.roster import Role
from tests.hub.conftest import Opened, staff
from tests.hub.counter_unit import move_in
from tests.hub.test_review import filed

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part

WORDS = ("渡辺", "ワタナベ", "飯田橋", "中之島", "1980-04-01")


def test_an_exception_is_logged_without_its_words():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("test_privacy")
    logger.addHandler(handler)
    try:
        int("渡辺")
    except ValueError:
        logger.exception("something failed")
    logger.removeHandler(handler)
    assert "ValueError" in stream.getvalue()
    assert "渡辺" not in stream.getvalue()


def test_a_walk_through_the_pages_logs_no_resident(opened: Opened):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        staff(opened.desk, "s002", Role.REVIEWER)
        event = filed(opened.desk)
        opened.desk.take(event.data[:-1])
        browser = opened.browser("s002")
        path = f"/notifications/{event.manifest.notification_id}"
        page = browser.get(path)
        assert "渡辺" in page.text
        browser.form(f"{path}/accept", csrf_token=page.csrf_token, identity="00")
        browser.form(f"{path}/accept", csrf_token=page.csrf_token, identity=event.identity.hex())
        browser.form("/register", csrf_token=page.csrf_token, words="ワタナベ")
        browser.get("/register/R00000001/certificate")
        assert not any(word in browser.get("/metrics").text for word in WORDS)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)
    assert not any(word in stream.getvalue() for word in WORDS)


def test_the_database_holds_no_notification_in_clear_before_acceptance(opened: Opened):
    filed(opened.desk, move_in())
    folder = opened.desk.office.settings.state.folder
    content = b"".join(path.read_bytes() for path in folder.glob("hub.sqlite3*"))
    assert not any(word.encode() in content for word in WORDS)


def test_the_event_stream_names_topics_only(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    browser = opened.browser("s002")
    connection = http.client.HTTPConnection("127.0.0.1", opened.pages.port, timeout=10)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    connection.request("GET", "/events", headers={"Cookie": cookie})
    response = connection.getresponse()
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.readline() == b"retry: 2000\n"
    response.readline()
    stop = threading.Event()

    def say() -> None:
        while not stop.wait(0.05):
            opened.desk.office.live.say("queue")

    talking = threading.Thread(target=say)
    talking.start()
    lines = [response.readline() for _ in range(3)]
    stop.set()
    talking.join()
    opened.desk.office.live.close()
    response.read()
    connection.close()
    assert lines == [b"event: queue\n", b"data: changed\n", b"\n"]
