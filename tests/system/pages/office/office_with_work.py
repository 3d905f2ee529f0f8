"""An office with something on every page: real log, real register, real pages, no broker."""

import datetime as dt
import os
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from drivers.card_reader.simulated_card.demo_pki import DemoPki
from hub.accounts.staff import NewAccount, StaffMember, add
from hub.clock import now_us
from hub.devices.presence import note_health, note_presence
from hub.office import Office
from hub.register.protection import set_protection
from hub.review.decide import AcceptOrder, ReturnOrder, accept, send_back
from hub.settings import Cards
from hub.writer.commit import commit_batch
from hub.writer.examine import Incoming
from intake.characters import NameText
from intake.event.keys import PublicKey, ReaderKey
from intake.event.keyset import KeySet, read_keyset
from intake.event.manifest import EventKind, PartName
from intake.event.presence import Health, Presence, UnitState, encode_health, encode_presence
from intake.notification import Address, Notification, Person, Procedure, Source
from intake.notification.values import IdentityProof
from intake.office.roster import Role
from tests.hub.browser import Pages
from tests.hub.conftest import demo_settings
from tests.hub.counter_unit import OFFICE, CounterUnit, FiledEvent, Town, move_in, text_field
from tests.system.pages.office.card_proof import card_evidence, new_pki
from tests.system.pages.office.drawn_name import name_ink

PASSWORD = "correct horse battery"
STAFF = (
    ("sato", "s001", "佐藤 一郎", (Role.CLERK, Role.REVIEWER)),
    ("suzuki", "s002", "鈴木 花", (Role.REVIEWER,)),
    ("tanaka", "s003", "田中 実", (Role.OPERATOR,)),
    ("kato", "s004", "加藤 恵", (Role.PROTECTED_DESK, Role.REVIEWER)),
    ("ito", "s005", "伊藤 窓子", (Role.CLERK,)),
    ("endo", "s006", "遠藤 作", (Role.AUTHOR,)),
    ("okada", "s007", "岡田 送", (Role.SENDER,)),
)


@dataclass
class Work:
    """The office with names for what lies on its desks."""

    office: Office
    unit: CounterUnit
    pages: Pages
    staff: dict[str, StaffMember]
    cards: DemoPki
    filed: dict[str, FiledEvent] = field(default_factory=dict[str, FiledEvent])
    residents: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.pages.port}"

    @property
    def keyset(self) -> KeySet:
        pem = (self.office.settings.state.folder / "keys" / "office_anchor.pub").read_bytes()
        return read_keyset(self.office.publications.key_set(), PublicKey.from_pem(pem))

    def page_of(self, name: str) -> str:
        return f"/notifications/{self.filed[name].manifest.notification_id}"

    def take(self, device: str, *envelopes: bytes) -> None:
        """Judge and commit envelopes as the writer does, and tell the open pages."""
        incoming = [Incoming(device, data, self.office.clock()) for data in envelopes]
        batch = [(item, self.office.examiner.examine(item)) for item in incoming]
        commit_batch(self.office.journal, self.office.receipts, batch)
        self.office.live.say("queue")

    def file(self, name: str, notification: Notification, **how: object) -> FiledEvent:
        event = self.unit.file(self.keyset, notification, **how)  # pyright: ignore[reportArgumentType]
        self.take(self.unit.device, event.data)
        self.filed[name] = event
        return event

    def accept(self, name: str, login: str = "suzuki") -> None:
        event = self.filed[name]
        order = AcceptOrder(event.identity)
        decided = accept(self.office, event.manifest.notification_id, order, self.staff[login])
        self.residents[name] = decided.residents


def household(family: str) -> Notification:
    """A move in whose persons share the family name; no two families share a birthday.

    One would hide all of them: who may be a protected person is matched generously.
    """
    made = move_in(family)
    later = dt.timedelta(days=1 + ord(family[0]) % 300)
    persons: list[Person] = []
    for person in made.persons:
        born = person.value("birth_date")
        assert isinstance(born, dt.date)
        persons.append(person.with_field("birth_date", text_field(born + later)))
    return replace(made, notification_id=str(uuid.uuid4()), persons=tuple(persons))


def with_corrections(notification: Notification) -> Notification:
    """What a clerk corrected at the counter, and how the notifier was identified."""
    fields = {
        **notification.fields,
        "contact": text_field("03-1234-5678", Source.CLERK),
        "identity_proof": text_field(IdentityProof("my_number_card", "confirmed"), Source.CARD),
    }
    filled = replace(notification, fields=fields)
    return filled.corrected(
        "contact", "03-8765-4321", Source.CLERK, who="s001", when_us=now_us(), why="本人の申出"
    )


def moved_within(event: FiledEvent) -> Notification:
    """The household moves on, and one name and one reading differ from the register."""
    old = event.notification
    first, *others = old.persons
    first = first.with_field("kana", text_field("ヤマダ　タロー", Source.PEN))
    fields = {
        "notified_on": text_field(dt.date(2026, 11, 23)),
        "moved_on": text_field(dt.date(2026, 11, 1)),
        "new_address": text_field(Address(OFFICE, "東京都千代田区", "神田錦町", "3番")),
        "old_address": text_field(Address(OFFICE, "東京都千代田区", "飯田橋一丁目", "2番4号")),
        "new_household": text_field("new"),
    }
    return Notification(str(uuid.uuid4()), Procedure.MOVE_WITHIN, fields, (first, *others))


def fill(work: Work, town: Town) -> None:
    """Something on every page."""
    drawn = household("渡辺")
    first = drawn.persons[0].value("name")
    assert isinstance(first, NameText)
    work.unit.file(work.keyset, move_in())  # never arrives: the chain has a gap after it
    proof = {PartName.CARD_EVIDENCE: card_evidence(work.cards, drawn.notification_id)}
    work.file("drawn", with_corrections(drawn), parts={**name_ink(first), **proof})
    work.file("moved in", household("山田"), staff="s005")
    work.accept("moved in")
    lifted = {PartName.CARD_EVIDENCE: card_evidence(work.cards, str(uuid.uuid4()))}
    work.file("moved within", moved_within(work.filed["moved in"]), staff="s005", parts=lifted)
    for name, due in (("returned", dt.date(2026, 11, 20)), ("returned later", dt.date(2031, 1, 8))):
        event = work.file(name, household("高橋"), parts={PartName.CARD_EVIDENCE: b"torn"})
        order = ReturnOrder(event.identity, "旧住所の番地を確かめてください。", "s001", due)
        send_back(work.office, event.manifest.notification_id, order, work.staff["suzuki"])
    gone = work.file("withdrawn", household("小林"))
    work.file(
        "withdrawal",
        gone.notification,
        kind=EventKind.WITHDRAWN,
        revision=2,
        supersedes=gone.identity,
        parts={},
    )
    work.file("protected", household("中村"), staff="s005")
    work.accept("protected")
    child = work.residents["protected"][2]
    set_protection(work.office, work.staff["kato"], child, protect=True, reason="本人の申出")
    fleet(work, town)


def fleet(work: Work, town: Town) -> None:
    """Three units, one in order, one lost with work on its disk, one never seen; a quarantine."""
    for device in ("unit-02", "unit-03"):
        town.enrol(device)
    work.office.directory.refresh()
    work.take("unit-02", b"garbled")
    strange = town.enrol("unit-09", listed=False).file(work.keyset, move_in())
    work.take("unit-01", strange.data)
    now = now_us()
    for device, state, waiting in (
        ("unit-01", UnitState.ONLINE, 0),
        ("unit-02", UnitState.LOST, 7),
    ):
        boot = str(uuid.uuid4())
        presence = encode_presence(Presence(state, boot, now))
        note_presence(work.office.database, device, presence, now)
        health = Health(
            boot_id=boot,
            time_us=now,
            waiting=waiting,
            oldest_us=now - 3_600_000_000 if waiting else None,
            quarantined=0,
            free_bytes=8_000_000_000,
            clock_uncertainty_us=1000,
            keyset_version=1,
            roster_version=1,
            tablet=True,
            card_reader=not waiting,
        )
        note_health(work.office.database, device, encode_health(health), now)


@contextmanager
def office_with_work(folder: Path) -> Generator[Work]:
    """The office, served on a port of its own with the cookies of production."""
    town = Town(folder / "trust")
    unit = town.enrol("unit-01")
    settings = demo_settings(folder)
    cards = new_pki(folder / "anchors")
    settings = replace(
        settings,
        web=replace(settings.web, secure_cookies=True),
        cards=Cards(folder / "anchors"),
    )
    office = Office.create(settings, ReaderKey.generate().public)
    office.directory.refresh()
    staff: dict[str, StaffMember] = {}
    for login, staff_id, name, roles in STAFF:
        new = NewAccount(login, staff_id, name, frozenset(roles), PASSWORD)
        add(office.journal, new, "test")
        staff[login] = StaffMember(login, staff_id, name, frozenset(roles))
    pages = Pages(office)
    work = Work(office, unit, pages, staff, cards)
    try:
        fill(work, town)
        yield work
    finally:
        office.live.close()
        pages.stop()
        office.close()


if __name__ == "__main__":  # for looking at the pages by hand
    import sys
    import threading

    with office_with_work(Path(sys.argv[1])) as shown:
        sys.stdout.write(f"{shown.url} {os.getpid()} {shown.filed.keys()}\n")
        sys.stdout.flush()
        threading.Event().wait()
