"""What anybody may send: numbers that no row has, and files from whoever is not logged in."""

import pytest

from hub.web.body_limit import LARGEST
from intake.office.roster import Role
from tests.hub.browser import Answer
from tests.hub.conftest import Opened, staff

BEYOND = 2**64
BOUNDARY = "b"


@pytest.mark.parametrize(
    "path",
    [
        f"/messages/one/{BEYOND}",
        f"/messages/batches/{BEYOND}",
        f"/messages/waiting?first={BEYOND}",
        f"/messages/batches/1?first={BEYOND}",
        f"/documents/{BEYOND}",
        f"/documents/1/items/{BEYOND}",
        f"/documents/{BEYOND}/pages/{BEYOND}.png",
    ],
)
def test_a_number_that_no_row_can_have_is_none_that_is_known(opened: Opened, path: str):
    staff(opened.desk, "s1", Role.SENDER, Role.AUTHOR)
    assert opened.browser("s1").get(path).status in (400, 404)


def test_a_form_with_such_a_number_too(opened: Opened):
    staff(opened.desk, "s1", Role.SENDER, Role.AUTHOR)
    browser = opened.browser("s1")
    browser.get("/messages")
    fields = {"csrf_token": browser.get("/messages").csrf_token, "order": str(BEYOND)}
    assert browser.form(f"/messages/batches/{BEYOND}/agree", **fields).status in (400, 404)


@pytest.mark.parametrize("size", [1000, LARGEST + 1000])
def test_without_a_session_an_upload_leads_to_the_log_in(opened: Opened, size: int):
    answer = upload(opened, size, logged_in=False)
    assert (answer.status, answer.headers["location"]) == (303, "/login?ended=1")
    assert answer.headers["x-frame-options"] == "DENY"


def test_whoever_is_logged_in_may_send_it(opened: Opened):
    """The control: only the missing token of the form is refused then."""
    assert upload(opened, LARGEST + 1000, logged_in=True).status == 403


def upload(opened: Opened, size: int, *, logged_in: bool) -> Answer:
    staff(opened.desk, "a1", Role.AUTHOR)
    browser = opened.browser("a1") if logged_in else opened.browser()
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="d.pdf"\r\n\r\n'
    body = head.encode() + bytes(size) + f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return browser.request("POST", "/documents", body, content_type=kind)
