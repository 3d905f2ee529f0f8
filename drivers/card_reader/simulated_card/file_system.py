"""The parts of a card that hold state: files with their locks, PINs with their tries, keys."""

from dataclasses import dataclass, field

from drivers.card_reader.simulated_card.persona import PinState
from drivers.card_reader.simulated_card.signing import CardPrivateKey

FREE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class DataFile:
    """A transparent file. `opened_by`: PIN files of which one must be verified; none = free."""

    content: bytes
    opened_by: frozenset[int] = FREE


@dataclass
class PinEntry:
    """A PIN file's state. Tries live as long as the card, `verified` until the next select."""

    value: bytes = field(repr=False)
    left: int
    full: int
    verified: bool = False

    @classmethod
    def fresh(cls, state: PinState, full: int) -> "PinEntry":
        """The PIN as the persona says it is when the card is first put on."""
        return cls(state.value.encode("ascii"), state.tries, full)


@dataclass(frozen=True)
class KeyFile:
    """A private key and the PIN file that unlocks it."""

    key: CardPrivateKey = field(repr=False)
    opened_by: int


@dataclass
class CardApplication:
    """One application: files, PINs and keys by file id; `card_key` answers challenges freely."""

    aid: bytes
    files: dict[int, DataFile] = field(default_factory=dict[int, DataFile])
    pins: dict[int, PinEntry] = field(default_factory=dict[int, PinEntry])
    keys: dict[int, KeyFile] = field(default_factory=dict[int, KeyFile])
    records: dict[int, tuple[bytes, ...]] = field(default_factory=dict[int, tuple[bytes, ...]])
    card_key: CardPrivateKey | None = field(default=None, repr=False)
    session_key: CardPrivateKey | None = field(default=None, repr=False)

    def drop_pin_states(self) -> None:
        """What selecting an application or losing power does."""
        for pin in self.pins.values():
            pin.verified = False

    def is_open(self, locks: frozenset[int]) -> bool:
        """Whether a file with these locks may be read now."""
        return not locks or any(self.pins[lock].verified for lock in locks)
