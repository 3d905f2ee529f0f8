"""What can be made to go wrong in the simulator, switch by switch, on its page or by JSON."""

import threading
import time
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum


class Lie(StrEnum):
    """Ways to answer what is not so."""

    NONE = "none"
    ANOTHER_KEY = "another_key"
    NO_REFERENCE = "no_reference"
    NOT_JSON = "not_json"
    UNKNOWN_REPORT = "unknown_report"
    """Reports that something arrived which nobody handed over."""


@dataclass(frozen=True)
class Faults:
    """All off at first. cut: takes so many more and answers none of them.

    busy: refuses so many more for now. unknown: so many more are for somebody who has no box.
    bounce: so many more are taken and then reported as refused. keyless: forgets keys, so that
    what is handed over twice lies there twice.
    """

    slow_ms: int = 0
    per_second: int = 0
    down: bool = False
    expired_token: bool = False
    lie: Lie = Lie.NONE
    cut: int = 0
    busy: int = 0
    unknown: int = 0
    bounce: int = 0
    keyless: bool = False


class Switches:
    """The faults as they are set now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults = Faults()
        self._second, self._calls = 0, 0

    @property
    def now(self) -> Faults:
        """What is set."""
        return self._faults

    def set(self, given: dict[str, object]) -> Faults:
        """Set some of them; ValueError for a name or a value that does not exist."""
        known = {one.name for one in fields(Faults)}
        values: dict[str, object] = {}
        for name, value in given.items():
            if name not in known:
                raise ValueError(name)
            values[name] = _value(name, value)
        with self._lock:
            # `_value` has given each its field's own type.
            self._faults = replace(self._faults, **values)  # pyright: ignore[reportArgumentType]
        return self._faults

    def use(self, name: str) -> bool:
        """Count one of `cut`, `busy`, `unknown` or `bounce` down; whether there was one left."""
        with self._lock:
            left = int(asdict(self._faults)[name])
            if left <= 0:
                return False
            self._faults = replace(self._faults, **{name: left - 1})
            return True

    def over_the_limit(self) -> bool:
        """Whether this call is one too many in this second."""
        with self._lock:
            second = int(time.monotonic())
            if second != self._second:
                self._second, self._calls = second, 0
            self._calls += 1
            return 0 < self._faults.per_second < self._calls


def _value(name: str, value: object) -> object:
    kind = type(getattr(Faults(), name))
    if kind is Lie:
        return Lie(str(value))
    if kind is bool:
        return value in (True, "true", "on", "1", 1)
    number = int(str(value or 0))
    if number < 0:
        raise ValueError(name)
    return number
