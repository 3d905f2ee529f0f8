"""A message key, and messages with as little and as much in them as there can be."""

import datetime as dt
from functools import cache

from hub.clock import JAPAN
from hub.keys.message_key import MessageKey, TrustedCertificate, certify
from hub.messages.message.content import (
    Appointment,
    Content,
    Deadline,
    Document,
    File,
    Issuer,
    Link,
    MediaType,
    Paragraph,
    Payment,
    Recipient,
    Table,
)
from intake.characters import Character, NameText
from intake.event.keys import SigningKey

NOW = dt.datetime(2026, 11, 23, 1, 2, 3, tzinfo=dt.UTC)
NOW_US = int(NOW.timestamp()) * 1_000_000
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 176
ISSUER = Issuer("132241", "多摩市長", "税務部資産税課", "042-375-8111")


@cache
def key(scalar: int = 7) -> MessageKey:
    signing = SigningKey.from_scalar(scalar)
    return MessageKey(signing, certify(signing, NOW_US))


def trusted(*keys: MessageKey) -> list[TrustedCertificate]:
    return [TrustedCertificate(one.certificate, NOW_US) for one in keys or (key(),)]


def minimal() -> Content:
    return Content(
        message_id="0b9f1e7c-52f4-4c6b-9a1f-3d2c4b5a6978",
        created=NOW,
        issuer=Issuer("132241", "多摩市長"),
        recipient=Recipient("000000123456789", NameText.from_plain("田中花子"), "田中花子"),
        kind="notice",
        title="お知らせ",
        main=Document("お知らせ", text=(Paragraph("本日、手続が終わりました。"),)),
    )


def full() -> Content:
    name = NameText.of(
        (
            Character.ucs("渡"),
            Character.ucs("邉\U000e010f"),
            Character("office:132241", "0001", "〓"),
            Character.mj("MJ026191"),
            Character.ucs("𠮷"),
        )
    )
    return Content(
        message_id="6f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b",
        created=NOW,
        issuer=ISSUER,
        recipient=Recipient("000000123456789", name, "渡辺〓辺吉", "ワタナベ ヨシ"),
        kind="property_tax",
        title="固定資産税 納税通知書",
        main=Document("固定資産税 納税通知書", (_pdf("notice.pdf"),), _text()),
        document_number="多市税第1234号",
        issued=dt.date(2026, 11, 1),
        legal=True,
        not_before=dt.date(2026, 11, 24),
        reply_by=dt.date(2026, 12, 25),
        additional=(Document("納付のしかた", (_pdf("how-to-pay.pdf"),)),),
        technical=(File("payment.json", MediaType.JSON, b'{"reference":"1234"}'),),
        actions=_actions(),
    )


def _pdf(name: str) -> File:
    return File(name, MediaType.PDF, PDF)


def _text() -> tuple[Paragraph | Table, ...]:
    return (
        Paragraph("固定資産税 納税通知書", heading=True),
        Paragraph("令和8年度の固定資産税を、次のとおり通知します。\n期限までに納めてください。"),
        Table((("期別", "税額"), ("第1期", "12,000円"), ("第2期", "11,000円"))),
        Paragraph("A < B & C > D は「文字」です。"),
    )


def _actions() -> tuple[Payment | Deadline | Appointment | Link, ...]:
    start = dt.datetime(2026, 12, 2, 10, 0, tzinfo=JAPAN)
    return (
        Payment("第1期の納付", 12_000, dt.date(2026, 12, 25), "1234-5678"),
        Deadline("審査の申出", dt.date(2027, 2, 1)),
        Appointment("納税相談", start, start + dt.timedelta(hours=1), "市役所1階 3番窓口"),
        Link("納付の手続", "https://pay.example/step?id=1&next=2"),
    )
