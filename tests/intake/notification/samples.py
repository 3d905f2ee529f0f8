"""A move in of a household of three and its siblings, for tests and golden vectors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from intake.characters import Character, NameText
from intake.notification import (
    Address,
    Field,
    IdentityProof,
    Notification,
    PartialDate,
    Person,
    Procedure,
    Signature,
    Source,
    TransferCertificate,
    Value,
    content_digest,
)

OFFICE = "131016"
TODAY = date(2026, 4, 6)
HERE = Address("131016", "東京都千代田区", "丸の内一丁目", "1番1号", "窓口マンション101")
THERE = Address("131024", "東京都中央区", "築地一丁目", "1番1号")
FAMILY_NAME = Character.mj("MJ026191")


def by(source: Source, **values: Value) -> dict[str, Field]:
    return {name: Field(value, source) for name, value in values.items()}


def name_of(given: str) -> NameText:
    return NameText.of([Character.ucs("渡"), FAMILY_NAME, *NameText.from_plain("\u3000" + given)])


def person(number: int, given: str, kana: str, relationship: str, **values: Value) -> Person:
    return Person(
        f"p{number}",
        {
            **by(Source.CARD, name=name_of(given)),
            **by(Source.PEN, kana=kana, relationship=relationship),
            **by(
                Source.TRANSFER_CERTIFICATE,
                registered_domicile="東京都中央区築地一丁目1番",
                domicile_head=name_of("太郎"),
            ),
            **by(Source.CLERK, **values),
        },
    )


HEAD = person(
    1,
    "太郎",
    "ワタナベ タロウ",
    "head",
    birth_date=date(1989, 1, 7),
    sex="male",
    resident_code="12345678903",
)
WIFE = person(
    2,
    "花子",
    "ワタナベ ハナコ",
    "wife",
    birth_date=date(1990, 2, 28),
    sex="female",
    resident_code="12345678911",
)
CHILD = person(
    3,
    "一",
    "ワタナベ ハジメ",
    "child",
    birth_date=date(2019, 5, 1),
    sex="male",
    resident_code="12345678920",
)


def signed(notification: Notification) -> Notification:
    signature = Signature(b"\x11" * 32, content_digest(notification))
    return notification.with_field("signature", Field(signature, Source.PEN))


MOVE_IN = signed(
    Notification(
        "7d8f3c1e-2b5a-4c66-9d0e-5a1b2c3d4e5f",
        Procedure.MOVE_IN,
        {
            **by(
                Source.PEN,
                moved_on=date(2026, 4, 1),
                new_address=HERE,
                old_address=THERE,
                new_household="new",
                new_household_head=name_of("太郎"),
                notifier_name=name_of("太郎"),
                notifier_relation="self",
                contact="03-0000-0000",
            ),
            **by(
                Source.CLERK,
                notified_on=TODAY,
                transfer_certificate=TransferCertificate("paper", date(2026, 3, 25)),
            ),
            **by(Source.CARD, identity_proof=IdentityProof("my_number_card", "confirmed")),
        },
        (HEAD, WIFE, CHILD),
    )
)

MOVE_WITHIN = signed(
    replace(
        MOVE_IN,
        procedure=Procedure.MOVE_WITHIN,
        fields={
            name: field
            for name, field in MOVE_IN.fields.items()
            if name not in ("transfer_certificate", "signature")
        },
    ).with_field("old_address", Field(replace(HERE, lot="2番2号"), Source.REGISTER))
)

MOVE_OUT = signed(
    Notification(
        "0b54a2cc-3e0f-4b12-8a77-1f2e3d4c5b6a",
        Procedure.MOVE_OUT,
        {
            **by(
                Source.PEN,
                moved_on=date(2026, 4, 20),
                new_address=THERE,
                old_address=HERE,
                notifier_name=name_of("花子"),
                notifier_relation="same_household",
            ),
            **by(Source.CLERK, notified_on=TODAY),
            **by(
                Source.CARD,
                identity_proof=IdentityProof("one_document", "confirmed", ("passport",)),
            ),
        },
        (WIFE, CHILD),
    )
)

HOUSEHOLD_CHANGE = signed(
    Notification(
        "5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9",
        Procedure.HOUSEHOLD_CHANGE,
        {
            **by(
                Source.PEN,
                moved_on=date(2026, 4, 1),
                household_change_kind="head_change",
                new_household_head=name_of("花子"),
                notifier_name=name_of("花子"),
                notifier_relation="self",
            ),
            **by(Source.CLERK, notified_on=TODAY),
            **by(
                Source.CARD,
                identity_proof=IdentityProof(
                    "two_documents", "confirmed", ("health_certificate", "pension_book")
                ),
            ),
        },
        (
            WIFE.with_field("relationship", Field("head", Source.PEN)),
            HEAD.with_field("relationship", Field("husband", Source.PEN)),
            CHILD.with_field("birth_date", Field(PartialDate(2019, 5), Source.REGISTER)),
        ),
    )
)

ALL = {
    "move-in": MOVE_IN,
    "move-within": MOVE_WITHIN,
    "move-out": MOVE_OUT,
    "household-change": HOUSEHOLD_CHANGE,
    "corrected": signed(
        MOVE_IN.corrected(
            "kana",
            "ワタナベ ハヂメ",
            Source.CLERK,
            who="s-014",
            when_us=1_775_440_800_000_000,
            why="本人に確かめた",
            person_id="p3",
        )
    ),
}
