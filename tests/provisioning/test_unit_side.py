import json
import logging
import ssl
import tomllib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from intake.office.environment import Environment
from provisioning.authority.enrolment import current_list, revoke
from provisioning.authority.issue import issue_hub, issue_server
from provisioning.authority.server import server_context
from provisioning.catalogue import LANGUAGES, catalogue
from provisioning.enrol import enrol, renew
from provisioning.errors import (
    AuthorityUnreachableError,
    EnrolmentRefusedError,
    ForeignAuthorityError,
    UsageError,
)
from tests.provisioning.trial_authority import OFFICE, TrialAuthority, three_requests

IDENTITY = {
    *(f"{use}.{kind}" for use in ("tls", "signing", "encryption") for kind in ("key", "crt")),
    "chain.pem",
    "office_anchor.pub",
    "office.toml",
}


def client_context(trust: Path, name: str | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(trust / "root.crt"))
    if name is not None:
        context.load_cert_chain(trust / f"{name}.crt", trust / f"{name}.key")
    return context


async def test_a_unit_enrols_and_finds_its_identity_whole(
    authority: TrialAuthority, authority_url: str, tmp_path: Path
) -> None:
    identity = await enrol(authority_url, authority.token(), tmp_path / "unit")
    assert {path.name for path in identity.path.iterdir()} == IDENTITY
    assert not identity.pending.exists()
    for path in identity.path.glob("*.key"):
        assert path.stat().st_mode & 0o777 == 0o600
    office = tomllib.loads((identity.path / "office.toml").read_text())
    assert office == {
        "format": 1,
        "office": OFFICE,
        "device": "unit-01",
        "device_code": "001",
        "environment": "demo",
        "broker": {"host": "127.0.0.1", "port": 8883},
    }
    with pytest.raises(UsageError, match="nothing was changed"):
        await enrol(authority_url, authority.token_for("unit-02"), tmp_path / "unit")


async def test_no_secret_reaches_the_log(
    authority: TrialAuthority,
    authority_url: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    token = authority.token()
    await enrol(authority_url, token, tmp_path / "unit")
    with pytest.raises(EnrolmentRefusedError):
        await enrol(authority_url, token, tmp_path / "thief")
    text = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "enrolled" in text, "the control: the log was read"
    assert str(token).split(".")[3] not in text
    assert "PRIVATE KEY" not in text
    assert "CERTIFICATE REQUEST" not in text


async def test_after_a_lost_answer_the_same_command_finishes(
    authority: TrialAuthority, authority_url: str, tmp_path: Path
) -> None:
    token = authority.token()
    first = await enrol(authority_url, token, tmp_path / "unit")
    before = (first.path / "signing.crt").read_bytes()
    first.path.rename(first.pending)
    for path in first.pending.glob("*.crt"):
        path.unlink()
    again = await enrol(authority_url, token, tmp_path / "unit")
    assert (again.path / "signing.crt").read_bytes() == before


async def test_a_unit_does_not_send_its_token_to_a_foreign_authority(
    authority: TrialAuthority, tmp_path: Path, foreign: "Foreign"
) -> None:
    with pytest.raises(ForeignAuthorityError, match="not sent"):
        await enrol(foreign.url, authority.token(), tmp_path / "unit")
    assert foreign.asked == ["/root"]
    assert not (tmp_path / "unit" / "identity").exists()


async def test_a_server_that_shows_the_right_root_but_not_its_certificate_gets_no_token(
    authority: TrialAuthority, tmp_path: Path, foreign: "Foreign"
) -> None:
    foreign.root = authority.folder.root
    with pytest.raises(ForeignAuthorityError):
        await enrol(foreign.url, authority.token(), tmp_path / "unit")
    assert foreign.asked == ["/root"]


async def test_nobody_there_is_said_so(authority: TrialAuthority, tmp_path: Path) -> None:
    with pytest.raises(AuthorityUnreachableError):
        await enrol("https://127.0.0.1:9", authority.token(), tmp_path / "unit")


async def test_renewal_changes_all_keys_and_keeps_the_former_folder(
    authority: TrialAuthority, authority_url: str, tmp_path: Path
) -> None:
    identity = await enrol(authority_url, authority.token(), tmp_path / "unit")
    before = (identity.path / "tls.key").read_bytes()
    for _ in range(2):
        await renew(authority_url, tmp_path / "unit")
    assert {path.name for path in identity.path.iterdir()} == IDENTITY
    assert (identity.path / "tls.key").read_bytes() != before
    assert (tmp_path / "unit" / "identity.former").is_dir()
    revoke(authority.folder.store, "unit-01", x509.ReasonFlags.key_compromise, authority.now)
    with pytest.raises(EnrolmentRefusedError) as error:
        await renew(authority_url, tmp_path / "unit")
    assert error.value.code == "not_allowed"


async def test_a_renewal_that_lost_power_between_its_two_renames_is_finished(
    authority: TrialAuthority, authority_url: str, tmp_path: Path
) -> None:
    folder, token = tmp_path / "unit", authority.token()
    identity = await enrol(authority_url, token, folder)
    await renew(authority_url, folder)
    renewed = (identity.path / "tls.key").read_bytes()
    identity.path.rename(folder / "identity.pending")  # as the power cut leaves it
    await renew("https://127.0.0.1:9", folder)
    assert (identity.path / "tls.key").read_bytes() == renewed
    assert {path.name for path in identity.path.iterdir()} == IDENTITY
    identity.path.rename(folder / "identity.pending")
    with pytest.raises(UsageError, match="already"):
        await enrol("https://127.0.0.1:9", token, folder)
    assert identity.path.is_dir()


async def test_only_the_hub_of_an_office_reads_its_directory(
    authority: TrialAuthority, authority_url: str, tmp_path: Path
) -> None:
    authority.enrol(authority.token(), three_requests())
    trust = tmp_path / "trust"
    issue_hub(authority.folder, OFFICE, Environment.DEMO, trust, authority.now)
    issue_server(authority.folder, "broker", ["127.0.0.1"], trust, authority.now)
    unit = await enrol(authority_url, authority.token_for("unit-02"), tmp_path / "unit")
    (unit.path / "root.crt").write_bytes((trust / "root.crt").read_bytes())
    async with aiohttp.ClientSession() as session:
        url = f"{authority_url}/devices"
        async with session.get(url, ssl=client_context(trust, "hub")) as answer:
            directory = await answer.json()
            tag = answer.headers["ETag"]
        headers = {"If-None-Match": tag}
        async with session.get(url, ssl=client_context(trust, "hub"), headers=headers) as answer:
            assert answer.status == 304
        for context in (client_context(trust), client_context(unit.path, "tls")):
            async with session.get(url, ssl=context) as answer:
                assert (answer.status, (await answer.json())["error"]["code"]) == (
                    403,
                    "not_allowed",
                )
        with pytest.raises(aiohttp.ClientError):
            await session.get(url, ssl=client_context(unit.path, "signing"))
        async with session.get(f"{authority_url}/crl", ssl=client_context(trust)) as answer:
            pem = await answer.text()
    assert pem == current_list(authority.folder.store, authority.folder.issuer(), authority.now)
    assert [device["device"] for device in directory["devices"]] == ["unit-01", "unit-02"]
    uses = {entry["use"]: entry["status"] for entry in directory["devices"][0]["certificates"]}
    assert uses == {"tls": "active", "signing": "active", "encryption": "active"}


async def test_guessing_is_slowed_down(authority: TrialAuthority, authority_url: str) -> None:
    wrong = replace(authority.token(), secret=bytes(20))
    context = ssl.create_default_context(cadata=authority.folder.chain_pem)
    body = {"token": str(wrong), "csr": three_requests()}
    codes: list[str] = []
    waits: list[str] = []
    async with aiohttp.ClientSession() as session:
        for _ in range(11):
            async with session.post(f"{authority_url}/enrol", json=body, ssl=context) as answer:
                codes.append((await answer.json())["error"]["code"])
                waits.append(answer.headers.get("Retry-After", "0"))
    assert codes == ["bad_token"] * 10 + ["slow_down"]
    assert waits[:10] == ["0"] * 10
    assert int(waits[10]) > 0


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"csr": 1}', "\x00", '{"token": {}, "csr": {}}'])
async def test_a_garbled_body_gets_an_answer(
    authority: TrialAuthority, authority_url: str, body: str
) -> None:
    context = ssl.create_default_context(cadata=authority.folder.chain_pem)
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{authority_url}/enrol", data=body, ssl=context) as answer,
    ):
        assert answer.status in {400, 403}
        assert set((await answer.json())["error"]) == {"code", "message_ja", "message_en"}


def test_both_languages_have_the_same_sentences() -> None:
    keys = [
        {section: set(sentences) for section, sentences in catalogue(language).items()}
        for language in LANGUAGES
    ]
    assert keys[0] == keys[1]


class Foreign:
    """A stranger's TLS server that notes what it was asked."""

    def __init__(self, root: x509.Certificate) -> None:
        self.root = root
        self.asked: list[str] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        pem = self.root.public_bytes(Encoding.PEM)
        return web.Response(body=pem if request.path == "/root" else json.dumps({}).encode())


@pytest.fixture
async def foreign(tmp_path: Path) -> AsyncIterator[Foreign]:
    stranger = TrialAuthority.make(tmp_path / "foreign")
    own = tmp_path / "foreign" / "server"
    issue_server(stranger.folder, "server", ["127.0.0.1"], own, stranger.now)
    context = server_context(
        str(own / "server.crt"), str(own / "server.key"), stranger.folder.chain_pem
    )
    noted = Foreign(stranger.folder.root)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", noted.answer)
    server = TestServer(application, scheme="https")
    await server.start_server(ssl=context)
    noted.url = str(server.make_url("")).rstrip("/")
    yield noted
    await server.close()
