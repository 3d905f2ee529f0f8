"""Everything the office says to this unit, believed only after its signature has been checked.

The key set is signed by the office anchor given at enrolment, so the newest one is accepted after
any number of key changes; all the rest is signed by keys of that set.
"""

import contextlib
import logging
from collections.abc import Callable
from typing import TypeVar

from edge.errors import UntrustedMessageError
from edge.office.kept_words import KeptWords
from edge.office.witness import Alarm, Witness, Witnessed
from edge.unit import Unit
from edge.unit_clock import UnitClock
from intake.errors import DecodeError, IntakeError, VerificationError
from intake.event.checkpoint import verify_checkpoint
from intake.event.downward import Downward, DownwardKind, open_downward
from intake.event.keyset import KeySet, accept_keyset, read_keyset
from intake.event.receipt import Receipt, verify_receipt
from intake.office import glyphs as office_glyphs
from intake.office import revocation as revocations
from intake.office import roster as rosters
from intake.office.glyphs import OfficeGlyphs
from intake.office.revocation import RevocationDigest
from intake.office.roster import Roster

log = logging.getLogger(__name__)
T = TypeVar("T")


class OfficeWords:
    """Verifies, keeps and gives the office's words; UntrustedMessageError when not believed."""

    def __init__(
        self,
        unit: Unit,
        clock: UnitClock,
        kept: KeptWords,
        *,
        on_change: Callable[[], None] = lambda: None,
        on_new_epoch: Callable[[], None] = lambda: None,
        on_glyphs: Callable[[OfficeGlyphs], None] = lambda _glyphs: None,
    ) -> None:
        self._unit = unit
        self._clock = clock
        self._kept = kept
        self._on_change = on_change
        self._on_glyphs = on_glyphs
        self._early: dict[str, bytes] = {}
        self._roster_version: int | None = None
        self._glyphs_version: int | None = None
        self._revocation_version: int | None = None
        self.keyset: KeySet | None = None
        self.roster: Roster | None = None
        self.glyphs: OfficeGlyphs | None = None
        self.revocation: RevocationDigest | None = None
        self.witness = Witness(on_new_epoch=on_new_epoch)
        self._recall()

    def take_keys(self, data: bytes) -> None:
        """A retained key set came."""
        held = self.keyset
        keyset = _believed(
            lambda: accept_keyset(
                data,
                self._unit.office_anchor,
                office=self._unit.office,
                environment=self._unit.environment,
                held=held,
                now_us=self._clock.trusted_us(),
            )
        )
        self._kept.put("keys", data)
        self.keyset = keyset
        if held is None or keyset.version != held.version:
            log.info("took a key set", extra={"version": keyset.version})
        early, self._early = self._early, {}
        for name, message in early.items():
            with contextlib.suppress(UntrustedMessageError):
                self._taker(name)(message)
        self._on_change()

    def take_roster(self, data: bytes) -> None:
        """A retained roster came; before the keys it waits for them."""
        if self.keyset is None:
            self._early["roster"] = data
            return
        try:
            message = self._open(data, DownwardKind.ROSTER, held_version=self._roster_version)
        except UntrustedMessageError:
            self._early["roster"] = data
            raise
        self._hold_roster(message)
        self._kept.put("roster", data)
        self._on_change()

    def take_glyphs(self, data: bytes) -> None:
        """The retained set of the office's own characters came; it waits for the keys as above."""
        if self.keyset is None:
            self._early["glyphs"] = data
            return
        self.hold_glyphs(data, self.read_glyphs(data))

    def read_glyphs(self, data: bytes) -> tuple[Downward, OfficeGlyphs]:
        """The set, verified and decoded and not yet held.

        From any thread: hundreds of outlines take longer than a pen may wait.
        """
        try:
            message = self._open(data, DownwardKind.GLYPHS, held_version=self._glyphs_version)
        except UntrustedMessageError:
            self._early["glyphs"] = data
            raise
        return message, self._decoded_glyphs(message)

    def hold_glyphs(self, data: bytes, read: tuple[Downward, OfficeGlyphs]) -> None:
        """Hold and keep what `read_glyphs` gave."""
        self._hold_glyphs(*read)
        self._kept.put("glyphs", data)

    def take_revocation(self, data: bytes) -> None:
        """The retained digest of revocations came; it waits for the keys as above."""
        if self.keyset is None:
            self._early["revocation"] = data
            return
        try:
            message = self._open(
                data, DownwardKind.REVOCATION, held_version=self._revocation_version
            )
        except UntrustedMessageError:
            self._early["revocation"] = data
            raise
        self._hold_revocation(message)
        self._kept.put("revocation", data)

    def take_checkpoint(self, data: bytes) -> None:
        """A checkpoint came, retained or inside a receipt; before the keys it waits for them."""
        if self.keyset is None:
            self._early["checkpoint"] = data
            return
        try:
            checkpoint = _believed(lambda: verify_checkpoint(data, self.keys()))
        except UntrustedMessageError:
            self._early["checkpoint"] = data
            raise
        self._clock.office_said(checkpoint.time_us)
        self._witnessing(lambda: self.witness.see(Witnessed(checkpoint, data)))

    def take_proof(self, sizes: tuple[int, int], proof: tuple[bytes, ...]) -> None:
        """The office's proof that its log grew between two sizes and was not rewritten."""
        self._witnessing(lambda: self.witness.answer(sizes, proof))

    def take_receipt(self, data: bytes, identity: bytes, digest: bytes) -> Receipt:
        """The receipt for the row `identity` whose bytes have SHA-256 `digest`."""
        receipt = _believed(lambda: verify_receipt(data, self.keys(), identity, digest=digest))
        self._clock.office_said(receipt.hub_time_us)
        if receipt.checkpoint is not None:
            self.take_checkpoint(receipt.checkpoint)
        return receipt

    def open_body(self, data: bytes, kind: DownwardKind) -> bytes:
        """The body of a message to this unit alone; an older one than the last is not believed."""
        name = f"{kind}_version"
        held = int(self._kept.get(name) or 0)
        message = self._open(data, kind, held_version=held)
        self._kept.put(name, str(message.version).encode())
        return message.body

    def keys(self) -> KeySet:
        """The key set held; UntrustedMessageError while none has come."""
        if self.keyset is None:
            raise UntrustedMessageError("no key set is held yet; wait for the office's keys")
        return self.keyset

    def _open(self, data: bytes, kind: DownwardKind, held_version: int | None = None) -> Downward:
        return _believed(
            lambda: open_downward(
                data,
                kind,
                self.keys(),
                self._unit.audience,
                now_us=self._clock.trusted_us(),
                held_version=held_version,
                reader=self._unit.encryption if kind.encrypted else None,
            )
        )

    def _hold_roster(self, message: Downward) -> None:
        roster = _believed(lambda: rosters.decode(message.body))
        if self.roster is None or roster.version != self.roster.version:
            log.info("took a roster", extra={"version": roster.version, "count": len(roster.staff)})
        self.roster, self._roster_version = roster, message.version

    def _decoded_glyphs(self, message: Downward) -> OfficeGlyphs:
        found = _believed(lambda: office_glyphs.decode(message.body))
        if found.office != self._unit.office:
            raise UntrustedMessageError("a set of characters of another office; it is left aside")
        return found

    def _hold_glyphs(self, message: Downward, found: OfficeGlyphs) -> None:
        if self.glyphs is None or found.version != self.glyphs.version:
            count = len(found.glyphs)
            log.info("took characters", extra={"version": found.version, "count": count})
        self.glyphs, self._glyphs_version = found, message.version
        self._on_glyphs(found)

    def _hold_revocation(self, message: Downward) -> None:
        found = _believed(lambda: revocations.decode(message.body))
        if found.office != self._unit.office:
            raise UntrustedMessageError("a digest of another office; it is left aside")
        if self.revocation is None or found.version != self.revocation.version:
            count = len(found.marks)
            log.info("took a digest of revocations", extra={"count": count})
        self.revocation, self._revocation_version = found, message.version

    def _taker(self, name: str) -> Callable[[bytes], None]:
        takers = {
            "roster": self.take_roster,
            "glyphs": self.take_glyphs,
            "revocation": self.take_revocation,
        }
        return takers.get(name, self.take_checkpoint)

    def _witnessing(self, act: Callable[[], None]) -> None:
        held, alarm = self.witness.held, self.witness.alarm
        act()
        if self.witness.held is not None and self.witness.held != held:
            self._kept.put("checkpoint", self.witness.held.data)
        if self.witness.alarm is not None and self.witness.alarm != alarm:
            self._kept.put("alarm", self.witness.alarm.encode())
            self._on_change()

    def _recall(self) -> None:
        """Read back what was held, each signature verified again; expiry is judged when used."""
        alarm = self._kept.get("alarm")
        self.witness.alarm = Alarm(alarm.decode()) if alarm else None
        keys, roster, checkpoint, glyphs, revocation = (
            self._kept.get(name)
            for name in ("keys", "roster", "checkpoint", "glyphs", "revocation")
        )
        try:
            if keys is not None:
                self.keyset = read_keyset(keys, self._unit.office_anchor)
            if roster is not None:
                audience = self._unit.audience
                self._hold_roster(
                    open_downward(roster, DownwardKind.ROSTER, self.keys(), audience, now_us=None)
                )
            if checkpoint is not None:
                found = verify_checkpoint(checkpoint, self.keys())
                self.witness.held = Witnessed(found, checkpoint)
                self._clock.remember(found.time_us)
            if glyphs is not None:
                audience = self._unit.audience
                message = open_downward(
                    glyphs, DownwardKind.GLYPHS, self.keys(), audience, now_us=None
                )
                self._hold_glyphs(message, self._decoded_glyphs(message))
            if revocation is not None:
                kind, audience = DownwardKind.REVOCATION, self._unit.audience
                self._hold_revocation(
                    open_downward(revocation, kind, self.keys(), audience, now_us=None)
                )
        except (IntakeError, UntrustedMessageError):
            log.exception("what the office said before does not verify; waiting for it anew")


def _believed(read: Callable[[], T]) -> T:
    try:
        return read()
    except (VerificationError, DecodeError) as error:
        raise UntrustedMessageError(
            f"a message of the office was not believed ({error}); it is left aside"
        ) from error
