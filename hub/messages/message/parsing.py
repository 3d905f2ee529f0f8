"""Bytes to an XML tree: bounded in size and depth, UTF-8 only, no DOCTYPE, nothing fetched.

For XML of our own making in process; XML from outside is parsed here too, but in a child.
"""

import re
from typing import Final

from lxml import etree

from hub.messages.message.errors import MessageRefusedError, Problem, Reason
from hub.messages.message.to_xml import Element

BYTES: Final = 24 * 1024 * 1024
"""Largest message. libxml2 itself ends a text at ten million characters: 7 MB of one file."""
DEPTH: Final = 16
BEGINS: Final = re.compile(rb"<\?xml\s")
DECLARATION: Final = re.compile(rb"<\?xml\s[^>]*?\?>")
ENCODING: Final = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")


def parse(data: bytes) -> Element:
    """The root; MessageRefusedError with line and reason."""
    if len(data) > BYTES:
        raise refused(0, Reason.TOO_LARGE, f"{BYTES} bytes are the most")
    _check_encoding(data)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=False,
        remove_pis=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        deep = "depth" in str(error.msg)
        reason = Reason.TOO_DEEP if deep else Reason.NOT_XML
        raise refused(error.lineno or 0, reason) from None
    if root.getroottree().docinfo.doctype:
        raise refused(1, Reason.DOCTYPE)
    _check_nodes(root)
    return root


def refused(line: int, reason: Reason, detail: str = "") -> MessageRefusedError:
    """The error for one problem."""
    return MessageRefusedError((Problem(line, reason, detail),))


def _check_encoding(data: bytes) -> None:
    """UTF-8 in fact and by declaration, and no DOCTYPE, before any parser sees a byte."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refused(line, Reason.NOT_UTF8) from None
    if data.startswith(b"\xef\xbb\xbf") or b"\0" in data:
        raise refused(1, Reason.NOT_UTF8, "byte order mark or zero bytes")
    declaration = DECLARATION.match(data)
    if declaration is None and BEGINS.match(data):
        raise refused(1, Reason.NOT_XML, "declaration")
    named = ENCODING.search(declaration.group()) if declaration else None
    if named is not None and named.group(1).lower() not in (b"utf-8", b"utf8"):
        raise refused(1, Reason.NOT_UTF8, "declared otherwise")
    place = data.find(b"<!DOCTYPE")
    if place >= 0:
        raise refused(data.count(b"\n", 0, place) + 1, Reason.DOCTYPE)


def _check_nodes(root: Element) -> None:
    """No comment, instruction or entity anywhere, beside the root neither, and bounded depth."""
    beside = root.getprevious(), root.getnext()
    if any(one is not None for one in beside):
        raise refused(1, Reason.INSTRUCTION)
    depth = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            raise refused(line_of(node), Reason.INSTRUCTION)
        depth += 1 if event == "start" else -1
        if depth > DEPTH:
            raise refused(line_of(node), Reason.TOO_DEEP)


def line_of(node: Element) -> int:
    """The line on which an element stands."""
    return node.sourceline or 0
