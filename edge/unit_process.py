"""Puts the parts of a running unit together, each made once and handed to those who need it."""

import logging

from drivers.card_reader import open_card_reader
from drivers.card_reader.trust_folder import load_anchors
from drivers.errors import DriverError
from edge import unit as units
from edge.capture import Capture
from edge.characters_of_office import OwnCharacters
from edge.drafts import DraftStore
from edge.errors import SettingsError
from edge.link.office_link import OfficeLink
from edge.office import Office
from edge.office.card_judgement import CardJudgement
from edge.office.kept_words import KeptWords
from edge.office.office_words import OfficeWords
from edge.office.returned import ReturnedNotifications
from edge.outbox import Outbox
from edge.pages.changes import Changes
from edge.session.card_desk import CardDesk, CardPolicy
from edge.session.counter_session import Counter, CounterSession
from edge.session.looking import Looking
from edge.session.recognition import Recognition
from edge.settings import CardReader, Settings
from edge.staff_desk import StaffDesk
from edge.unit import Unit
from edge.unit_clock import UnitClock
from intake.certificates.anchors import AnchorSet
from intake.certificates.errors import AnchorError
from intake.notification import Procedure

log = logging.getLogger(__name__)
MIB = 1 << 20


class UnitProcess:
    """Everything of one running unit. Must be made on a running event loop."""

    def __init__(self, settings: Settings, draft_key: bytes) -> None:
        state = settings.unit.state
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.settings = settings
        self.changes = Changes()
        unit = units.load(settings.unit.identity, settings.broker.addresses)
        clock = UnitClock()
        drafts = DraftStore(state / "drafts", draft_key)
        drafts.drop_unreadable()
        self._outbox = Outbox(
            state / "outbox",
            ballast_bytes=int(settings.outbox.ballast_mib * MIB),
            reserve_bytes=int(settings.outbox.reserve_mib * MIB),
        )
        recognition = Recognition(settings.recogniser)
        own = OwnCharacters(state / "office", drafts, recognition, self.changes.changed)
        office = Office(
            OfficeWords(
                unit,
                clock,
                KeptWords(state / "office"),
                on_change=self.changes.changed,
                on_new_epoch=self._send_all_again,
                on_glyphs=own.hold,
            ),
            ReturnedNotifications(drafts),
        )
        self.link = OfficeLink(
            unit=unit,
            clock=clock,
            outbox=self._outbox,
            office=office,
            settings=settings.broker,
            on_change=self.changes.changed,
        )
        self.counter = Counter(
            unit=unit,
            clock=clock,
            outbox=self._outbox,
            office=office,
            drafts=drafts,
            capture=Capture(drafts, self.changes.changed),
            recognition=recognition,
            own_characters=own,
            card_desk=_card_desk(settings, unit),
            staff_desk=StaffDesk(settings.clerk),
            filed=self.link.send_new,
        )
        self.session = CounterSession(self.counter, self._session_changed)
        self.counter.capture.on_rest = Looking(self.session).soon
        self.counter.card_desk.watch(self._wants_card, self.changes.changed)
        self.counter.card_desk.judge = CardJudgement(lambda: office.words.revocation, clock)

    def close(self) -> None:
        """Let go of files and devices."""
        self.counter.capture.close()
        self.counter.own_characters.close()
        self.counter.card_desk.close()
        self._outbox.close_files()

    def _session_changed(self) -> None:
        self.changes.changed()
        self.counter.card_desk.consider()

    def _wants_card(self) -> bool:
        return self.session.wants_card

    def _send_all_again(self) -> None:
        """The office restored its log: everything still kept is sent once more."""
        count = self._outbox.reopen(0)
        log.warning("sending everything kept once more", extra={"count": count})
        self.link.resend_all()


def _card_desk(settings: Settings, unit: Unit) -> CardDesk:
    chosen = settings.card_reader
    try:
        anchors = AnchorSet(())
        if chosen.anchors is not None:
            anchors = load_anchors(chosen.anchors, environment=unit.environment)
        reader = open_card_reader(
            chosen.address, environment=unit.environment, pki=chosen.demo_authority
        )
    except (AnchorError, DriverError) as error:
        raise SettingsError(f"card_reader: {error}") from error
    return CardDesk(reader, anchors, unit.environment, _policy(chosen))


def _policy(chosen: CardReader) -> CardPolicy:
    try:
        numbers, signed = (
            frozenset(map(Procedure, names))
            for names in (chosen.number_procedures, chosen.signed_procedures)
        )
    except ValueError as error:
        known = ", ".join(Procedure)
        raise SettingsError(f"card_reader: {error}; procedures are {known}") from error
    return CardPolicy(numbers, signed)
