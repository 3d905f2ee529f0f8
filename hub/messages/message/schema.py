"""A tree against message.xsd and message.sch, each compiled once: problems with line and id."""

import re
import threading
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from lxml import etree
from lxml.isoschematron import Schematron

from hub.messages.message.errors import Problem, Reason
from hub.messages.message.parsing import line_of
from hub.messages.message.to_xml import Element

FOLDER: Final = Path(str(files("hub.messages.message") / "schema"))
MOST_PROBLEMS: Final = 20
_FAILED: Final = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
SENTENCE: Final = re.compile(
    r"Element '(?:\{[^}]*\})?([^']*)'(?:, attribute '([^']*)')?: (.*)", re.DOTALL
)
NAMESPACES: Final = re.compile(r"\{[^}]*\}")
LONGEST: Final = 160
_lock = threading.Lock()


@dataclass(frozen=True)
class _Rules:
    form: etree.XMLSchema
    rules: Schematron


@cache
def _rules() -> _Rules:
    form = etree.XMLSchema(etree.parse(FOLDER / "message.xsd"))
    return _Rules(form, Schematron(etree.parse(FOLDER / "message.sch"), store_report=True))


def compile_all() -> None:
    """Compile both now, for who will soon have no time or no files."""
    with _lock:
        _rules()


def problems(root: Element) -> tuple[Problem, ...]:
    """What is wrong with a message, at most 20; empty when nothing is. Thread-safe."""
    with _lock:
        found = _rules()
        if not found.form.validate(root):
            return tuple(
                Problem(entry.line, Reason.SCHEMA, _without_values(entry))
                for entry in list(found.form.error_log)[:MOST_PROBLEMS]
            )
        if found.rules.validate(root):
            return ()
        report = found.rules.validation_report
    assert report is not None
    return tuple(
        Problem(_line(root, failed.get("location") or ""), Reason.RULE, failed.get("id") or "")
        for failed in list(report.iter(_FAILED))[:MOST_PROBLEMS]
    )


def _without_values(entry: etree._LogEntry) -> str:
    """The element or attribute, and what is wrong with it.

    Of libxml2's sentences only those are passed on that name elements: the others quote a value.
    """
    found = SENTENCE.match(entry.message)
    if found is None:
        return ""
    element, attribute, rest = found.groups()
    place = f"{element} {attribute}" if attribute else element
    if entry.type_name == "SCHEMAV_ELEMENT_CONTENT":
        return f"{place}: {NAMESPACES.sub('', rest)}"[:LONGEST]
    return f"{place}: {'attribute' if 'attribute' in rest[:15] else 'value'}"


def _line(root: Element, location: str) -> int:
    found = root.getroottree().xpath(location) if location else []
    first = found[0] if isinstance(found, list) and found else root
    return line_of(first) if isinstance(first, etree._Element) else 0  # noqa: SLF001 - as above
