"""Rules over the person at the counter: who they are, for whom they act, what they signed."""

from collections.abc import Iterator

from intake.notification.codec import content_digest
from intake.notification.model import Notification
from intake.notification.needs import Needs
from intake.notification.rules.finding import ALL, MOVE_IN, MOVE_OUT, Rule, Severity
from intake.notification.rules.places import missing, place_of, typed
from intake.notification.values import IdentityProof, Signature


def _notifier(notification: Notification, _: Needs) -> Iterator[str]:
    yield from missing(notification, "notified_on", "notifier_name", "notifier_relation")
    if notification.value("notifier_relation") == "agent":
        yield from missing(notification, "notifier_address")


def _authority(notification: Notification, _: Needs) -> Iterator[str]:
    agent = notification.value("notifier_relation") == "agent"
    if agent and notification.value("notifier_authority") is not True:
        yield "notifier_authority"


def _identity(notification: Notification, _: Needs) -> Iterator[str]:
    proof = typed(notification.value("identity_proof"), IdentityProof)
    if proof is None or proof.outcome != "confirmed":
        yield "identity_proof"


def _signature(notification: Notification, _: Needs) -> Iterator[str]:
    yield from missing(notification, "signature")


def _signed_this(notification: Notification, _: Needs) -> Iterator[str]:
    signature = typed(notification.value("signature"), Signature)
    if signature is not None and signature.content_sha256 != content_digest(notification):
        yield "signature"


def _card_continued(notification: Notification, _: Needs) -> Iterator[str]:
    for person in notification.persons:
        if person.value("card_continued") is True:
            yield place_of(person, "card_continued")


def _seal_registration(notification: Notification, _: Needs) -> Iterator[str]:
    if notification.persons:
        yield ""


RULES = (
    Rule("notifier", ALL, Severity.WARN, "住民基本台帳法施行令第26条", _notifier),
    Rule("agent_authority", ALL, Severity.BLOCK, "住民基本台帳法第27条第3項", _authority),
    Rule("identity", ALL, Severity.WARN, "住民基本台帳法第27条第2項", _identity),
    Rule("signature", ALL, Severity.BLOCK, "住民基本台帳法施行令第26条", _signature),
    Rule("signed_this_content", ALL, Severity.BLOCK, "住民基本台帳法施行令第26条", _signed_this),
    Rule("card_continued", MOVE_IN, Severity.INFO, "", _card_continued),
    Rule("seal_registration", MOVE_OUT, Severity.INFO, "", _seal_registration),
)
