"""The first message of a batch as it would be sent: signed in memory, checked, given to nobody."""

from hub.accounts.staff import StaffMember
from hub.messages.batches.handing import ready_items
from hub.messages.message.checking import Checked, check
from hub.messages.message.contents import Handling
from hub.messages.sending.errors import NothingReadyError
from hub.messages.sending.notice import content_of
from hub.messages.sending.outbound import outgoing
from hub.messages.sending.residents import protected_key
from hub.office import Office
from hub.review.access import may_see


def first_of(office: Office, staff: StaffMember, batch: int) -> Checked:
    """What the first resident of the batch would get; protected persons are passed over.

    NothingReadyError without one, MessageRefusedError when it would not be made.
    """
    for item in ready_items(office, batch):
        with office.database.reading() as session:
            if protected_key(session, item.atena_no) and not may_see(staff):
                continue
            content = content_of(session, item, office.settings.office, Handling())
        sealed = outgoing(content, office.ring.message_key(), batch=str(batch))
        return check(sealed.content, office.ring.message_certificates())
    raise NothingReadyError("nothing of this batch is ready to be shown")
