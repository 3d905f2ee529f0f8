"""The sample documents and what their manifest says of them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from hub.messages.documents import read
from hub.messages.documents.part import together
from hub.messages.documents.result import Reading

SAMPLES = Path(__file__).parent / "sample_documents"
NOTICES = SAMPLES / "notices"
HOSTILE = sorted((SAMPLES / "hostile").iterdir())


@cache
def manifest() -> dict[str, dict[str, Any]]:
    found = json.loads((NOTICES / "manifest.json").read_text(encoding="utf-8"))
    return {document["id"]: document for document in found["documents"]}


def in_process(data: bytes, password: str = "") -> Reading:
    """Read without a child: what is read here we made ourselves."""
    return together([read.read(data, password, range(2000))], 2000)


@cache
def notice(name: str, password: str = "") -> Reading:
    return in_process((NOTICES / name).read_bytes(), password)


def squashed(text: str) -> str:
    return "".join(text.split())


def expected_lines(name: str) -> list[str]:
    text = (NOTICES / f"{name}.txt").read_text(encoding="utf-8")
    return [squashed(line) for line in text.splitlines() if line.strip()]
