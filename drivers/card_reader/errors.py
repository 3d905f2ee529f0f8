"""Every way a card or its reader can fail; each carries the outcome code a counter shows."""

from typing import ClassVar

from drivers.errors import (
    DeviceBusyError,
    DeviceLostError,
    DeviceMissingError,
    DeviceRefusedError,
    DeviceUnsupportedError,
)


class NoServiceError(DeviceMissingError):
    """pcscd does not run; start it (systemctl start pcscd.socket)."""

    code: ClassVar[str] = "no_service"


class NoReaderError(DeviceMissingError):
    """pcscd knows no such reader; plug it in."""

    code: ClassVar[str] = "no_reader"


class NoCardError(DeviceMissingError):
    """No card lies on the reader; place it."""

    code: ClassVar[str] = "no_card"


class CardRemovedError(DeviceLostError):
    """The card left the reader while it was in use; place it again and begin anew."""

    code: ClassVar[str] = "removed"


class CardTimeoutError(DeviceLostError):
    """The card did not answer in time; take it off, place it again."""

    code: ClassVar[str] = "timeout"


class CardBusyError(DeviceBusyError):
    """Another program uses the card; close it."""

    code: ClassVar[str] = "reader_busy"


class CardUnresponsiveError(DeviceUnsupportedError):
    """The card does not answer to power; turn it over or place it flat."""

    code: ClassVar[str] = "card_mute"


class NotMyNumberCardError(DeviceUnsupportedError):
    """The card has no JPKI application; place the My Number card."""

    code: ClassVar[str] = "not_my_number_card"


class CardRefusedError(DeviceRefusedError):
    """The card answered a command with an unexpected status word, kept in `sw`."""

    code: ClassVar[str] = "card_refused"

    def __init__(self, step: str, sw: int) -> None:
        super().__init__(f"{step}: the card answered {sw:04X}; place the card again")
        self.sw = sw


class PinWrongError(DeviceRefusedError):
    """The PIN was wrong; `tries` are left. Ask the resident, never repeat by program."""

    code: ClassVar[str] = "pin_wrong"

    def __init__(self, tries: int) -> None:
        super().__init__(f"wrong PIN, {tries} tries left; ask the resident")
        self.tries = tries


class PinBlockedError(DeviceRefusedError):
    """The PIN is blocked; a desk of the municipality can set a new one."""

    code: ClassVar[str] = "pin_blocked"


class PinOneLeftError(DeviceRefusedError):
    """One try is left; nothing is sent without the clerk's explicit override."""

    code: ClassVar[str] = "pin_one_left"


class PinFormatError(DeviceRefusedError):
    """The PIN cannot be right by its form; nothing was sent, no try was lost."""

    code: ClassVar[str] = "pin_format"


class PinNeededError(DeviceRefusedError):
    """The card gives this only after a PIN; ask for it first."""

    code: ClassVar[str] = "pin_needed"


class SignatureUnverifiedError(DeviceRefusedError):
    """The card's signature does not verify under its own certificate; read again."""

    code: ClassVar[str] = "signature_unverified"
    exit_code: ClassVar[int] = 5


class SimulationForbiddenError(DeviceRefusedError):
    """The virtual card exists in demo and training only; use a real reader."""

    code: ClassVar[str] = "simulation_forbidden"


class PersonaError(DeviceUnsupportedError):
    """A persona file does not describe a card; the message names the key."""

    exit_code: ClassVar[int] = 2


class ProfileError(DeviceUnsupportedError):
    """A card profile cannot be used; the message names the file and the key."""

    code: ClassVar[str] = "profile_error"
    exit_code: ClassVar[int] = 2


class MissingPartError(DeviceUnsupportedError):
    """The card lacks what was asked for, and no PIN was sent; ask for less or another proof."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code}: the card lacks this; ask for less")
        self.missing = code
