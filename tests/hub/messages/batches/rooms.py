"""An office with batches: taken in, and read without children where a test wants to be quick."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from hub.accounts.staff import StaffMember
from hub.messages.batches import current, deciding, store, taking
from hub.messages.batches.deciding import Make, Seen
from hub.messages.batches.examining import Source, findings
from hub.messages.batches.reader import BatchReader
from hub.messages.batches.settling import Item
from hub.messages.batches.taking import Given, GivenFile
from hub.office import Office
from tests.hub.messages.samples import in_process


def people(rows: Sequence[tuple[str, str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([("atena_no", "name"), *rows])
    return text.getvalue().encode()


@dataclass
class Room:
    """An office, its author, and what they do with one batch after the other."""

    office: Office
    author: StaffMember
    number: int = 0
    readers: list[BatchReader] = field(default_factory=list[BatchReader])

    def give(self, documents: Sequence[bytes], listed: bytes, template: str | None = None) -> int:
        files = [GivenFile(f"{n}.pdf", data) for n, data in enumerate(documents, 1)]
        given = Given(files, GivenFile("list.csv", listed), template=template)
        self.number = taking.take(self.office, self.author, given)
        return self.number

    def read(self) -> None:
        """Read what waits as the thread does, but here, without children."""
        reader = BatchReader(self.office)
        task = reader._next()
        assert task is not None
        with self.office.database.reading() as session:
            data = {p: store.content(session, task.batch, p) for p in task.files}
            rules = current.rules(session, store.one(session, task.batch))
        readings = {position: in_process(content) for position, content in data.items()}
        made = []
        for position, reading in readings.items():
            source = Source(dict(enumerate(reading.pages, 1)), reading.warnings)
            made += findings(source, rules, file=position, first=len(made) + 1)
        reader._keep(task, readings, made)

    def items(self) -> dict[int, Item]:
        with self.office.database.reading() as session:
            found = current.items(session, store.one(session, self.number))
        return {item.number: item for item in found}

    def state(self) -> tuple[str, int, int, int]:
        with self.office.database.reading() as session:
            batch = store.one(session, self.number)
            return batch.state, batch.held, batch.ready, batch.handed

    def decide(self, item: int, make: Make, staff: StaffMember | None = None) -> int:
        seen = Seen(self.number, item, current.fingerprint(self.items()[item]))
        return deciding.decide(self.office, staff or self.author, seen, make)
