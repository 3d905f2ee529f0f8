"""Every office entry that the log takes can be read from it again."""

import pytest

from hub.errors import BadRequestError
from hub.log.entry import LIMIT, EntryKind, OfficeEntry, decode, identity_of
from hub.register.projection import rebuild
from hub.register.protection import set_protection
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.test_review import accepted, filed


def test_an_entry_is_read_as_it_was_written():
    entry = OfficeEntry(EntryKind.EX_OFFICIO, "guard", 1, {"reason": "申出"})
    assert decode(entry.encode()) == entry
    assert len(identity_of(entry.encode())) == 32


def test_what_is_too_long_to_be_read_again_never_enters_the_log(desk: Desk):
    residents = accepted(desk, filed(desk)).residents
    guardian = staff(desk, "guard", Role.PROTECTED_DESK)
    with pytest.raises(BadRequestError):
        set_protection(desk.office, guardian, residents[0], protect=True, reason="x" * LIMIT)
    assert rebuild(desk.office.journal, desk.office.ring) == 1
