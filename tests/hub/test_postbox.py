"""Messages to one unit leave in the order of their versions, whoever sends them at one time."""

import threading

from hub.messages.postbox import Postbox
from intake.event.downward import Audience, DownwardKind, open_downward
from tests.hub.conftest import Desk
from tests.hub.counter_unit import OFFICE

SENDERS, EACH = 8, 12


def test_two_reviewers_at_once_do_not_make_a_unit_refuse_one_of_them(desk: Desk):
    office, unit = desk.office, desk.unit
    published: list[bytes] = []
    postbox = Postbox(
        office.settings,
        office.ring,
        office.directory.encryption_keys,
        lambda _topic, payload: published.append(payload),
        office.clock,
    )
    begin = threading.Barrier(SENDERS)

    def send() -> None:
        begin.wait()
        for number in range(EACH):
            postbox.send(unit.device, DownwardKind.DECISION, bytes([number]))

    threads = [threading.Thread(target=send) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    audience = Audience(OFFICE, office.settings.office.environment, unit.device)
    held, keyset = 0, desk.keyset
    for data in published:
        message = open_downward(
            data,
            DownwardKind.DECISION,
            keyset,
            audience,
            now_us=office.clock(),
            held_version=held,
            reader=unit.reader,
        )
        held = message.version
    assert len(published) == SENDERS * EACH
