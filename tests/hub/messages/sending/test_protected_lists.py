"""Whom the lists of messages name: a protected person to the protected desk only."""

from hub.messages.delivery.states import HoldReason, MessageState
from hub.storage.tables import Message, MessageRecipient
from intake.office.roster import Role
from tests.hub.conftest import Opened
from tests.hub.messages.sending.conftest import logged_in
from tests.hub.messages.sending.test_pages import browser, sent


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


def _protected(key: str) -> MessageRecipient:
    return MessageRecipient(
        atena_no=key,
        protected=True,
        language="ja",
        large_print=False,
        changed_by="test",
        changed_us=1,
    )
