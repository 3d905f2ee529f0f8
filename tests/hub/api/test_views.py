"""What core systems are told: nothing that says who is protected."""

import pytest

from hub.messages.delivery.states import HoldReason
from hub.storage.tables import MessageEvent
from hub.web.api.v1.views import DECIDED, NOT_REACHABLE, event_view, reason_shown


def event(what: str, detail: str = "", actor: str = "system") -> MessageEvent:
    return MessageEvent(
        number=1, message=1, time_us=0, what=what, channel="", actor=actor, detail=detail
    )


@pytest.mark.parametrize("reason", list(HoldReason))
def test_no_reason_tells_who_is_protected(reason: HoldReason):
    shown = [reason_shown(reason), event_view(event("held", reason)).detail]
    shown.append(event_view(event("no_next_channel", reason)).detail)
    assert not any("protected" in str(one) for one in shown)
    if "protected" in reason:
        # The same word as for those who are not: else its absence would tell.
        assert set(shown) == {reason_shown(HoldReason.NO_ADDRESS)} == {NOT_REACHABLE}


def test_what_staff_decided_is_one_word_without_their_names():
    for what in ("release_address", "send_again"):
        shown = event_view(event(what, actor="sato"))
        assert (shown.what, shown.by) == (DECIDED, "staff")
    assert event_view(event("accepted", actor="api:tax")).by == "api:tax"
