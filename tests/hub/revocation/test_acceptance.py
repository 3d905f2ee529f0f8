"""Review accepts nothing before the hub's answer is in, and shows what to do meanwhile."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from sqlalchemy import select

from hub.accounts.staff import StaffMember, every
from hub.errors import CardRevokedError, RevocationPendingError
from hub.log import entry as entries
from hub.log.entry import EntryKind
from hub.review.decide import AcceptOrder, accept
from hub.review.reading import read_view
from hub.review.view import NotificationView
from hub.revocation.asking import Asker
from hub.revocation.states import RevocationState, required
from hub.settings import Revocation, Settings
from hub.storage.tables import Alarm, CardRevocation, LogEntry
from intake.certificates.anchors import Purpose
from intake.notification import Procedure
from intake.office.environment import Environment
from intake.office.roster import Role
from tests.hub.browser import Browser, Pages
from tests.hub.conftest import PASSWORD, staff
from tests.hub.counter_unit import FiledEvent, move_in
from tests.hub.revocation.conftest import Authorities, CardOffice, OpenOffice
from tests.hub.revocation.responding import RespondingServer
from tests.intake.certificates.authority import SERIAL

MOVED = (SERIAL, x509.ReasonFlags.affiliation_changed)
LOST = (SERIAL, x509.ReasonFlags.key_compromise)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    folder = tmp_path / "lists"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(card_office: OpenOffice, lists: Path) -> CardOffice:
    """An office whose lists are put into a folder; at first there are none."""
    return card_office(Revocation(lists=lists))


def put(lists: Path, authorities: Authorities, *, auth: bytes = b"", sign: bytes = b"") -> None:
    (lists / "auth.crl").write_bytes(auth or authorities.auth.crl())
    (lists / "sign.crl").write_bytes(sign or authorities.sign.crl())


def reviewed(opened: CardOffice, event: FiledEvent) -> NotificationView:
    reviewer = staff_member(opened)
    return read_view(opened.desk.office, reviewer, event.manifest.notification_id, "test")


def staff_member(opened: CardOffice) -> StaffMember:
    with opened.desk.office.database.reading() as session:
        known = {one.login: one for one in every(session)}
    return known.get("s002") or staff(opened.desk, "s002", Role.REVIEWER)


def accept_it(opened: CardOffice, event: FiledEvent) -> None:
    order = AcceptOrder(event.identity)
    accept(opened.desk.office, event.manifest.notification_id, order, staff_member(opened))


def states(view: NotificationView) -> dict[str, str]:
    return {one.purpose: one.state for one in view.revocations}


def test_it_waits_for_the_answer_and_is_accepted_after_it(
    opened: CardOffice, lists: Path, authorities: Authorities
):
    event = opened.file()
    view = reviewed(opened, event)
    assert (states(view), view.blocked_by) == ({"auth": "waiting"}, "revocation_pending")
    with pytest.raises(RevocationPendingError):
        accept_it(opened, event)
    asker = Asker(opened.desk.office)
    assert asker.run_once() == 1
    assert states(reviewed(opened, event)) == {"auth": "unknown"}
    with pytest.raises(RevocationPendingError):
        accept_it(opened, event)
    put(lists, authorities)
    due_now(opened)
    assert asker.run_once() == 1
    view = reviewed(opened, event)
    assert (states(view), view.blocked_by) == ({"auth": "not_revoked"}, None)
    accept_it(opened, event)
    assert asker.run_once() == 0


def test_without_an_answer_it_asks_again_later_and_later(opened: CardOffice):
    event = opened.file()
    asker = Asker(opened.desk.office)
    pauses: list[int] = []
    for _ in range(4):
        asker.run_once()
        row = row_of(opened, event)
        assert row.next_us is not None
        pauses.append(round((row.next_us - row.asked_us) / 1_000_000))
        assert asker.run_once() == 0
        due_now(opened)
    assert pauses == [60, 120, 240, 480]
    with opened.desk.office.database.reading() as session:
        assert [alarm.kind for alarm in session.scalars(select(Alarm))] == ["revocation"]
    assert len(entries_of(opened)) == 1  # the same answer again is no news


def test_a_card_that_was_lost_is_not_accepted(
    opened: CardOffice, lists: Path, authorities: Authorities
):
    put(lists, authorities, auth=authorities.auth.crl(LOST))
    event = opened.file()
    Asker(opened.desk.office).run_once()
    view = reviewed(opened, event)
    assert (states(view), view.blocked_by) == ({"auth": "revoked"}, "card_revoked")
    with pytest.raises(CardRevokedError):
        accept_it(opened, event)
    assert row_of(opened, event).next_us is None


def test_a_signing_certificate_that_died_by_the_move_is_normal_at_a_move(
    opened: CardOffice, lists: Path, authorities: Authorities
):
    put(lists, authorities, sign=authorities.sign.crl(MOVED))
    event = opened.file(Purpose.SIGN)
    Asker(opened.desk.office).run_once()
    view = reviewed(opened, event)
    assert states(view) == {"auth": "not_revoked", "sign": "revoked_by_move"}
    assert view.blocked_by is None
    accept_it(opened, event)


@pytest.mark.parametrize("reason", [None, x509.ReasonFlags.key_compromise])
def test_another_reason_is_no_move(
    opened: CardOffice, lists: Path, authorities: Authorities, reason: x509.ReasonFlags | None
):
    put(lists, authorities, sign=authorities.sign.crl((SERIAL, reason)))
    event = opened.file(Purpose.SIGN)
    Asker(opened.desk.office).run_once()
    assert states(reviewed(opened, event))["sign"] == "revoked"


def test_where_nobody_moves_a_move_is_no_excuse(
    opened: CardOffice, lists: Path, authorities: Authorities
):
    put(lists, authorities, sign=authorities.sign.crl(MOVED), auth=authorities.auth.crl(MOVED))
    change = replace(move_in(), procedure=Procedure.HOUSEHOLD_CHANGE)
    event = opened.file(Purpose.SIGN, notification=change)
    Asker(opened.desk.office).run_once()
    assert states(reviewed(opened, event)) == {"auth": "revoked", "sign": "revoked"}


def test_an_answer_that_is_over_is_asked_for_again(
    opened: CardOffice, lists: Path, authorities: Authorities
):
    put(lists, authorities)
    event = opened.file()
    asker = Asker(opened.desk.office)
    asker.run_once()
    with opened.desk.office.database.writing() as session:
        row = session.get_one(CardRevocation, (event.identity, "auth"))
        row.holds_until_us = row.next_us = opened.desk.office.clock() - 1
    assert states(reviewed(opened, event)) == {"auth": "waiting"}
    with pytest.raises(RevocationPendingError):
        accept_it(opened, event)
    assert asker.run_once() == 1
    assert states(reviewed(opened, event)) == {"auth": "not_revoked"}


def test_each_new_answer_is_an_entry_of_the_log_without_personal_data(
    opened: CardOffice, lists: Path, authorities: Authorities
):
    put(lists, authorities)
    event = opened.file()
    Asker(opened.desk.office).run_once()
    (body,) = entries_of(opened)
    assert body == {
        "identity": event.identity,
        "purpose": "auth",
        "state": "not_revoked",
        "reason": "not_revoked",
        "entry": body["entry"],
    }


def test_evidence_without_a_certificate_holds_nothing_up(opened: CardOffice):
    """The control of the gate: only a certificate is waited for, and evidence is opened once."""
    event = opened.desk.unit.file(opened.desk.keyset, move_in())
    opened.desk.take(event.data)
    assert Asker(opened.desk.office).run_once() == 0
    assert reviewed(opened, event).blocked_by is None
    accept_it(opened, event)


def test_in_the_demo_nobody_is_asked_where_nobody_is_configured(card_office: OpenOffice):
    opened = card_office(Revocation())
    event = opened.file()
    view = reviewed(opened, event)
    assert (view.revocations, view.blocked_by) == ((), None)
    accept_it(opened, event)


def test_production_waits_though_nobody_is_configured():
    settings = Settings()
    assert settings.office.environment is Environment.PRODUCTION
    assert required(settings)


def test_the_review_page_says_how_it_stands_and_what_is_next(
    opened: CardOffice, lists: Path, authorities: Authorities
):
    staff_member(opened)
    event = opened.file(Purpose.SIGN)
    path = f"/notifications/{event.manifest.notification_id}"
    pages = Pages(opened.desk.office)
    try:
        browser = Browser(pages.port)
        assert browser.log_in("s002", PASSWORD).status == 200
        page = browser.get(path).text
        assert 'data-revocation="waiting"' in page
        assert 'data-code="revocation_pending"' in page
        assert 'id="accept"' not in page
        put(lists, authorities, sign=authorities.sign.crl(MOVED))
        Asker(opened.desk.office).run_once()
        page = browser.get(path).text
        assert 'data-revocation="revoked_by_move"' in page
        assert "異動の届出では通常のことです" in page
        assert 'id="accept"' in page
        view = browser.get(f"/api{path}").json()
        assert [one["state"] for one in view["revocations"]] == ["not_revoked", "revoked_by_move"]
    finally:
        pages.stop()


def test_the_thread_asks_by_itself(
    card_office: OpenOffice, authorities: Authorities, responding: RespondingServer
):
    opened = card_office(Revocation(responder=responding.url))
    responding.good(authorities.auth, authorities.auth.leaf())
    asker = Asker(opened.desk.office)
    asker.start()
    event = opened.file()
    asker.wake()
    try:
        for _ in range(200):
            if states(reviewed(opened, event)) == {"auth": RevocationState.NOT_REVOKED}:
                break
            asker.wake()
            time.sleep(0.02)
        else:
            raise AssertionError(row_of(opened, event).reason)
    finally:
        asker.stop()


def due_now(opened: CardOffice) -> None:
    with opened.desk.office.database.writing() as session:
        for row in session.scalars(select(CardRevocation)):
            row.next_us = opened.desk.office.clock() - 1


def row_of(opened: CardOffice, event: FiledEvent) -> CardRevocation:
    with opened.desk.office.database.reading() as session:
        row = session.get_one(CardRevocation, (event.identity, "auth"))
        session.expunge(row)
        return row


def entries_of(opened: CardOffice) -> list[dict[str, object]]:
    with opened.desk.office.database.reading() as session:
        rows = session.scalars(
            select(LogEntry).where(LogEntry.kind == EntryKind.REVOCATION.value)
        ).all()
        return [dict(entries.decode(row.payload or b"").body) for row in rows]
