"""Sends one unit what is for it alone, signed, and encrypted where it concerns a resident."""

import threading
from collections.abc import Callable, Mapping

from hub.clock import Clock
from hub.keys.ring import KeyRing
from hub.settings import Settings
from intake.event import topics
from intake.event.downward import Downward, DownwardKind, seal_downward
from intake.event.keys import PublicKey
from intake.event.topics import Down

LIFE_US = 14 * 86_400 * 1_000_000


class Postbox:
    """Downward messages to single units. Versions grow with the clock, so they never go back."""

    def __init__(
        self,
        settings: Settings,
        ring: KeyRing,
        encryption_keys: Callable[[], Mapping[str, PublicKey]],
        publish: Callable[[str, bytes], None],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._ring = ring
        self._encryption_keys = encryption_keys
        self._publish = publish
        self._clock = clock
        self._lock = threading.Lock()
        self._version = 0

    def units(self) -> tuple[str, ...]:
        """Every active unit of the office."""
        return tuple(sorted(self._encryption_keys()))

    def receipt(self, device: str, receipt: bytes) -> None:
        """A receipt needs no envelope: it is signed and says nothing about a resident."""
        self._publish(topics.down(self._settings.office.code, device, Down.RECEIPT), receipt)

    def send(self, device: str, kind: DownwardKind, body: bytes) -> None:
        """Send `body`; nothing happens for a unit whose encryption key is not known."""
        public = self._encryption_keys().get(device)
        if public is None:
            return
        topic = topics.down(self._settings.office.code, device, Down(kind.value))
        with self._lock:  # to the end: a unit refuses what it is given out of the versions' order
            now = self._clock()
            self._version = max(self._version + 1, now)
            message = Downward(
                kind=kind,
                office=self._settings.office.code,
                environment=self._settings.office.environment,
                device=device,
                version=self._version,
                issued_us=now,
                expires_us=now + LIFE_US,
                body=body,
            )
            sealed = seal_downward(
                message, self._ring.downward_signer(), public if kind.encrypted else None
            )
            self._publish(topic, sealed)
