"""Channels that lie, crawl, refuse and bounce: the right word for each, and in time."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hub.clock import now_us
from hub.messages.channels.channel import (
    Channel,
    ChannelError,
    PermanentError,
    RateLimitedError,
    ReceiptKind,
    TemporaryError,
    UnknownOutcomeError,
)
from hub.messages.channels.configuration import Letter, Mynaportal, Webhook
from hub.messages.channels.email import EmailChannel
from hub.messages.channels.letter import LetterChannel
from hub.messages.channels.mynaportal import MynaportalChannel
from hub.messages.channels.webhook import SMS, WebhookChannel, sign
from tests.system.delivery.paper import pages
from tests.system.delivery.services import Rendered, mail, mail_channel, parcel
from tests.system.delivery.simulator import Simulator

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]
FINE = {"slow_ms": 0, "per_second": 0, "down": False, "expired_token": False, "lie": "none"}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("simulator")) as found:
        yield found


@pytest.fixture
def sim(one: Simulator) -> Iterator[Simulator]:
    yield one
    one.faults(**FINE, cut=0, bounce=0, unknown=0)


def box(sim: Simulator, timeout_s: float = 5.0) -> Channel:
    return MynaportalChannel(
        Mynaportal(url=sim.url, token_file=sim.token_file, timeout_seconds=timeout_s)
    )


@pytest.mark.parametrize(
    ("fault", "error", "reason"),
    [
        ({"down": True}, TemporaryError, "unavailable"),
        ({"expired_token": True}, TemporaryError, "token_refused"),
        ({"unknown": 1}, PermanentError, "no_such_address"),
        ({"per_second": 1}, RateLimitedError, "rate_limited"),
        ({"lie": "another_key"}, UnknownOutcomeError, "answer_about_another"),
        ({"lie": "no_reference"}, UnknownOutcomeError, "answer_about_another"),
        ({"lie": "not_json"}, UnknownOutcomeError, "answer_not_json"),
        ({"cut": 5}, UnknownOutcomeError, None),
        ({"slow_ms": 3000}, UnknownOutcomeError, None),
    ],
)
def test_every_fault_has_its_word(
    sim: Simulator, fault: dict[str, object], error: type[ChannelError], reason: str | None
):
    channel = box(sim, 1.0)
    sim.faults(**fault)
    begun = time.monotonic()
    with pytest.raises(error) as raised:
        _several(channel, f"fault-{fault}")
    assert reason in (None, raised.value.reason)
    assert time.monotonic() - begun < 10
    assert "box" not in str(raised.value)


def _several(channel: Channel, key: str) -> None:
    for number in range(5):
        channel.send(parcel(f"{key}-{number}", "box"))


def test_a_message_cut_off_is_there_once_after_asking_again(sim: Simulator):
    sim.faults(cut=1)
    with pytest.raises(UnknownOutcomeError):
        box(sim).send(parcel("cut", "box-cut"))
    box(sim).send(parcel("cut", "box-cut"))
    found = [item for item in sim.taken("box") if item["key"] == "cut"]
    assert [item["calls"] for item in found] == [2]


@pytest.mark.parametrize("kind", ["box", "sms"])
def test_a_wrong_path_is_the_operators_to_mend(sim: Simulator, kind: str):
    """A service that is not where `url` says ends nobody's registration."""
    wrong = f"{sim.url}/elsewhere"
    if kind == "box":
        channel: Channel = MynaportalChannel(Mynaportal(url=wrong, token_file=sim.token_file))
    else:
        settings = Webhook(url=wrong, secret_file=sim.secret_file)
        channel = WebhookChannel(SMS, settings, "見本市", Rendered(), now_us)
    with pytest.raises(TemporaryError, match=r"not_found_40[45]"):
        channel.send(parcel("wrong", "box"))


def test_only_the_answer_of_a_service_that_knows_the_key_ends_an_address(sim: Simulator):
    sim.faults(unknown=2)
    settings = Webhook(url=f"{sim.url}/webhook/sms", secret_file=sim.secret_file)
    texts = WebhookChannel(SMS, settings, "見本市", Rendered(), now_us)
    for channel in (box(sim), texts):
        with pytest.raises(PermanentError, match="no_such_address") as raised:
            channel.send(parcel("nobody", "090"))
        assert raised.value.suppress


def test_a_bounce_is_reported(sim: Simulator):
    sim.faults(bounce=1)
    box(sim).send(parcel("bounced", "box-b"))
    reports, _ = box(sim).receipts("")
    assert ("bounced", ReceiptKind.REFUSED) in [(one.key, one.kind) for one in reports]


def test_a_webhook_without_its_signature_is_refused(sim: Simulator, tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("another secret\n")
    settings = Webhook(url=f"{sim.url}/webhook/sms", secret_file=secret)
    with pytest.raises(TemporaryError, match="token_refused"):
        WebhookChannel(SMS, settings, "見本市", Rendered(), now_us).send(parcel("w", "090"))
    assert sign("secret", "1", b"x") != sign("secret", "1", b"y")
    assert sign("secret", "1", b"x") != sign("secret", "2", b"x")


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("nobody@example.jp", PermanentError),
        ("later@example.jp", TemporaryError),
        ("cut@example.jp", UnknownOutcomeError),
        ("slow@example.jp", UnknownOutcomeError),
        ("two words@example.jp", PermanentError),
        ("x@y\r\nBcc: all@example.jp", PermanentError),
        ("", PermanentError),
    ],
)
def test_mail_that_is_not_taken(tmp_path: Path, address: str, error: type[ChannelError]):
    with mail(tmp_path) as service:
        channel = service.channel
        if address.startswith("slow"):
            assert isinstance(channel, EmailChannel)
            channel = mail_channel(channel._settings.port, timeout_s=1.0)
        with pytest.raises(error) as raised:
            channel.send(parcel("m", address))
        assert not address or address not in str(raised.value)


def test_a_subject_says_nothing_about_the_person(tmp_path: Path):
    with mail(tmp_path) as service:
        service.channel.send(parcel("m", service.address))
        raw = next((tmp_path / "mails").glob("*.eml")).read_bytes()
    assert "件名は個人の事情".encode() not in raw
    assert b"Auto-Submitted: auto-generated" in raw
    assert b"Message-ID: <m@city.example.lg.jp>" in raw


def test_a_bounce_in_the_folder_is_read_once_it_is_stored(tmp_path: Path):
    folder = tmp_path / "bounces"
    folder.mkdir()
    (folder / "1").write_text(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nsorry\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; x@y\nAction: failed\n"
        "Status: 5.1.1\n\n"
        "--b\nContent-Type: message/rfc822\n\nMessage-ID: <key-9@city.example.lg.jp>\n\nx\n"
        "--b--\n"
    )
    (folder / "2").write_text("Subject: out of office\n\nback on Monday\n")
    channel = mail_channel(9, bounces=folder)
    found, cursor = channel.receipts("")
    assert [(one.key, one.kind, one.suppress) for one in found] == [
        ("key-9", ReceiptKind.REFUSED, True)
    ]
    assert len(channel.receipts("")[0]) == 1  # not stored: it comes again
    assert not channel.receipts(cursor)[0]
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["1", "2"]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (pages((30, 20, "〒100-0001"), (30, 30, "他人次郎　様")), "address_of_another:1"),
        (pages((30, 60, "本文"), (60, 45, "至急開封")), "content_in_window:1"),
        (pages((30, 20, "見本太郎　様"), (30, 30, "見税第１号")), "content_in_window:1"),
        (pages((2, 100, "端の文字")), "outside_printable_area:1"),
        (pages((30, 100, "本文"), size="A4 landscape"), "not_a4_portrait:1"),
        (pages((30, 100, "本文"), count=12), "too_many_pages"),
        (b"%PDF-1.4 broken", "not_a_pdf"),
    ],
)
def test_a_letter_that_cannot_be_printed_says_why(tmp_path: Path, document: bytes, reason: str):
    channel = LetterChannel(Letter(folder=tmp_path), Rendered(document))
    with pytest.raises(PermanentError) as raised:
        channel.send(parcel("l", ""))
    assert raised.value.person
    assert raised.value.reason == reason


def test_the_address_is_written_anew_at_its_place(tmp_path: Path):
    import pypdfium2 as pdfium  # noqa: PLC0415 - this one test

    old = pages((40, 20, "東京都千代田区旧町９－９"), (40, 30, "見本太郎　様"), (30, 100, "本文"))
    channel = LetterChannel(Letter(folder=tmp_path), Rendered(old))
    handed = channel.send(replace(parcel("l", ""), batch="batch/1", number=12))
    assert handed.reference == "batch_1/M-00000012_l.pdf"
    assert handed.pages == 1
    document = pdfium.PdfDocument((tmp_path / handed.reference).read_bytes())
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "旧町" not in text
    assert "〒100-0001" in text
    assert "千代田１－１" in text
    assert text.count("見本太郎") == 1
    assert "M-00000012" in text
    assert "本文" in text


def test_an_address_that_does_not_fit_is_found_before_printing(tmp_path: Path):
    channel = LetterChannel(Letter(folder=tmp_path), Rendered(pages((30, 100, "本文"))))
    home = parcel("l", "").postal
    assert home is not None
    for change, reason in (
        ({"lines": ("長" * 200,)}, "address_too_long"),
        ({"name": " "}, "name_missing"),
        ({"postal_code": "000-0000"}, "postal_code_unknown"),
        ({"lines": ()}, "address_missing"),
    ):
        with pytest.raises(PermanentError) as raised:
            channel.send(replace(parcel("l", ""), postal=replace(home, **change)))
        assert reason in raised.value.reason
    assert json.dumps([path.name for path in tmp_path.iterdir()]) == "[]"
