"""XML without its dangers: no document type, no entities of its own, bounded depth and size."""

import xml.etree.ElementTree as ET
from typing import Final, NoReturn
from xml.parsers import expat

from hub.precedents.errors import SourceError

DEEPEST: Final = 64
MOST_ELEMENTS: Final = 1_000_000


class _Builder:
    """Feeds expat's events into a tree and stops at the first thing that no law needs."""

    def __init__(self) -> None:
        self._tree = ET.TreeBuilder()
        self._depth = 0
        self._elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise SourceError("the XML is nested too deeply or has too many elements")
        self._tree.start(name, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(name)

    def data(self, text: str) -> None:
        self._tree.data(text)

    def close(self) -> ET.Element:
        return self._tree.close()


def _refuse(*_: object) -> NoReturn:
    raise SourceError("the XML has a document type or an entity; no law file of e-Gov has one")


def parse(octets: bytes) -> ET.Element:
    """The root element; SourceError for what is broken, hostile or out of bounds."""
    parser = expat.ParserCreate()
    builder = _Builder()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    try:
        parser.Parse(octets, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise SourceError(f"the XML is broken: {error}") from error
