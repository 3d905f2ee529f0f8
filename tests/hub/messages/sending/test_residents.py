"""Residents on the pages of messages: whom lists name, and that nobody is kept who is not known."""

from hub.messages.delivery.states import HoldReason, MessageState
from hub.storage.tables import Message, MessageRecipient
from intake.office.roster import Role
from tests.hub.conftest import Opened
from tests.hub.messages.sending.conftest import logged_in
from tests.hub.messages.sending.test_pages import browser, post, sent


def test_lists_leave_out_the_number_of_a_protected_person(opened: Opened):
    office, message = opened.desk.office, sent(opened)[0]
    with office.database.writing() as session:
        row = session.get_one(Message, message.number)
        row.state, row.reason = MessageState.HELD.value, HoldReason.PROTECTED_ADDRESS.value
        session.merge(_protected(row.atena_no))
    sender, guard = logged_in(opened, "s1"), browser(opened, "guard", Role.PROTECTED_DESK)
    for path in ("/messages/waiting", "/messages/batches/1"):
        assert f"M-{message.number}<" in sender.get(path).text, path
        assert message.atena_no not in sender.get(path).text, path
        assert message.atena_no in guard.get(path).text, path


def test_nothing_is_kept_under_a_number_that_nobody_has(opened: Opened):
    clerk = browser(opened, "cl", Role.CLERK)
    where, email = "/messages/residents/000", {"channel": "email", "address": "a@example.jp"}
    assert post(clerk, f"{where}/channels", **email, opted_in="on")[0] == 404
    assert post(clerk, f"{where}/wishes", written_in="en")[0] == 404
    known = f"/messages/residents/{sent(opened)[0].atena_no}/wishes"
    assert post(clerk, known, quiet_from="9" * 5000 + ":00", quiet_until="07:00")[0] == 400
    assert clerk.get(where).status == 404


def _protected(key: str) -> MessageRecipient:
    return MessageRecipient(
        atena_no=key,
        protected=True,
        language="ja",
        large_print=False,
        changed_by="test",
        changed_us=1,
    )
