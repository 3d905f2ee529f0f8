"""Setting and lifting the flag of a protected person (支援措置); an ex officio entry of the log."""

from hub.accounts.staff import StaffMember
from hub.errors import BadRequestError, RoleError
from hub.log.entry import EntryKind
from hub.office import Office
from hub.register.entries import ExOfficio
from hub.register.projection import ex_officio
from intake.office.roster import Role


def set_protection(
    office: Office, staff: StaffMember, resident_id: str, *, protect: bool, reason: str
) -> int:
    """Set or lift the flag; returns the log index. RoleError outside the protected desk."""
    if not staff.has(Role.PROTECTED_DESK):
        raise RoleError("only the protected desk sets or lifts protection")
    if not reason.strip():
        raise BadRequestError("protection is set and lifted with a reason")
    action = ExOfficio.PROTECT if protect else ExOfficio.UNPROTECT
    with office.journal.appending() as append:
        body = {
            "action": action.value,
            "resident_id": resident_id,
            "staff_id": staff.staff_id,
            "reason": reason.strip(),
        }
        index = append.office(EntryKind.EX_OFFICIO, staff.login, body)
        ex_officio(append.session, action, resident_id, index)
    return index
