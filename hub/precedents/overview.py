"""What the collection holds at a glance, for the head of the page and for the operator."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from hub.clock import JAPAN
from hub.precedents.rows import revisions
from hub.precedents.store import Store, current


@dataclass(frozen=True)
class Import:
    """One import: the generation it made, when, from which bundle, what it changed."""

    generation: int
    made_at: str
    bundle: str
    version: int
    summary: dict[str, Any]


@dataclass(frozen=True)
class Overview:
    """The laws of the current generation, how many articles were in force when it was made.

    `seen` is the oldest and the newest day of a text; `only_sample` whether nothing real is there.
    """

    generation: int
    titles: tuple[str, ...]
    articles: int
    seen: tuple[str, str]
    only_sample: bool
    imports: tuple[Import, ...]


def overview(store: Store) -> Overview:
    """The collection at a glance."""
    with store.reading() as connection:
        rows = revisions(connection)
        number = current(connection)
        found = connection.execute(
            "SELECT number, made_at, bundle, bundle_version, summary FROM generation"
            " WHERE number <= ? ORDER BY number DESC LIMIT 20",
            (number,),
        ).fetchall()
    imports = tuple(
        Import(generation, _in_japan(made_at), bundle, version, json.loads(summary))
        for generation, made_at, bundle, version, summary in found
    )
    days = sorted(row.snapshot for row in rows if row.snapshot)
    return Overview(
        generation=number,
        titles=tuple(sorted({row.title for row in rows})),
        articles=imports[0].summary["articles"] if imports else 0,
        seen=(days[0], days[-1]) if days else ("", ""),
        only_sample=bool(rows) and all(row.sample for row in rows),
        imports=imports,
    )


def _in_japan(made_at: str) -> str:
    return dt.datetime.fromisoformat(made_at).astimezone(JAPAN).isoformat(timespec="seconds")
