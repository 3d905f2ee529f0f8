"""A process that takes batches in and reads them until it is killed; it says what it promised."""

import sys
import threading
from pathlib import Path

from hub.accounts.staff import StaffMember
from hub.messages.batches import taking
from hub.messages.batches.reader import BatchReader
from hub.messages.batches.taking import Given, GivenFile
from hub.office import Office
from intake.office.roster import Role
from tests.hub.conftest import demo_settings


def main(folder: Path) -> None:
    """Take the same document in again and again; a line for each that was accepted."""
    office = Office.open(demo_settings(folder))
    author = StaffMember("a1", "a1", "職員", frozenset({Role.AUTHOR}))
    reader = BatchReader(office)
    reader.start()
    document, people = (folder / "d.pdf").read_bytes(), (folder / "l.csv").read_bytes()
    for _ in range(3):
        given = Given([GivenFile("d.pdf", document)], GivenFile("l.csv", people))
        number = taking.take(office, author, given)
        print(number, flush=True)  # noqa: T201 - the promise
    threading.Event().wait()  # until it is killed


if __name__ == "__main__":
    main(Path(sys.argv[1]))
