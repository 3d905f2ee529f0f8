"""The one table of fields: name, level, type, labels. Docs, schema and codec are held to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Level(StrEnum):
    """Whether a field stands once in a notification or once per person."""

    NOTIFICATION = "notification"
    PERSON = "person"


class FieldType(StrEnum):
    """How a field's value is typed; the Python type stands beside each."""

    TEXT = "text"  # str
    CODE = "code"  # str, digits and letters only
    CHOICE = "choice"  # str, one of `choices`
    FLAG = "flag"  # bool
    DATE = "date"  # datetime.date
    BIRTH_DATE = "birth_date"  # datetime.date or PartialDate
    NAME = "name"  # NameText
    ADDRESS = "address"  # Address
    IDENTITY_PROOF = "identity_proof"  # IdentityProof
    TRANSFER_CERTIFICATE = "transfer_certificate"  # TransferCertificate
    SIGNATURE = "signature"  # Signature


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One line of the table.

    `choices` are the codes a choice field may hold, with their Japanese labels. `stated`: the
    resident states it and signs for it; what is not stated only staff fill in.
    """

    name: str
    level: Level
    type: FieldType
    label_ja: str
    label_en: str
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stated: bool = True


_N, _P, _T = Level.NOTIFICATION, Level.PERSON, FieldType


def _choices(**labels: str) -> Mapping[str, str]:
    return MappingProxyType(labels)


RELATIONSHIPS = _choices(
    head="世帯主",
    wife="妻",
    husband="夫",
    child="子",
    father="父",
    mother="母",
    child_of_child="子の子",
    wife_of_child="子の妻",
    husband_of_child="子の夫",
    child_of_wife="妻の子",
    child_of_husband="夫の子",
    father_of_wife="妻の父",
    mother_of_wife="妻の母",
    father_of_husband="夫の父",
    mother_of_husband="夫の母",
    older_brother="兄",
    younger_brother="弟",
    older_sister="姉",
    younger_sister="妹",
    grandfather="祖父",
    grandmother="祖母",
    unregistered_wife="妻（未届）",
    unregistered_husband="夫（未届）",
    relative="縁故者",
    cohabitant="同居人",
)
"""続柄 to the head of the resulting household. Not checked item by item against the standard."""

_SPECS = (
    FieldSpec("notified_on", _N, _T.DATE, "届出年月日", "Date of notification"),
    FieldSpec("moved_on", _N, _T.DATE, "異動年月日", "Date of the move"),
    FieldSpec("new_address", _N, _T.ADDRESS, "新住所", "New address"),
    FieldSpec("old_address", _N, _T.ADDRESS, "旧住所", "Old address"),
    FieldSpec(
        "new_household",
        _N,
        _T.CHOICE,
        "新しい世帯",
        "New household",
        _choices(new="新しい世帯をつくる", joins="今ある世帯に入る"),
    ),
    FieldSpec("new_household_head", _N, _T.NAME, "新しい世帯主", "Head of the new household"),
    FieldSpec("old_household_head", _N, _T.NAME, "旧世帯主", "Head of the old household"),
    FieldSpec(
        "household_change_kind",
        _N,
        _T.CHOICE,
        "世帯変更の種類",
        "Kind of household change",
        _choices(
            head_change="世帯主変更",
            merge="世帯合併",
            split="世帯分離",
            composition="世帯構成変更",
        ),
    ),
    FieldSpec("notifier_name", _N, _T.NAME, "届出人の氏名", "Name of the notifier"),
    FieldSpec(
        "notifier_relation",
        _N,
        _T.CHOICE,
        "届出人の関係",
        "Notifier's relation",
        _choices(self="本人", head="世帯主", same_household="同一世帯の人", agent="代理人"),
    ),
    FieldSpec("notifier_address", _N, _T.ADDRESS, "届出人の住所", "Address of the notifier"),
    FieldSpec(
        "notifier_authority",
        _N,
        _T.FLAG,
        "委任状の確認",
        "Authority of the agent seen",
        stated=False,
    ),
    FieldSpec("contact", _N, _T.TEXT, "連絡先", "Contact"),
    FieldSpec("late_reason", _N, _T.TEXT, "届出が遅れた理由", "Reason for late notification"),
    FieldSpec("identity_proof", _N, _T.IDENTITY_PROOF, "本人確認", "Identity check", stated=False),
    FieldSpec(
        "transfer_certificate",
        _N,
        _T.TRANSFER_CERTIFICATE,
        "転出証明",
        "Moving-out certificate",
        stated=False,
    ),
    FieldSpec("signature", _N, _T.SIGNATURE, "署名", "Signature", stated=False),
    FieldSpec("remarks", _N, _T.TEXT, "備考", "Remarks", stated=False),
    FieldSpec("name", _P, _T.NAME, "氏名", "Name"),
    FieldSpec("kana", _P, _T.TEXT, "フリガナ", "Name in kana"),
    FieldSpec("common_name", _P, _T.NAME, "通称", "Common name (foreign residents)"),
    FieldSpec("birth_date", _P, _T.BIRTH_DATE, "生年月日", "Date of birth"),
    FieldSpec("sex", _P, _T.CHOICE, "性別", "Sex", _choices(female="女", male="男")),
    FieldSpec("relationship", _P, _T.CHOICE, "続柄", "Relationship to the head", RELATIONSHIPS),
    FieldSpec("registered_domicile", _P, _T.TEXT, "本籍", "Registered domicile"),
    FieldSpec("domicile_head", _P, _T.NAME, "筆頭者", "Head of the family register"),
    FieldSpec("resident_code", _P, _T.CODE, "住民票コード", "Resident record code"),
    FieldSpec("nationality", _P, _T.TEXT, "国籍・地域", "Nationality"),
    FieldSpec("residence_status", _P, _T.TEXT, "在留資格", "Status of residence"),
    FieldSpec("residence_period", _P, _T.TEXT, "在留期間", "Period of stay"),
    FieldSpec("residence_expires_on", _P, _T.DATE, "在留期間の満了日", "End of the period of stay"),
    FieldSpec("residence_card_number", _P, _T.CODE, "在留カード等の番号", "Residence card number"),
    FieldSpec("card_continued", _P, _T.FLAG, "カードの継続利用", "Card kept in use"),
)

FIELDS: Mapping[str, FieldSpec] = MappingProxyType({spec.name: spec for spec in _SPECS})
"""All fields by name; names are unique over both levels."""
