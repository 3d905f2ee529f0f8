"""An office in which people decide about messages: two channels, one resident."""

from dataclasses import dataclass

from sqlalchemy import select

from hub.accounts.staff import StaffMember
from hub.log.entry import EntryKind
from hub.messages.delivery.accepting import accept
from hub.messages.delivery.engine import DeliveryEngine
from hub.messages.delivery.registering import Wishes, register, wish
from hub.storage.tables import LogEntry, Message
from intake.office.roster import Role
from tests.hub.conftest import Desk
from tests.hub.messages.delivery.post import Obeying, outgoing

WHO = "100000000000001"
SENDER = StaffMember("sender", "sender", "送付", frozenset({Role.SENDER}))
GUARD = StaffMember("guard", "guard", "保護", frozenset({Role.PROTECTED_DESK}))


@dataclass
class Window:
    """An office with two channels, and one message by each name."""

    desk: Desk
    courier: Obeying
    paper: Obeying
    engine: DeliveryEngine

    def send(self, *, legal: bool = False, number: str = "1") -> int:
        with self.desk.office.database.writing() as session:
            found = accept(session, outgoing(WHO, number, legal=legal, batch="b"), "sender").number
        self.engine.run_once()
        return found

    def registers(self, wishes: Wishes) -> None:
        with self.desk.office.database.writing() as session:
            register(session, WHO, "courier", "address", "clerk")
            wish(session, WHO, wishes, "clerk")

    def message(self, number: int) -> Message:
        with self.desk.office.database.reading() as session:
            return session.get_one(Message, number)

    def entries(self) -> int:
        with self.desk.office.database.reading() as session:
            kinds = session.scalars(select(LogEntry.kind))
            return list(kinds).count(EntryKind.MESSAGE.value)
