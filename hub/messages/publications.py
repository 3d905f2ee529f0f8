"""The retained messages: keys, roster, characters, revocations, checkpoint; newer ones only."""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.staff import every
from hub.characters import store
from hub.clock import Clock
from hub.errors import HubError
from hub.keys.ring import KeyRing
from hub.log.journal import Journal
from hub.revocation.digest import CompleteLists
from hub.settings import Settings
from hub.storage.database import Database
from hub.storage.tables import Account, Checkpoint, Publication
from intake import canonical
from intake.event import keyset, topics
from intake.event.downward import Downward, DownwardKind, seal_downward
from intake.event.keyset import KeySet
from intake.event.topics import All
from intake.office import glyphs, revocation, roster
from intake.office.roster import Roster

DAY_US = 86_400 * 1_000_000
KEYS_LIFE_US, ROSTER_LIFE_US = 180 * DAY_US, 30 * DAY_US
GLYPHS_LIFE_US = 180 * DAY_US
REVOCATION_LIFE_US = 7 * DAY_US
TICK_S = 1.0

logger = logging.getLogger(__name__)


class Publications:
    """Makes the messages afresh when their content changed or their time runs out."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        ring: KeyRing,
        journal: Journal,
        clock: Clock,
        *,
        lists: CompleteLists,
    ) -> None:
        self._settings = settings
        self._lists = lists
        self._database = database
        self._ring = ring
        self._journal = journal
        self._clock = clock

    def current(self) -> Mapping[All, bytes]:
        """What every unit should hold now, by the last level of its topic."""
        self._ring.reload()
        found = {
            All.KEYS: self.key_set(),
            All.ROSTER: self.roster(),
            All.GLYPHS: self.glyphs(),
            All.CHECKPOINT: self.checkpoint(),
        }
        digest = self.revocation()
        return found if digest is None else {**found, All.REVOCATION: digest}

    def key_set(self) -> bytes:
        """The signed key set."""
        readers = {name.value: key.der for name, key in self._ring.reader_keys().items()}
        signing = [[key.kid, key.status.value, key.not_after_us] for key in self._ring.hub_keys()]
        content = canonical.encode([readers, signing])
        return self._renewed(All.KEYS, content, KEYS_LIFE_US, self._sign_key_set)

    def roster(self) -> bytes:
        """The signed roster of everybody who may log in at a unit."""
        with self._database.reading() as session:
            members = _members(session)
        lines = [
            [m.staff_id, m.name, sorted(role.value for role in m.roles), m.pin_verifier]
            for m in members
        ]
        content = canonical.encode([*lines, self._ring.downward_signer().kid])

        def sign(version: int, now: int) -> bytes:
            expires = now + ROSTER_LIFE_US
            body = Roster(self._settings.office.code, version, expires, members)
            return self._sealed(DownwardKind.ROSTER, roster.encode(body), now, version, expires)

        return self._renewed(All.ROSTER, content, ROSTER_LIFE_US, sign)

    def glyphs(self) -> bytes:
        """The signed set of the office's own characters, also while it has none."""
        with self._database.reading() as session:
            found = store.fingerprint(session)
        content = canonical.encode([*found, self._ring.downward_signer().kid])

        def sign(version: int, now: int) -> bytes:
            with self._database.reading() as session:
                document = store.document(session, self._settings.office.code, version)
            body = glyphs.encode(document)
            return self._sealed(DownwardKind.GLYPHS, body, now, version, now + GLYPHS_LIFE_US)

        return self._renewed(All.GLYPHS, content, GLYPHS_LIFE_US, sign)

    def revocation(self) -> bytes | None:
        """The signed digest of revocations; None while no complete list is at hand.

        What was published before stays retained then, and its covers run out by themselves.
        """
        covered = self._lists.now(self._clock())
        if not covered:
            return None
        kid = self._ring.downward_signer().kid
        content = canonical.encode([*((one.cover.anchor, one.mark) for one in covered), kid])

        def sign(version: int, now: int) -> bytes:
            code = self._settings.office.code
            listed = ((one.cover, one.serials) for one in covered)
            body = revocation.encode(revocation.make_digest(code, version, listed))
            return self._sealed(
                DownwardKind.REVOCATION, body, now, version, now + REVOCATION_LIFE_US
            )

        return self._renewed(All.REVOCATION, content, REVOCATION_LIFE_US, sign)

    def checkpoint(self) -> bytes:
        """The newest signed checkpoint."""
        with self._database.reading() as session:
            return self._journal.newest_checkpoint(session).signed

    def _sealed(
        self, kind: DownwardKind, body: bytes, now: int, version: int, expires: int
    ) -> bytes:
        message = Downward(
            kind=kind,
            office=self._settings.office.code,
            environment=self._settings.office.environment,
            device=None,
            version=version,
            issued_us=now,
            expires_us=expires,
            body=body,
        )
        return seal_downward(message, self._ring.downward_signer())

    def _sign_key_set(self, version: int, now: int) -> bytes:
        content = KeySet(
            office=self._settings.office.code,
            environment=self._settings.office.environment,
            version=version,
            issued_us=now,
            expires_us=now + KEYS_LIFE_US,
            signing_keys=self._ring.hub_keys(),
            reader_keys=self._ring.reader_keys(),
        )
        return keyset.sign_keyset(content, self._ring.anchor())

    def _renewed(
        self, kind: All, content: bytes, life_us: int, sign: Callable[[int, int], bytes]
    ) -> bytes:
        """The stored message, or a new version when content changed or a third of its life is over.

        A version is at least the time in microseconds, so that it does not go back even when
        an old backup is restored.
        """
        digest = hashlib.sha256(content).digest()
        now = self._clock()
        with self._database.reading() as session:
            held = session.get(Publication, kind.value)
            same = held is not None and held.content_sha256 == digest
            if held is not None and same and now < held.issued_us + life_us // 3:
                return held.message
        with self._database.writing() as session:
            held = session.get(Publication, kind.value)
            version = max(now, held.version + 1 if held else 1)
            message = sign(version, now)
            session.merge(
                Publication(
                    kind=kind.value,
                    version=version,
                    content_sha256=digest,
                    message=message,
                    issued_us=now,
                    expires_us=now + life_us,
                )
            )
        logger.info("published %s version %d", kind.value, version)
        return message


class Publisher:
    """A thread that publishes what changed, once a second at most, and all of it on connection."""

    def __init__(
        self,
        office: str,
        publications: Publications,
        publish: Callable[[str, bytes], None],
    ) -> None:
        self._office = office
        self._publications = publications
        self._publish = publish
        self._sent: dict[All, bytes] = {}
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(TICK_S * 5)

    def all_again(self) -> None:
        """Publish everything: the broker has forgotten it."""
        self._sent = {}
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(TICK_S)
            self._wake.clear()
            try:
                self._publish_changes()
            except HubError as error:
                logger.warning("nothing could be published: %s", error)
            except Exception:
                # Units would never hear of a new key or roster again if this thread ended.
                logger.exception("nothing could be published")

    def _publish_changes(self) -> None:
        sent = self._sent  # `all_again` puts another in its place, and what goes on here is lost
        for kind, message in self._publications.current().items():
            if sent.get(kind) != message:
                self._publish(topics.everyone(self._office, kind), message)
                sent[kind] = message


def newest_sizes(session: Session) -> tuple[int, int]:
    """(epoch, size) of the newest checkpoint, for pages."""
    epoch = session.scalar(select(func.max(Checkpoint.epoch))) or 0
    size = session.scalar(select(func.max(Checkpoint.size)).where(Checkpoint.epoch == epoch))
    return epoch, size or 0


def _members(session: Session) -> tuple[roster.StaffMember, ...]:
    """Staff who may log in at a unit: not disabled, with a PIN."""
    verifiers = {
        account.login: account.pin_verifier for account in session.scalars(select(Account))
    }
    members = [
        roster.StaffMember(member.staff_id, member.name, member.roles, str(verifiers[member.login]))
        for member in every(session)
        if not member.disabled and verifiers[member.login]
    ]
    return tuple(sorted(members, key=lambda member: member.staff_id))
