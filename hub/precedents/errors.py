"""What can go wrong in the precedents: one sentence per class, the message says the next step."""

from hub.errors import HubError


class PrecedentsError(HubError):
    """The precedents cannot do what was asked."""

    code = "precedents"


class CollectionError(PrecedentsError):
    """The store is missing, locked, or made by another version of this software."""

    status = 503
    code = "precedents_store"


class SourceError(PrecedentsError):
    """A file to import is broken, too large, hostile, or of no known form; nothing was taken."""

    status = 400
    code = "precedents_source"


class BundleError(PrecedentsError):
    """A bundle's signature, hashes or version do not stand; nothing was taken."""

    exit_code = 5
    status = 400
    code = "precedents_bundle"


class QuestionError(PrecedentsError):
    """A question or its options cannot be understood."""

    status = 400
    code = "precedents_question"


class EncoderError(PrecedentsError):
    """The encoder's package or weights are missing or not the pinned ones."""

    status = 503
    code = "precedents_encoder"


class BusyError(PrecedentsError):
    """Another import is running; wait until it has ended."""

    status = 409
    code = "precedents_busy"
