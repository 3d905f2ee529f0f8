"""Every table under one name, so that metadata is whole wherever it is used."""

from hub.storage.base import Base
from hub.storage.character_tables import (
    OfficeGlyph,
    OfficeGlyphChange,
    OfficeGlyphUpload,
    OfficeSetting,
)
from hub.storage.log_tables import (
    Checkpoint,
    Epoch,
    IntakeEvent,
    IntakePart,
    LogEntry,
    LogNode,
    Quarantined,
)
from hub.storage.office_tables import (
    Account,
    AccountRole,
    Alarm,
    CardRevocation,
    Device,
    DeviceKey,
    Filing,
    Publication,
    WebSession,
)
from hub.storage.register_tables import (
    AddressHistory,
    Household,
    RegisterChange,
    Resident,
    ResidentCharacter,
)

__all__ = [
    "Account",
    "AccountRole",
    "AddressHistory",
    "Alarm",
    "Base",
    "CardRevocation",
    "Checkpoint",
    "Device",
    "DeviceKey",
    "Epoch",
    "Filing",
    "Household",
    "IntakeEvent",
    "IntakePart",
    "LogEntry",
    "LogNode",
    "OfficeGlyph",
    "OfficeGlyphChange",
    "OfficeGlyphUpload",
    "OfficeSetting",
    "Publication",
    "Quarantined",
    "RegisterChange",
    "Resident",
    "ResidentCharacter",
    "WebSession",
]
