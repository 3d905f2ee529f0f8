"""Tables of the resident register: a projection of the log that can be thrown away and rebuilt."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.storage.base import Base, Code, Counter


class Household(Base):
    """People who live together; `head_id` is the resident in whose name the record stands."""

    __tablename__ = "household"
    household_id: Mapped[Code] = mapped_column(primary_key=True)
    head_id: Mapped[str | None] = mapped_column(String(64))
    lg_code: Mapped[Code]
    prefecture_city: Mapped[str]
    town: Mapped[str]
    lot: Mapped[str]
    building: Mapped[str]


class Resident(Base):
    """One resident (住民基本台帳法 7条); the name's characters stand in `resident_character`."""

    __tablename__ = "resident"
    resident_id: Mapped[Code] = mapped_column(primary_key=True)
    household_id: Mapped[Code] = mapped_column(ForeignKey("household.household_id"), index=True)
    status: Mapped[Code]
    protected: Mapped[bool] = mapped_column(default=False)
    name_plain: Mapped[str] = mapped_column(index=True)
    kana: Mapped[str] = mapped_column(index=True)
    birth_date: Mapped[str] = mapped_column(String(32), index=True)
    sex: Mapped[str]
    relationship: Mapped[str]
    registered_domicile: Mapped[str]
    domicile_head: Mapped[str]
    resident_code: Mapped[str] = mapped_column(String(16), index=True)
    nationality: Mapped[str]
    became_resident_on: Mapped[str] = mapped_column(String(10))
    moved_on: Mapped[str] = mapped_column(String(10))
    notified_on: Mapped[str] = mapped_column(String(10))
    previous_address: Mapped[str]
    moved_out_on: Mapped[str] = mapped_column(String(10))
    moved_out_to: Mapped[str]
    notification_id: Mapped[Code] = mapped_column(index=True)
    last_index: Mapped[Counter]


class ResidentCharacter(Base):
    """One character of a resident's name; equality is by (repertoire, id), never by text."""

    __tablename__ = "resident_character"
    resident_id: Mapped[Code] = mapped_column(ForeignKey("resident.resident_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    repertoire: Mapped[Code]
    character_id: Mapped[Code]
    text: Mapped[str]


class AddressHistory(Base):
    """An address that a resident had from one entry of the log to the next."""

    __tablename__ = "address_history"
    resident_id: Mapped[Code] = mapped_column(ForeignKey("resident.resident_id"), primary_key=True)
    log_index: Mapped[Counter] = mapped_column(primary_key=True)
    address: Mapped[str]
    since: Mapped[str] = mapped_column(String(10))
    until: Mapped[str] = mapped_column(String(10))
    procedure: Mapped[Code]
    household_id: Mapped[Code]


class RegisterChange(Base):
    """Which entries of the log touched a resident, for the record's history."""

    __tablename__ = "register_change"
    resident_id: Mapped[Code] = mapped_column(ForeignKey("resident.resident_id"), primary_key=True)
    log_index: Mapped[Counter] = mapped_column(primary_key=True)
    procedure: Mapped[Code]
    actor: Mapped[Code]
    recorded_us: Mapped[Counter]
