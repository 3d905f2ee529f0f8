"""What a card signs names one notification, one revision, one content, and nothing else."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from intake.event.ids import new_notification_id
from intake.notification import Field, IdentityProof, Notification, Procedure, Source
from intake.notification.signed_document import certificate_statement, document_to_sign

NOTIFICATION = Notification(
    new_notification_id(), Procedure.MOVE_IN, {"contact": Field("03-0000-0000", Source.CLERK)}
)


def test_unit_and_hub_make_the_same_bytes():
    assert document_to_sign(NOTIFICATION, 1) == document_to_sign(replace(NOTIFICATION), 1)
    assert NOTIFICATION.notification_id.encode() in document_to_sign(NOTIFICATION, 1)


def test_another_notification_revision_or_statement_is_another_document():
    others = [
        document_to_sign(NOTIFICATION, 2),
        document_to_sign(replace(NOTIFICATION, notification_id=new_notification_id()), 1),
        document_to_sign(replace(NOTIFICATION, procedure=Procedure.MOVE_OUT), 1),
        document_to_sign(NOTIFICATION.with_field("contact", Field("03-1", Source.CLERK)), 1),
    ]
    assert len({document_to_sign(NOTIFICATION, 1), *others}) == 5


def test_what_staff_fill_in_and_where_it_came_from_is_outside():
    seen = Field(IdentityProof("one_document", "confirmed"), Source.CLERK)
    changed = NOTIFICATION.with_field("identity_proof", seen)
    changed = changed.with_field("contact", Field("03-0000-0000", Source.RESERVATION))
    assert document_to_sign(changed, 1) == document_to_sign(NOTIFICATION, 1)


@given(st.binary(max_size=64))
def test_a_statement_about_a_reading_never_is_a_notification(challenge: bytes):
    reading = certificate_statement(NOTIFICATION.notification_id, challenge)
    label, signed = reading.split(b"\x00")[0], document_to_sign(NOTIFICATION, 1)
    assert not signed.startswith(label)
    assert len(reading) < 256, "one command of the card takes it whole"
