"""What is refused about sending, each with the sentence that says what to do."""

from typing import ClassVar

from hub.errors import ConflictError, RefusedError


class SameEyesError(RefusedError):
    """Whoever gave a batch, decided about its pages or asked for sending does not agree to it."""

    code: ClassVar[str] = "same_eyes"


class OrderStateError(ConflictError):
    """The order is not in a state in which this can be done."""

    code: ClassVar[str] = "order_state"


class NothingReadyError(ConflictError):
    """Nothing of the batch is ready to be sent."""

    code: ClassVar[str] = "nothing_ready"
