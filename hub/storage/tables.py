"""Every table under one name, so that metadata is whole wherever it is used."""

from hub.storage.base import Base
from hub.storage.character_tables import (
    OfficeGlyph,
    OfficeGlyphChange,
    OfficeGlyphUpload,
    OfficeSetting,
)
from hub.storage.document_tables import (
    DocumentAct,
    DocumentBatch,
    DocumentFile,
    DocumentFinding,
    DocumentPage,
    ResidentNumber,
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
    "DocumentAct",
    "DocumentBatch",
    "DocumentFile",
    "DocumentFinding",
    "DocumentPage",
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
    "ResidentNumber",
    "WebSession",
]
