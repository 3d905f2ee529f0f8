"""Tokens of core systems: shown once, kept as hashes, good for nothing once they ended."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.accounts import systems
from hub.accounts.system_errors import (
    SystemNameError,
    TokenExpiredError,
    TokenMissingError,
    TokenRevokedError,
    TokenUnknownError,
)
from hub.accounts.systems import HOUR_US, CoreSystem, Scope
from hub.command_line import main
from hub.log.entry import EntryKind
from hub.storage.tables import LogEntry
from tests.hub.conftest import Desk

ALL = frozenset(Scope)


def find(desk: Desk, token: str | None, at_us: int | None = None) -> CoreSystem:
    clock = desk.office.clock if at_us is None else lambda: at_us
    return systems.find(desk.office.database, clock, token)


def test_a_token_opens_what_it_was_given_and_is_kept_as_a_hash_only(desk: Desk):
    token = systems.add(desk.office.journal, "tax", [Scope.MESSAGES_READ], None, "op")
    found = find(desk, token)
    assert (found.name, found.actor) == ("tax", "api:tax")
    assert found.may(Scope.MESSAGES_READ)
    assert not found.may(Scope.MESSAGES_SEND)
    folder = desk.office.settings.state.folder
    content = b"".join(path.read_bytes() for path in folder.glob("hub.sqlite3*"))
    assert token.encode() not in content
    assert token.rpartition("_")[2].encode() not in content
    assert systems.hashed(token) in content  # the control: this is where it would be


def test_every_change_is_an_entry_of_the_log_without_the_token(desk: Desk):
    journal = desk.office.journal
    first = systems.add(journal, "tax", ALL, None, "op")
    second = systems.renew(journal, "tax", None, HOUR_US, "op")
    assert systems.revoke(journal, "tax", "op") == 2
    with desk.office.database.reading() as session:
        rows = session.query(LogEntry).filter_by(kind=EntryKind.ACCOUNT.value).all()
    written = b"".join(row.payload or b"" for row in rows)
    assert written.count(b"system-add") == 2
    assert b"system-revoke" in written
    assert first.encode() not in written
    assert second.encode() not in written


def test_a_token_ends_with_its_day_with_renewal_and_with_revocation(desk: Desk):
    journal, now = desk.office.journal, desk.office.clock()
    token = systems.add(journal, "tax", ALL, now + 10 * HOUR_US, "op")
    assert find(desk, token, now + 10 * HOUR_US - 1).name == "tax"
    with pytest.raises(TokenExpiredError):
        find(desk, token, now + 10 * HOUR_US)
    newer = systems.renew(journal, "tax", None, HOUR_US, "op")
    assert find(desk, token).scopes == find(desk, newer).scopes == ALL
    with pytest.raises(TokenExpiredError):
        find(desk, token, desk.office.clock() + 2 * HOUR_US)
    assert find(desk, newer, now + 1000 * HOUR_US).name == "tax"
    systems.revoke(journal, "tax", "op")
    for ended in (token, newer):
        with pytest.raises(TokenRevokedError):
            find(desk, ended)


def test_the_last_use_is_noted_once_a_minute(desk: Desk):
    now = desk.office.clock()
    token = systems.add(desk.office.journal, "tax", ALL, None, "op")

    def used(at_us: int) -> int | None:
        find(desk, token, at_us)
        with desk.office.database.reading() as session:
            return systems.every(session)[0].used_us

    assert used(now) == now
    assert used(now + 59_000_000) == now
    assert used(now + 61_000_000) == now + 61_000_000
    assert used(now - 61_000_000) == now - 61_000_000  # a clock that was set back


@pytest.mark.parametrize("name", ["", "Tax", "税", "a" * 33, "api:tax", "a b"])
def test_a_name_that_is_no_name_is_refused(desk: Desk, name: str):
    with pytest.raises(SystemNameError):
        systems.add(desk.office.journal, name, ALL, None, "op")


def test_what_cannot_be_meant_is_refused(desk: Desk):
    journal = desk.office.journal
    with pytest.raises(SystemNameError):
        systems.renew(journal, "tax", None, 0, "op")
    with pytest.raises(SystemNameError):
        systems.revoke(journal, "tax", "op")
    with pytest.raises(SystemNameError):
        systems.add(journal, "tax", [], None, "op")
    with pytest.raises(SystemNameError):
        systems.add(journal, "tax", ALL, desk.office.clock() - 1, "op")
    systems.add(journal, "tax", ALL, None, "op")
    with pytest.raises(SystemNameError, match="renew"):
        systems.add(journal, "tax", ALL, None, "op")


def test_nothing_but_the_whole_token_opens(desk: Desk):
    token = systems.add(desk.office.journal, "tax", ALL, None, "op")
    systems.revoke(desk.office.journal, "tax", "op")
    with pytest.raises(TokenMissingError):
        find(desk, None)

    @given(st.text() | st.from_regex(systems.FORM, fullmatch=True) | st.just(token[:-1] + "!"))
    def guess(guessed: str) -> None:
        # A revoked token is called revoked only to whoever has all of it.
        with pytest.raises((TokenUnknownError, TokenMissingError)):
            find(desk, guessed)

    guess()
    with pytest.raises(TokenRevokedError):
        find(desk, token)


@pytest.mark.system
def test_the_command_prints_a_token_once(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    config = tmp_path / "hub.toml"
    config.write_text(
        '[office]\ncode = "131016"\nname = "千代田区"\nenvironment = "demo"\n'
        "[web]\nsecure_cookies = false\n",
        encoding="utf-8",
    )

    def run(*words: str, code: int = 0) -> str:
        assert main([*words, "--config", str(config)]) == code
        return capsys.readouterr().out

    token = run(
        *("systems", "add", "tax", "--scope", "messages:read", "--scope", "messages:write"),
        *("--expires", "2099-03-31"),
    ).strip()
    assert find(desk, token).name == "tax"
    run("systems", "add", "tax", "--scope", "messages:read", code=2)
    run("systems", "add", "care", "--scope", "messages:read", "--expires", "soon", code=2)
    renewed = json.loads(run("systems", "renew", "tax", "--overlap-hours", "1", "--json"))
    listed = run("systems", "list")
    assert listed.count("live") == 2
    assert token not in listed
    assert renewed["token"] not in listed
    assert json.loads(run("systems", "revoke", "tax", "--json"))["revoked"] == 2
    states = [one["state"] for one in json.loads(run("systems", "list", "--json"))]
    assert states == ["revoked", "revoked"]
    assert token.encode() not in (tmp_path / "state" / "hub.sqlite3").read_bytes()
