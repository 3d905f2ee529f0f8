"""Asks pcscd for the names of its readers, and tells apart why there are none."""

from dataclasses import dataclass
from enum import StrEnum


class ReaderTrouble(StrEnum):
    """Why no reader is listed; the words end the codes `reader_...` of the catalogue."""

    NOTHING = ""
    LIBRARY = "library"
    SERVICE = "service"
    PERMISSION = "permission"
    NONE_PLUGGED = "none"


@dataclass(frozen=True, slots=True)
class ReaderList:
    """Names as pcscd gives them, or the trouble that stands in the way."""

    names: tuple[str, ...] = ()
    trouble: ReaderTrouble = ReaderTrouble.NOTHING


def list_readers() -> ReaderList:
    """Give the readers of pcscd; never raises for a missing library, daemon, right or reader."""
    try:
        from smartcard import scard  # noqa: PLC0415 - its absence is one of the answers
    except ImportError:
        return ReaderList(trouble=ReaderTrouble.LIBRARY)
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    if result != scard.SCARD_S_SUCCESS:
        return ReaderList(trouble=_trouble(result))
    try:
        result, names = scard.SCardListReaders(context, [])
    finally:
        scard.SCardReleaseContext(context)
    if result != scard.SCARD_S_SUCCESS:
        return ReaderList(trouble=_trouble(result))
    if not names:
        return ReaderList(trouble=ReaderTrouble.NONE_PLUGGED)
    return ReaderList(tuple(names))


def _trouble(result: int) -> ReaderTrouble:
    from smartcard import scard  # noqa: PLC0415 - as above

    match result & 0xFFFF_FFFF:
        case scard.SCARD_E_NO_READERS_AVAILABLE:
            return ReaderTrouble.NONE_PLUGGED
        case scard.SCARD_W_SECURITY_VIOLATION | scard.SCARD_E_NO_ACCESS:
            return ReaderTrouble.PERMISSION
        case _:
            return ReaderTrouble.SERVICE
