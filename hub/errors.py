"""Everything that can go wrong in the hub, as classes that say what the caller can do about it.

`exit_code` is that of the command line; `status` and `code` are those of HTTP, where the sentences
come from `hub/text/*.toml` under `error.<code>`.
"""

from typing import ClassVar


class HubError(Exception):
    """The hub cannot do what was asked."""

    exit_code: ClassVar[int] = 2
    status: ClassVar[int] = 500
    code: ClassVar[str] = "hub_error"


class SettingsError(HubError):
    """The configuration file is wrong."""

    code = "settings"


class StateError(HubError):
    """The state folder is missing, or already there where it must not be."""

    code = "state"


class StorageError(HubError):
    """The database cannot be written or read now; nothing was acknowledged."""

    status = 503
    code = "storage"


class KeyRingError(HubError):
    """A key of the office is missing or unreadable."""

    exit_code = 5
    code = "key_ring"


class TrustError(HubError):
    """A certificate does not lead to the pinned root, or the directory cannot be trusted."""

    exit_code = 5
    code = "trust"


class LogCorruptError(HubError):
    """The log does not agree with its checkpoints."""

    exit_code = 5
    code = "log_corrupt"


class DocumentError(HubError):
    """A document cannot be read."""

    status = 400
    code = "document"


class TemplateError(HubError):
    """A notice template is wrong; correct the file it names."""

    status = 400
    code = "template"


class AddresseesError(HubError):
    """The list of addressees is wrong; correct the row it names."""

    status = 400
    code = "addressees"


class BackupError(HubError):
    """A backup cannot be written, opened or restored."""

    exit_code = 5
    code = "backup"


class BrokerError(HubError):
    """The broker cannot be started or reached."""

    exit_code = 6
    status = 503
    code = "broker"


class AccountError(HubError):
    """An account cannot be made or changed as asked."""

    status = 400
    code = "account"


class RefusedError(HubError):
    """A request that the hub understood and does not grant."""

    status = 403
    code = "refused"


class NotLoggedInError(RefusedError):
    """Nobody is logged in, or the session has ended."""

    status = 401
    code = "not_logged_in"


class WrongPasswordError(RefusedError):
    """The login or the password is wrong."""

    status = 401
    code = "wrong_password"


class LockedOutError(RefusedError):
    """Too many wrong passwords; the account waits."""

    status = 429
    code = "locked_out"


class CsrfError(RefusedError):
    """The form's token is missing or old."""

    code = "csrf"


class RoleError(RefusedError):
    """The account does not have the role that this needs."""

    code = "role"


class ProtectedPersonError(RefusedError):
    """A protected person's record is shown to the protected desk only."""

    code = "protected_person"


class AcceptorIsTakerError(RefusedError):
    """Whoever took a notification at the counter does not accept it."""

    code = "acceptor_is_taker"


class UnresolvedCharacterError(RefusedError):
    """A certificate cannot be drawn while a character of the name is unresolved."""

    status = 409
    code = "unresolved_character"


class NotFoundError(HubError):
    """There is nothing under this id."""

    status = 404
    code = "not_found"


class BadRequestError(HubError):
    """The form or the JSON body lacks something or holds something else than asked for."""

    status = 400
    code = "bad_request"


class ConflictError(HubError):
    """What was asked does not fit the register or the state of the notification."""

    exit_code = 7
    status = 409
    code = "conflict"


class SupersededError(ConflictError):
    """A newer revision arrived, or somebody else has decided meanwhile."""

    code = "superseded"


class RevocationPendingError(ConflictError):
    """What the card's certificate is worth is still being asked; it can be accepted afterwards."""

    code = "revocation_pending"


class CardRevokedError(ConflictError):
    """A certificate behind the proof was withdrawn; the counter has to prove identity otherwise."""

    code = "card_revoked"


class RevocationSourceError(HubError):
    """Nobody who knows about revocation can be reached; the hub asks again by itself."""

    status = 503
    code = "revocation_source"


class LinkMissingError(ConflictError):
    """A person of the notification is not yet matched with one resident of the register."""

    code = "link_missing"


class RecipientListError(BadRequestError):
    """A list of channels and wishes is wrong; nothing of it was taken."""

    code = "recipient_list"


class DeliveryConflictError(ConflictError):
    """The same delivery was accepted with another text."""

    code = "delivery_conflict"


class MessageStateError(ConflictError):
    """The message is no longer in a state in which this can be done."""

    code = "message_state"


class ChannelSettingsError(SettingsError):
    """A channel's settings or its secret file are wrong; correct what it names."""

    code = "channel_settings"
