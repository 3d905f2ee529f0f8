"""After a character was chosen for a stand-in: the same for the notifier, and the next one."""

from dataclasses import replace

from edge.session import substitutes
from edge.session.draft import Draft, Target
from edge.session.form import Hand, Place, put
from edge.session.naming import present_name
from edge.session.substitutes import Todo
from intake.characters import Character, NameText

Characters = tuple[Character, ...]
NOTIFIER = Place("notifier_name")


def target_of(todo: Todo) -> Target:
    """The character to draw for a stand-in."""
    place = Place.parse(todo.where)
    return Target(place.person_id, place.name, todo.position)


def follow(before: Draft, picked: Draft, hand: Hand) -> Draft:
    """`picked`, with what was chosen for a stand-in at the notifier's name too, the next aimed at.

    The notifier is followed only where its name is the same, character by character, at all other
    places. Elsewhere than at a stand-in `picked` stays as it is.
    """
    texts, target = before.card_texts, before.target
    aimed = [target_of(todo) for todo in substitutes.todos(before.notification, texts)]
    if texts is None or target is None or target not in aimed:
        return picked
    holder = Place("name", texts.person_id)
    notification = picked.notification
    name = present_name(picked, holder)
    if target.field == holder.name and _same_but(name, present_name(before, NOTIFIER), target):
        notification = put(notification, NOTIFIER, NameText(name), hand)
    todo = substitutes.next_open(notification, texts)
    following = None if todo is None else target_of(todo)
    return replace(picked, notification=notification, target=following)


def _same_but(one: Characters, other: Characters, target: Target) -> bool:
    at = target.position
    return one[:at] == other[:at] and one[at + 1 :] == other[at + 1 :] and len(one) == len(other)
