"""The office as one object: everything that pages, writer and command line work with."""

from dataclasses import dataclass
from typing import Self

from hub.accounts.sessions import Sessions
from hub.clock import Clock, now_us
from hub.devices.directory import Directory
from hub.errors import StateError
from hub.keys.ring import KeyRing
from hub.live import Announcer
from hub.log.journal import Journal
from hub.log.receipts import Receipts
from hub.messages.publications import Publications
from hub.messages.sandbox.readers import Readers
from hub.precedents.service.assistant import Assistant
from hub.revocation.digest import CompleteLists
from hub.revocation.gateway import Gateway
from hub.settings import Settings
from hub.storage.database import Database
from hub.writer.examine import Examiner
from intake.event.keys import PublicKey

MINUTE_US = 60 * 1_000_000


@dataclass(frozen=True)
class Office:
    """One hub's parts, without its threads (those are `hub.serve`'s)."""

    settings: Settings
    clock: Clock
    database: Database
    ring: KeyRing
    journal: Journal
    receipts: Receipts
    directory: Directory
    examiner: Examiner
    sessions: Sessions
    publications: Publications
    live: Announcer
    gateway: Gateway
    precedents: Assistant
    readers: Readers

    @classmethod
    def create(cls, settings: Settings, recovery: PublicKey, clock: Clock = now_us) -> Self:
        """Make a new office: folders, schema, keys, the first epoch. StateError if there is one."""
        folder = settings.state.folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not settings.database.url:
            # The folder may be the operator's, open to others; SQLite would let all of them read.
            settings.database_file.touch(mode=0o600)
        database = Database(settings.database_url)
        if database.exists():
            raise StateError(f"{folder}: there is a hub here already; nothing was changed")
        KeyRing.create(folder / "keys", recovery, clock())
        database.migrate()
        database.close()
        office = cls.open(settings, clock)
        office.journal.open_epoch("first")
        return office

    @classmethod
    def open(cls, settings: Settings, clock: Clock = now_us) -> Self:
        """Open an office that exists, bringing its schema up to date."""
        database = Database(settings.database_url)
        database.require()
        database.migrate()
        ring = KeyRing.load(settings.state.folder / "keys")
        ring.complete(clock())
        code, environment = settings.office.code, settings.office.environment
        journal = Journal(database, ring, code, environment, clock)
        directory = Directory(settings, database, clock)
        kept = settings.state.folder / "revocation"
        gateway = Gateway.open(settings.revocation, kept)
        live = Announcer()
        idle_us = int(settings.web.session_minutes * MINUTE_US)
        return cls(
            settings=settings,
            clock=clock,
            database=database,
            ring=ring,
            journal=journal,
            receipts=Receipts(ring, code, environment, clock),
            directory=directory,
            examiner=Examiner(code, environment, directory.key, ring),
            sessions=Sessions(database, clock, idle_us),
            publications=Publications(
                settings,
                database,
                ring,
                journal,
                clock,
                lists=CompleteLists(settings, gateway.lists),
            ),
            live=live,
            gateway=gateway,
            precedents=Assistant(settings, journal, live.say),
            readers=Readers(),
        )

    def close(self) -> None:
        """Close the database and end the children that read documents."""
        self.live.close()
        self.precedents.close()
        self.readers.close()
        self.database.close()
