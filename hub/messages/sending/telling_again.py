"""What a person does about a decision that could not be told: try again, or leave it out."""

from hub.accounts.staff import StaffMember
from hub.errors import BadRequestError, MessageStateError, NotFoundError, RoleError
from hub.log.entry import EntryKind
from hub.messages.from_register.queueing import TellingState
from hub.messages.from_register.telling import PROTECTED
from hub.office import Office
from hub.storage.tables import DecisionMessage
from intake.office.roster import Role

AGAIN, LEAVE_OUT = "again", "leave-out"


def decide(office: Office, staff: StaffMember, number: int, action: str) -> int:
    """Try again or leave out; returns the log index.

    RoleError outside the senders; what may concern a protected person is the protected desk's.
    MessageStateError when it is no problem any more.
    """
    if action not in (AGAIN, LEAVE_OUT):
        raise BadRequestError("there is no such decision")
    with office.journal.appending() as append:
        row = append.session.get(DecisionMessage, number)
        if row is None:
            raise NotFoundError("there is no such decision to be told")
        role = Role.PROTECTED_DESK if row.problem == PROTECTED else Role.SENDER
        if not staff.has(role):
            raise RoleError(f"only the role {role.value} may do that")
        if row.state != TellingState.PROBLEM:
            raise MessageStateError("this decision has no problem any more")
        state = TellingState.WAITING if action == AGAIN else TellingState.LEFT_OUT
        row.state, row.changed_us = state.value, append.time_us
        body = {
            "action": f"telling_{action}",
            "decision": row.log_index,
            "staff_id": staff.staff_id,
        }
        index = append.office(EntryKind.MESSAGE, staff.login, body)
    office.live.say("messages")
    return index
