"""To whom a decision about a notification is told: whoever notified, else the first person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intake.characters import NameText
from intake.notification import Address, Notification, Person, Procedure


@dataclass(frozen=True)
class Notifier:
    """The person of a notification who is written to, with what they stated themselves."""

    person_id: str
    name: NameText = field(repr=False)
    address: Address | None = field(default=None, repr=False)


def position_of(notification: Notification) -> int:
    """Which person of the notification notified it: by the name, else the first.

    An agent is written to nowhere: the decision concerns the resident.
    """
    stated = notification.value("notifier_name")
    names = [person.value("name") for person in notification.persons]
    own = notification.value("notifier_relation") != "agent"
    return names.index(stated) if own and stated in names else 0


def notifier_of(notification: Notification) -> Notifier | None:
    """Whoever notified; None when the notification names nobody."""
    if not notification.persons:
        return None
    person: Person = notification.persons[position_of(notification)]
    name = person.value("name")
    if not isinstance(name, NameText) or not len(name):
        return None
    return Notifier(person.person_id, name, _address(notification))


def resident_of(
    notification: Notification, links: Mapping[str, str], touched: Sequence[str] = ()
) -> str | None:
    """The resident who is written to: as entered, else as matched (never for a move in)."""
    if not notification.persons:
        return None
    position = position_of(notification)
    if position < len(touched):
        return touched[position]
    if notification.procedure is Procedure.MOVE_IN:
        return None
    return links.get(notification.persons[position].person_id)


def _address(notification: Notification) -> Address | None:
    """Where somebody lives who is not in the register yet."""
    moved = notification.procedure in {Procedure.MOVE_IN, Procedure.MOVE_WITHIN}
    for name in ("new_address",) if moved else ("notifier_address", "old_address"):
        found = notification.value(name)
        if isinstance(found, Address):
            return found
    return None
