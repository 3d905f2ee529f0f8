"""Who of the staff can help: names by staff id, and whoever has a role."""

from hub.accounts.staff import StaffMember, every
from hub.office import Office
from intake.office.roster import Role


def colleagues(office: Office) -> tuple[StaffMember, ...]:
    """Everybody whose account is open, by login."""
    with office.database.reading() as session:
        return tuple(one for one in every(session) if not one.disabled)


def known_names(staff: tuple[StaffMember, ...]) -> dict[str, str]:
    """Names by staff id and by login: events name staff by the first, decisions by the second."""
    return {one.staff_id: one.name for one in staff} | {one.login: one.name for one in staff}


def names_with(office: Office, role: Role) -> tuple[str, ...]:
    """`name (staff id)` of everybody with `role`."""
    return tuple(f"{one.name} ({one.staff_id})" for one in colleagues(office) if one.has(role))
